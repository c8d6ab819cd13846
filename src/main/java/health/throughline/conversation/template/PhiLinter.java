package health.throughline.conversation.template;

import health.throughline.conversation.template.PhiTerms.Kind;
import health.throughline.conversation.template.PhiTerms.Stems;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a text gives away about somebody's health (K12): whole words and phrases, whatever their case, accents and number; endings
 * that medicines and diseases are known by; words that were taken apart by dots, dashes or spaces, or written with digits.
 */
public final class PhiLinter {

    private static final int LONGEST_PHRASE = 5;
    private static final int SHORTEST_STEMMED = 5;
    private static final int SHORTEST_REJOINED = 7;
    private static final int SHORTEST_SPELLED = 3;
    private static final int NAME_WITHIN = 2;

    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern INVISIBLE = Pattern.compile("\\p{Cf}+");
    private static final Pattern POSSESSIVE =
            Pattern.compile("(?<=\\p{L})['\u2019\u02bc]s\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");
    private static final Pattern CHUNK = Pattern.compile("\\S+");
    private static final Pattern OUTER = Pattern.compile("^[^\\p{L}\\p{N}@$!]+|[^\\p{L}\\p{N}]+$");
    private static final Pattern NOT_LETTER = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final Pattern MIXED = Pattern.compile("(?=.*\\p{L})(?=.*[0-9@$!|]).+");
    private static final Pattern SPELLED =
            Pattern.compile("(?<![\\p{L}\\p{N}])\\p{L}(?:[\\s\\p{P}]{1,3}\\p{L}(?![\\p{L}\\p{N}])){2,}");
    private static final Pattern SPLIT = Pattern.compile("(\\p{L}{2,})[ ](\\p{L}{2,})");

    private final String version;
    private final Map<String, Kind> phrases = new HashMap<>();
    /** As written, to the phrase it is in {@link #phrases}: PrEP is a medicine, prep is not. */
    private final Map<String, Kind> asWritten = new HashMap<>();

    /** What phrases begin with, so that most words are done with after one look. */
    private final Set<String> beginnings = new HashSet<>();

    private final List<Endings> endings;
    private final Set<String> ambiguous = new HashSet<>();
    private final Set<String> nameAfter;
    private final Set<String> streetWords;
    private final Map<String, Pattern> harmless = new HashMap<>();

    public PhiLinter(PhiTerms terms) {
        version = terms.version();
        for (PhiTerms.Terms list : terms.content().terms()) {
            for (String word : list.words()) {
                if (word.equals(word.toLowerCase(Locale.ROOT))) {
                    List<Word> phrase = words(word);
                    phrases.put(key(phrase), list.kind());
                    for (int length = 1; length < phrase.size(); length++) {
                        beginnings.add(key(phrase.subList(0, length)));
                    }
                } else {
                    asWritten.put(word, list.kind());
                    asWritten.put(word.toUpperCase(Locale.ROOT), list.kind());
                }
            }
        }
        endings = terms.content().stems().stream().map(PhiLinter::endings).toList();
        terms.content().ambiguous().forEach(word -> ambiguous.add(key(words(word))));
        nameAfter = Set.copyOf(terms.content().nameAfter());
        streetWords = Set.copyOf(terms.content().streetWords());
        terms.content()
                .harmless()
                .forEach(phrase -> harmless.put(phrase, Pattern.compile("\\b" + Pattern.quote(phrase) + "\\b")));
    }

    /** @param words as they stand in the text */
    public record Hit(Kind kind, String words) {}

    /** @param stem of the plain word, for singular and plural alike */
    private record Word(String written, String plain, String stem) {

        boolean capitalised() {
            return Character.isUpperCase(written.codePointAt(0))
                    && (written.length() == 1 || !written.equals(written.toUpperCase(Locale.ROOT)));
        }
    }

    /** Version of the words it knows. */
    public String version() {
        return version;
    }

    /** Each once, in the order of the text as far as that can be told; none where nothing is given away. */
    public List<Hit> hits(String text) {
        String readable = readable(text);
        Map<String, Hit> found = new LinkedHashMap<>();
        List<Word> words = split(withoutHarmless(readable));
        wholeWords(words, found);
        takenApart(readable, found);
        return List.copyOf(found.values());
    }

    private void wholeWords(List<Word> words, Map<String, Hit> found) {
        for (int at = 0; at < words.size(); at++) {
            Kind written = asWritten.get(singular(words.get(at).written()));
            if (written != null) {
                hit(found, written, words.get(at).written());
            }
            Kind kind = byEnding(words.get(at));
            int length = kind == null ? 0 : 1;
            StringBuilder phrase = new StringBuilder();
            for (int end = at; end < Math.min(words.size(), at + LONGEST_PHRASE); end++) {
                phrase.append(end == at ? "" : " ").append(words.get(end).stem());
                String key = phrase.toString();
                Kind known = phrases.get(key);
                if (known != null) {
                    kind = known;
                    length = end - at + 1;
                }
                if (!beginnings.contains(key)) {
                    break;
                }
            }
            if (kind != null && !isName(words, at, length)) {
                hit(found, kind, said(words.subList(at, at + length)));
            }
        }
    }

    private void takenApart(String text, Map<String, Hit> found) {
        Matcher chunks = CHUNK.matcher(text);
        while (chunks.find()) {
            String chunk = OUTER.matcher(chunks.group()).replaceAll("");
            String joined = NOT_LETTER.matcher(chunk).replaceAll("");
            if (joined.length() >= SHORTEST_SPELLED && joined.length() < chunk.length()) {
                single(joined, chunk, found);
            }
            if (MIXED.matcher(chunk).matches()) {
                single(letters(chunk, 'l'), chunk, found);
                single(letters(chunk, 'i'), chunk, found);
            }
        }
        Matcher spelled = SPELLED.matcher(text);
        while (spelled.find()) {
            single(NOT_LETTER.matcher(spelled.group()).replaceAll(""), spelled.group(), found);
        }
        Matcher split = SPLIT.matcher(text);
        for (int from = 0; split.find(from); from = split.start(2)) {
            String joined = split.group(1) + split.group(2);
            if (joined.length() >= SHORTEST_REJOINED) {
                Kind kind = phrases.get(stem(joined.toLowerCase(Locale.ROOT)));
                if (kind != null) {
                    hit(found, kind, split.group());
                }
            }
        }
    }

    private void single(String joined, String written, Map<String, Hit> found) {
        Kind kind = phrases.get(stem(joined.toLowerCase(Locale.ROOT)));
        if (kind != null) {
            hit(found, kind, written);
        }
    }

    private static void hit(Map<String, Hit> found, Kind kind, String words) {
        found.putIfAbsent(words.toLowerCase(Locale.ROOT), new Hit(kind, words));
    }

    private @Nullable Kind byEnding(Word word) {
        for (Endings list : endings) {
            if (word.plain().length() >= list.atLeast()
                    && (list.fits(word.plain()) || list.fits(word.stem()))
                    && !list.except().contains(word.stem())) {
                return list.kind();
            }
        }
        return null;
    }

    /** Endings of one kind, ready to be looked up. */
    private record Endings(Kind kind, int atLeast, int longest, Set<String> endings, Set<String> except) {

        boolean fits(String word) {
            for (int from = Math.max(0, word.length() - longest); from < word.length(); from++) {
                if (endings.contains(word.substring(from))) {
                    return true;
                }
            }
            return false;
        }
    }

    private static Endings endings(Stems list) {
        Set<String> endings = stemmed(list.endings());
        endings.addAll(list.endings());
        int longest = endings.stream().mapToInt(String::length).max().orElse(0);
        return new Endings(list.kind(), list.atLeast(), longest, endings, stemmed(list.except()));
    }

    /** "Dr. Stroke", "Hello Candida", "40 Stroke Road": a name, where the word can be one. */
    private boolean isName(List<Word> words, int at, int length) {
        Word first = words.get(at);
        if (length > 2 || !first.capitalised() || !ambiguous.contains(key(words.subList(at, at + length)))) {
            return false;
        }
        for (int before = at - 1; before >= Math.max(0, at - NAME_WITHIN); before--) {
            if (nameAfter.contains(words.get(before).plain())) {
                return true;
            }
            if (!words.get(before).capitalised()) {
                break;
            }
        }
        boolean numbered = at > 0 && Character.isDigit(words.get(at - 1).plain().codePointAt(0));
        return numbered
                && words.subList(at + 1, Math.min(words.size(), at + length + NAME_WITHIN)).stream()
                        .anyMatch(word -> streetWords.contains(word.plain()));
    }

    private String withoutHarmless(String text) {
        String rest = text;
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.length() != rest.length()) {
            return rest;
        }
        StringBuilder kept = new StringBuilder(rest);
        harmless.forEach((phrase, pattern) -> {
            if (lower.contains(phrase)) {
                Matcher matcher = pattern.matcher(lower);
                while (matcher.find()) {
                    kept.replace(matcher.start(), matcher.end(), ".".repeat(matcher.end() - matcher.start()));
                }
            }
        });
        return kept.toString();
    }

    /** Without accents, hidden characters and letters of other scripts that look like ours. */
    private static String readable(String text) {
        String plain = INVISIBLE
                .matcher(Normalizer.normalize(text, Normalizer.Form.NFKD))
                .replaceAll("");
        plain = POSSESSIVE.matcher(MARKS.matcher(plain).replaceAll("")).replaceAll("");
        StringBuilder letters = new StringBuilder(plain.length());
        plain.codePoints().map(PhiLinter::latin).forEach(letters::appendCodePoint);
        return letters.toString();
    }

    /** Cyrillic and Greek letters that cannot be told from Latin ones (Unicode TS 39, confusables). */
    private static int latin(int letter) {
        int at =
                "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u03bf\u03b1\u0391\u0392\u0395\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a7"
                        .indexOf(letter);
        return at < 0 ? letter : "aeopcyxijABEKMHOPCTXoaABEHIKMNOPTX".charAt(at);
    }

    private static String letters(String chunk, char one) {
        return NOT_LETTER
                .matcher(chunk.replace('0', 'o')
                        .replace('1', one)
                        .replace('!', 'i')
                        .replace('|', 'l')
                        .replace('3', 'e')
                        .replace('4', 'a')
                        .replace('@', 'a')
                        .replace('5', 's')
                        .replace('$', 's')
                        .replace('7', 't'))
                .replaceAll("");
    }

    private static List<Word> words(String text) {
        return split(readable(text));
    }

    private static List<Word> split(String text) {
        List<Word> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            String plain = matcher.group().toLowerCase(Locale.ROOT);
            words.add(new Word(matcher.group(), plain, stem(plain)));
        }
        return words;
    }

    private static String key(List<Word> words) {
        StringBuilder key = new StringBuilder();
        words.forEach(word -> key.append(key.isEmpty() ? "" : " ").append(word.stem()));
        return key.toString();
    }

    private static Set<String> stemmed(Collection<String> words) {
        Set<String> stemmed = new HashSet<>();
        words.forEach(word -> stemmed.add(stem(word)));
        return stemmed;
    }

    private static String said(List<Word> words) {
        StringBuilder said = new StringBuilder();
        words.forEach(word -> said.append(said.isEmpty() ? "" : " ").append(word.written()));
        return said.toString();
    }

    /** STDs, of STD. */
    private static String singular(String written) {
        return written.length() > 2
                        && written.endsWith("s")
                        && Character.isUpperCase(written.charAt(written.length() - 2))
                ? written.substring(0, written.length() - 1)
                : written;
    }

    /** One form for singular and plural, English and Spanish; no word of a language. */
    private static String stem(String word) {
        String stem = singular(word);
        if (stem.length() < SHORTEST_STEMMED) {
            return stem;
        }
        if (stem.endsWith("ies")) {
            return stem.substring(0, stem.length() - 3) + "y";
        }
        if (stem.endsWith("s") && !stem.endsWith("ss") && !stem.endsWith("us") && !stem.endsWith("is")) {
            stem = stem.substring(0, stem.length() - 1);
        }
        return stem.endsWith("e") ? stem.substring(0, stem.length() - 1) : stem;
    }
}
