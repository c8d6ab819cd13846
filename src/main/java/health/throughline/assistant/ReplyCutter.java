package health.throughline.assistant;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Cuts a text into words, signs and clauses, whatever was typed. */
final class ReplyCutter {

    /** Longer than any text message; what is longer is cut in pieces. */
    static final int LONGEST_TEXT = 4_000;

    private static final Map<String, String> EMOTICONS = Map.of(
            ":)", " 🙂 ", ":-)", " 🙂 ", ";)", " 🙂 ", "=)", " 🙂 ", ":D", " 🙂 ", "<3", " ❤ ", ":(", " 🙁 ", ":-(",
            " 🙁 ", ":/", " 🤔 ");
    /** Their dots end no clause. */
    private static final Pattern ABBREVIATIONS = Pattern.compile(
            "\\b(?:([ap])\\.\\s?(m)\\b\\.?|(drs?|dras?|srt?as?|sr|mrs?|ms)\\.)", Pattern.CASE_INSENSITIVE);

    private static final String UNKNOWN_SIGN = "<sign>";
    private static final String NUMBER = "<number>";

    private final Spelling spelling;
    private final Map<Integer, String> signs;
    private final Map<String, String> shorthand;

    ReplyCutter(Spelling spelling, Map<Integer, String> signs, Map<String, String> shorthand) {
        this.spelling = spelling;
        this.signs = signs;
        this.shorthand = shorthand;
    }

    Reply cut(String text) {
        Cutting cutting = new Cutting();
        String prepared = prepared(text);
        int[] points = prepared.codePoints().toArray();
        for (int i = 0; i < points.length; i++) {
            cutting.take(
                    points[i],
                    i + 1 < points.length ? points[i + 1] : ' ',
                    i + 2 < points.length ? points[i + 2] : ' ');
        }
        cutting.endWord();
        return new Reply(List.copyOf(joined(cutting.words)), Set.copyOf(cutting.asked));
    }

    private static String prepared(String text) {
        String prepared = text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text;
        for (Map.Entry<String, String> emoticon : EMOTICONS.entrySet()) {
            prepared = prepared.replace(emoticon.getKey(), emoticon.getValue());
        }
        return ABBREVIATIONS
                .matcher(Normalizer.normalize(prepared, Normalizer.Form.NFKC))
                .replaceAll("$1$2$3 ");
    }

    /** Writes out shorthand of two words. */
    private List<Word> joined(List<Word> words) {
        List<Word> result = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            Word word = words.get(i);
            Word next = i + 1 < words.size() ? words.get(i + 1) : null;
            String longhand = next != null && next.clause() == word.clause()
                    ? shorthand.get(word.text() + " " + next.text())
                    : null;
            if (longhand == null) {
                result.add(word);
                continue;
            }
            for (String part : longhand.split(" ")) {
                result.add(new Word(Spelling.fold(part), part, word.capitalised(), true, word.clause()));
            }
            i++;
        }
        return result;
    }

    /** The state of one cutting. */
    private final class Cutting {
        private final List<Word> words = new ArrayList<>();
        private final Set<Integer> asked = new HashSet<>();
        private final StringBuilder word = new StringBuilder();
        private int clause;

        void take(int point, int next, int afterNext) {
            if (Character.isLetterOrDigit(point) || isMark(point) || joinsDigits(point, next)) {
                word.appendCodePoint(point);
                return;
            }
            if (isIgnored(point) || isApostrophe(point, next, afterNext)) {
                return;
            }
            endWord();
            if (point == '¿') {
                asked.add(++clause);
            } else if (point == '?') {
                asked.add(words.isEmpty() ? clause : words.getLast().clause());
                clause++;
            } else if (".,!¡;:()\"\n\r…—–".indexOf(point) >= 0) {
                clause++;
            } else if (point == '&') {
                add("and", true, false);
            } else if (isSign(point)) {
                String name = signs.get(point);
                add(name == null ? UNKNOWN_SIGN : name, name != null, false);
            }
        }

        void endWord() {
            if (word.isEmpty()) {
                return;
            }
            String written = word.toString();
            word.setLength(0);
            boolean capitalised =
                    Character.isUpperCase(written.codePointAt(0)) && !written.equals(written.toUpperCase(Locale.ROOT));
            String lower = written.toLowerCase(Locale.ROOT).replace('ì', 'í').replace('è', 'é');
            Optional<List<String>> meant = spelling.meant(lower);
            meant.ifPresentOrElse(
                    parts -> parts.forEach(part -> add(part, true, capitalised)), () -> addUnknown(lower, capitalised));
        }

        private void addUnknown(String written, boolean capitalised) {
            boolean number = Character.isDigit(written.codePointAt(0));
            words.add(new Word(number ? NUMBER : Spelling.fold(written), written, capitalised, number, clause));
        }

        private void add(String text, boolean known, boolean capitalised) {
            words.add(new Word(Spelling.fold(text), text, capitalised, known, clause));
        }

        private boolean joinsDigits(int point, int next) {
            return ":./".indexOf(point) >= 0
                    && Character.isDigit(next)
                    && !word.isEmpty()
                    && Character.isDigit(word.charAt(word.length() - 1));
        }

        private boolean isApostrophe(int point, int next, int afterNext) {
            boolean apostrophe = "'’‘`´ʼ".indexOf(point) >= 0;
            boolean slipped = point == ',' && (next == 't' || next == 'T') && !Character.isLetter(afterNext);
            return (apostrophe || slipped) && !word.isEmpty() && Character.isLetter(next);
        }

        private boolean isSign(int point) {
            return signs.containsKey(point)
                    || switch (Character.getType(point)) {
                        case Character.OTHER_SYMBOL,
                                Character.MODIFIER_SYMBOL,
                                Character.MATH_SYMBOL,
                                Character.PRIVATE_USE,
                                Character.UNASSIGNED,
                                Character.SURROGATE -> true;
                        default -> false;
                    };
        }
    }

    private static boolean isMark(int point) {
        int type = Character.getType(point);
        return type == Character.NON_SPACING_MARK && !isIgnored(point);
    }

    /** Skin tones, joiners, variation selectors. */
    private static boolean isIgnored(int point) {
        return (point >= 0x1F3FB && point <= 0x1F3FF)
                || (point >= 0xFE00 && point <= 0xFE0F)
                || Character.getType(point) == Character.FORMAT;
    }
}
