package health.throughline.conversation.template;

import health.throughline.conversation.template.PhiPhrases.Match;
import health.throughline.conversation.template.PhiTerms.Kind;
import health.throughline.conversation.template.PhiTerms.Stems;
import java.util.BitSet;
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
 * Finds what a text gives away about somebody's health (K12): whole words and phrases, whatever their case, accents and number; a
 * complaint next to a part of the body and a test next to its outcome; endings that medicines and diseases are known by; long words with
 * a letter wrong; words that were taken apart by dots, dashes or spaces, or written with digits. A name, a street and a turn of phrase are
 * none of it.
 */
public final class PhiLinter {

    private static final int SHORTEST_REJOINED = 7;
    private static final int SHORTEST_GLUED = 8;
    private static final int SHORTEST_SPELLED = 3;
    private static final int NAME_WITHIN = 2;
    private static final int STREET_WITHIN = 3;

    private static final Pattern CHUNK = Pattern.compile("\\S+");
    private static final Pattern OUTER = Pattern.compile("^[^\\p{L}\\p{N}@$!]+|[^\\p{L}\\p{N}]+$");
    private static final Pattern NOT_LETTER = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final Pattern MIXED = Pattern.compile("(?=.*\\p{L})(?=.*[0-9@$!|]).+");
    private static final Pattern SPELLED =
            Pattern.compile("(?<![\\p{L}\\p{N}])\\p{L}(?:[\\s\\p{P}]{1,3}\\p{L}(?![\\p{L}\\p{N}])){2,}");
    private static final Pattern SPLIT = Pattern.compile("(\\p{L}{2,})[ ](\\p{L}{2,})");

    private final String version;
    private final PhiPhrases phrases;
    private final PhiPhrases harmless;

    /** Phrases of two words, written as one. */
    private final Map<String, Kind> glued = new HashMap<>();

    private final PhiMisspellings misspellings;
    private final List<Near> near;
    private final List<Endings> endings;
    private final Set<String> ambiguous = new HashSet<>();
    private final Set<String> firstNames;
    private final Set<String> titles;
    private final Set<String> nameAfter;
    private final Set<String> streetWords;
    private final Set<String> streetBefore;

    public PhiLinter(PhiTerms terms) {
        PhiTerms.Content content = terms.content();
        version = terms.version();
        phrases = new PhiPhrases(content.sets());
        misspellings = new PhiMisspellings(
                content.misspelt().atLeast(), content.misspelt().except());
        for (PhiTerms.Terms list : content.terms()) {
            for (String word : list.words()) {
                phrases.add(list.kind(), word);
                learnSpelling(list.kind(), word);
            }
        }
        harmless = new PhiPhrases(content.sets());
        content.harmless().forEach(phrase -> harmless.add(Kind.CONDITION, phrase));
        near = content.near().stream().map(rule -> near(rule, content.sets())).toList();
        endings = content.stems().stream().map(PhiLinter::endings).toList();
        content.ambiguous().forEach(word -> ambiguous.add(key(PhiWord.of(word))));
        firstNames = Set.copyOf(content.firstNames());
        titles = Set.copyOf(content.titles());
        nameAfter = Set.copyOf(content.nameAfter());
        streetWords = Set.copyOf(content.streetWords());
        streetBefore = Set.copyOf(content.streetBefore());
    }

    private void learnSpelling(Kind kind, String phrase) {
        if (phrase.equals(phrase.toLowerCase(Locale.ROOT))) {
            List<PhiWord> words = PhiWord.of(phrase);
            if (words.size() == 1) {
                misspellings.add(kind, words.getFirst().plain());
            } else if (words.size() == 2 && phrase.indexOf('{') < 0 && phrase.indexOf('@') < 0) {
                String joined = words.getFirst().plain() + words.getLast().stem();
                if (joined.length() >= SHORTEST_GLUED) {
                    glued.put(joined, kind);
                }
            }
        }
    }

    /** @param words as they stand in the text */
    public record Hit(Kind kind, String words) {}

    /** Version of the words it knows. */
    public String version() {
        return version;
    }

    /** Each once, in the order of the text as far as that can be told; none where nothing is given away. */
    public List<Hit> hits(String text) {
        String readable = PhiWord.readable(text);
        Map<String, Hit> found = new LinkedHashMap<>();
        List<PhiWord> words = PhiWord.split(readable);
        BitSet lifted = new BitSet(words.size());
        harmless.all(words).forEach(match -> lifted.set(match.from(), match.end()));
        wholeWords(words, lifted, found);
        near.forEach(rule -> rule.find(words, lifted, found));
        takenApart(readable, found);
        return List.copyOf(found.values());
    }

    private void wholeWords(List<PhiWord> words, BitSet lifted, Map<String, Hit> found) {
        for (int at = 0; at < words.size(); at++) {
            if (lifted.get(at)) {
                continue;
            }
            Match match = phrases.longest(words, at);
            if (match == null) {
                Kind kind = byItself(words.get(at));
                match = kind == null ? null : new Match(kind, at, 1);
            }
            if (match != null && !lifted.get(match.end() - 1) && !isName(words, at, match.length())) {
                hit(found, match.kind(), said(words.subList(at, match.end())));
            }
        }
    }

    private @Nullable Kind byItself(PhiWord word) {
        Kind kind = byEnding(word);
        if (kind == null) {
            kind = glued.get(word.stem());
        }
        return kind == null ? misspellings.of(word.plain()) : kind;
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
                single(joined, split.group(), found);
            }
        }
    }

    private void single(String joined, String written, Map<String, Hit> found) {
        Kind kind = phrases.word(joined);
        if (kind != null) {
            hit(found, kind, written);
        }
    }

    private static void hit(Map<String, Hit> found, Kind kind, String words) {
        found.putIfAbsent(words.toLowerCase(Locale.ROOT), new Hit(kind, words));
    }

    /** One of the first words and, a few words on in the same sentence, one of the second: "your iron was still a bit low". */
    private record Near(Kind kind, int within, PhiPhrases first, PhiPhrases second) {

        void find(List<PhiWord> words, BitSet lifted, Map<String, Hit> found) {
            for (int at = 0; at < words.size(); at++) {
                Match begin = lifted.get(at) ? null : first.longest(words, at);
                if (begin != null) {
                    Match end = follows(words, lifted, begin);
                    if (end != null) {
                        hit(found, kind, said(words.subList(at, end.end())));
                    }
                }
            }
        }

        private @Nullable Match follows(List<PhiWord> words, BitSet lifted, Match begin) {
            int sentence = words.get(begin.from()).sentence();
            int last = Math.min(words.size() - 1, begin.end() + within);
            for (int at = begin.end(); at <= last && words.get(at).sentence() == sentence; at++) {
                Match match = lifted.get(at) ? null : second.longest(words, at);
                if (match != null) {
                    return match;
                }
            }
            return null;
        }
    }

    private static Near near(PhiTerms.Near rule, Map<String, List<String>> sets) {
        PhiPhrases first = new PhiPhrases(sets);
        rule.first().forEach(phrase -> first.add(rule.kind(), phrase));
        PhiPhrases second = new PhiPhrases(sets);
        rule.second().forEach(phrase -> second.add(rule.kind(), phrase));
        return new Near(rule.kind(), rule.within(), first, second);
    }

    private @Nullable Kind byEnding(PhiWord word) {
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

    /** "Dr. Stroke", "Hello Candida", "40 Stroke Road", "calle Dolores": a name, where the word can be one. */
    private boolean isName(List<PhiWord> words, int at, int length) {
        PhiWord first = words.get(at);
        if (length > 2 || !first.capitalised()) {
            return false;
        }
        if (length == 1 && (firstNames.contains(first.plain()) || (at > 0 && isTitle(words.get(at - 1))))) {
            return true;
        }
        return ambiguous.contains(key(words.subList(at, at + length)))
                && (isPerson(words, at) || isStreet(words, at, length));
    }

    /** Ms, not MS. */
    private boolean isTitle(PhiWord word) {
        return titles.contains(word.plain())
                && (word.capitalised() || word.written().equals(word.plain()));
    }

    private boolean isPerson(List<PhiWord> words, int at) {
        for (int before = at - 1; before >= Math.max(0, at - NAME_WITHIN); before--) {
            if (nameAfter.contains(words.get(before).plain())) {
                return true;
            }
            if (!words.get(before).capitalised()) {
                break;
            }
        }
        return false;
    }

    private boolean isStreet(List<PhiWord> words, int at, int length) {
        for (int before = at - 1; before >= Math.max(0, at - STREET_WITHIN); before--) {
            if (streetBefore.contains(words.get(before).plain())) {
                return true;
            }
        }
        boolean numbered = at > 0 && words.get(at - 1).number();
        List<PhiWord> after = words.subList(at + length, Math.min(words.size(), at + length + NAME_WITHIN));
        if (numbered) {
            return after.stream().anyMatch(word -> streetWords.contains(word.plain()));
        }
        // Echo Lake Road
        for (PhiWord word : after) {
            if (!word.capitalised()) {
                return false;
            }
            if (word.plain().length() > 2 && streetWords.contains(word.plain())) {
                return true;
            }
        }
        return false;
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

    private static String key(List<PhiWord> words) {
        StringBuilder key = new StringBuilder();
        words.forEach(word -> key.append(key.isEmpty() ? "" : " ").append(word.stem()));
        return key.toString();
    }

    private static Set<String> stemmed(Collection<String> words) {
        Set<String> stemmed = new HashSet<>();
        words.forEach(word -> stemmed.add(PhiWord.stem(word)));
        return stemmed;
    }

    private static String said(List<PhiWord> words) {
        StringBuilder said = new StringBuilder();
        words.forEach(word -> said.append(said.isEmpty() ? "" : " ").append(word.written()));
        return said.toString();
    }
}
