package health.throughline.conversation.template;

import health.throughline.conversation.template.PhiTerms.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Words and phrases, and what each of them gives away: the longest that begins at a word is found with one look for each further word. */
final class PhiPhrases {

    private static final Pattern CHOICE = Pattern.compile("\\{([^{}]*)}|@([a-z-]+)");
    private static final Pattern SPACES = Pattern.compile("\\s+");

    private final Map<String, List<String>> sets;
    private final Map<String, Known> known = new HashMap<>();

    /** What phrases begin with, so that most words are done with after one look. */
    private final Set<String> beginnings = new HashSet<>();

    /** @param sets words that phrases name together, by the name they call them */
    PhiPhrases(Map<String, List<String>> sets) {
        this.sets = sets;
    }

    /** @param written how its words are written, where that matters: PrEP is a medicine, prep is not */
    private record Known(Kind kind, List<String> written) {

        boolean fits(List<PhiWord> words, int from) {
            for (int n = 0; n < written.size(); n++) {
                String word = written.get(n);
                String there = PhiWord.singular(words.get(from + n).written());
                if (!word.isEmpty()
                        && !word.equals(there)
                        && !word.toUpperCase(Locale.ROOT).equals(there)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** @param length in words */
    record Match(Kind kind, int from, int length) {

        int end() {
            return from + length;
        }
    }

    /** @param phrase may hold choices, "{sore|stiff} @body" */
    void add(Kind kind, String phrase) {
        for (String one : expanded(phrase)) {
            put(kind, one);
        }
    }

    private void put(Kind kind, String phrase) {
        List<PhiWord> words = phrase.indexOf('\'') < 0 ? PhiWord.split(phrase) : PhiWord.of(phrase);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("A phrase without a word: " + phrase);
        }
        boolean asWritten = !phrase.equals(phrase.toLowerCase(Locale.ROOT));
        List<String> written = !asWritten
                ? List.of()
                : words.stream()
                        .map(word -> word.written().equals(word.plain()) ? "" : word.written())
                        .toList();
        String key = key(words, words.size());
        if (!asWritten || !known.containsKey(key)) {
            known.put(key, new Known(kind, written));
        }
        for (int length = 1; length < words.size(); length++) {
            beginnings.add(key(words, length));
        }
    }

    /** Every phrase it stands for; one choice may be none: "{left|right|} knee". */
    List<String> expanded(String phrase) {
        Matcher choice = CHOICE.matcher(phrase);
        if (!choice.find()) {
            return List.of(SPACES.matcher(phrase.strip()).replaceAll(" "));
        }
        List<String> choices = choice.group(1) == null
                ? sets.getOrDefault(choice.group(2), List.of())
                : List.of(choice.group(1).split("\\|", -1));
        if (choices.isEmpty()) {
            throw new IllegalArgumentException("There is no set of words " + choice.group());
        }
        List<String> all = new ArrayList<>();
        for (String one : choices) {
            all.addAll(expanded(phrase.substring(0, choice.start()) + one + phrase.substring(choice.end())));
        }
        return all;
    }

    /** The longest that begins there. */
    @Nullable
    Match longest(List<PhiWord> words, int from) {
        Match longest = null;
        String key = "";
        for (int end = from; end < words.size(); end++) {
            key = end == from
                    ? words.get(end).stem()
                    : key + " " + words.get(end).stem();
            Known found = known.get(key);
            if (found != null && found.fits(words, from)) {
                longest = new Match(found.kind(), from, end - from + 1);
            }
            if (!beginnings.contains(key)) {
                break;
            }
        }
        return longest;
    }

    /** All of a text, none of them within another. */
    List<Match> all(List<PhiWord> words) {
        List<Match> all = new ArrayList<>();
        int from = 0;
        while (from < words.size()) {
            Match match = longest(words, from);
            if (match != null) {
                all.add(match);
            }
            from = match == null ? from + 1 : match.end();
        }
        return all;
    }

    /** What one word, put together again, gives away. */
    @Nullable
    Kind word(String word) {
        Match match = longest(PhiWord.split(word), 0);
        return match == null ? null : match.kind();
    }

    private static String key(List<PhiWord> words, int length) {
        StringBuilder key = new StringBuilder();
        words.subList(0, length)
                .forEach(word -> key.append(key.isEmpty() ? "" : " ").append(word.stem()));
        return key.toString();
    }
}
