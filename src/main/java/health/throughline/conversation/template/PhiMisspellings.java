package health.throughline.conversation.template;

import health.throughline.conversation.template.PhiTerms.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Long words with one letter missing, added, changed or swapped with its neighbour (Damerau and Levenshtein). Every way to leave out
 * one letter is looked up, of the word known and of the word read, so that no word is compared with all others.
 */
final class PhiMisspellings {

    private final int atLeast;
    private final Set<String> except;
    private final Map<String, Kind> known = new HashMap<>();
    private final Map<String, List<String>> shortened = new HashMap<>();

    PhiMisspellings(int atLeast, List<String> except) {
        this.atLeast = atLeast;
        this.except = new HashSet<>(except);
    }

    void add(Kind kind, String word) {
        if (word.length() < atLeast || !letters(word) || known.putIfAbsent(word, kind) != null) {
            return;
        }
        for (int at = 0; at < word.length(); at++) {
            shortened
                    .computeIfAbsent(without(word, at), key -> new ArrayList<>(1))
                    .add(word);
        }
    }

    @Nullable
    Kind of(String word) {
        if (word.length() < atLeast - 1 || !letters(word)) {
            return null;
        }
        String single = word.endsWith("s") ? word.substring(0, word.length() - 1) : word;
        if (except.contains(word) || except.contains(single)) {
            return null;
        }
        Kind kind = near(word);
        if (kind == null && single.length() >= atLeast) {
            kind = near(single);
        }
        return kind;
    }

    private @Nullable Kind near(String word) {
        Kind whole = nearest(word, shortened.get(word));
        for (int at = 0; at < word.length() && whole == null; at++) {
            String rest = without(word, at);
            whole = known.containsKey(rest) ? known.get(rest) : nearest(word, shortened.get(rest));
        }
        return whole;
    }

    private @Nullable Kind nearest(String word, @Nullable List<String> candidates) {
        if (candidates != null) {
            for (String candidate : candidates) {
                if (candidate.charAt(0) == word.charAt(0) && oneApart(word, candidate)) {
                    return known.get(candidate);
                }
            }
        }
        return null;
    }

    /** Both share a form with one letter left out: what is left to tell is where. */
    private static boolean oneApart(String one, String other) {
        int from = 0;
        while (from < Math.min(one.length(), other.length()) && one.charAt(from) == other.charAt(from)) {
            from++;
        }
        String rest = one.substring(from);
        String there = other.substring(from);
        if (one.length() > other.length()) {
            return rest.substring(1).equals(there);
        }
        if (one.length() < other.length()) {
            return there.substring(1).equals(rest);
        }
        return rest.length() < 2
                || rest.substring(1).equals(there.substring(1))
                || (rest.charAt(0) == there.charAt(1)
                        && rest.charAt(1) == there.charAt(0)
                        && rest.substring(2).equals(there.substring(2)));
    }

    private static String without(String word, int at) {
        return word.substring(0, at) + word.substring(at + 1);
    }

    private static boolean letters(String word) {
        return word.chars().allMatch(Character::isLetter);
    }
}
