package health.throughline.assistant;

import java.text.Normalizer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Finds the word that was meant: drawn-out letters, shorthand, a slip of the finger. */
final class Spelling {

    private static final int ONE_SLIP_FROM = 5;
    private static final int TWO_SLIPS_FROM = 8;
    private static final int LONGEST_WORD = 24;
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");

    private final Predicate<String> known;
    private final Map<String, String> shorthand;
    private final Set<String> correctable;

    Spelling(Predicate<String> known, Map<String, String> shorthand, Set<String> correctable) {
        this.known = known;
        this.shorthand = shorthand;
        this.correctable = correctable;
    }

    /** The words meant by one written word; none when it stays unknown. */
    Optional<List<String>> meant(String written) {
        if (written.length() > LONGEST_WORD * 4) {
            return Optional.empty();
        }
        for (String candidate :
                List.of(written, shortened(written, 3, 1), shortened(written, 3, 2), shortened(written, 2, 1))) {
            String longhand = shorthand.get(fold(candidate));
            if (longhand != null) {
                return Optional.of(List.of(longhand.split(" ")));
            }
            if (known.test(fold(candidate))) {
                return Optional.of(List.of(candidate));
            }
        }
        return mended(fold(shortened(written, 3, 1))).map(List::of);
    }

    static String fold(String text) {
        return MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFD)).replaceAll("");
    }

    /** Runs of {@code from} or more equal letters become {@code to}. */
    private static String shortened(String word, int from, int to) {
        StringBuilder result = new StringBuilder();
        for (int start = 0; start < word.length(); ) {
            int end = start;
            while (end < word.length() && word.charAt(end) == word.charAt(start)) {
                end++;
            }
            int length = end - start;
            result.repeat(word.charAt(start), length >= from ? to : length);
            start = end;
        }
        return result.toString();
    }

    private Optional<String> mended(String word) {
        if (word.length() < ONE_SLIP_FROM || word.length() > LONGEST_WORD) {
            return Optional.empty();
        }
        int allowed = word.length() >= TWO_SLIPS_FROM ? 2 : 1;
        String best = null;
        int bestSlips = allowed + 1;
        boolean tie = false;
        for (String candidate : correctable) {
            if (candidate.charAt(0) != word.charAt(0) || Math.abs(candidate.length() - word.length()) > allowed) {
                continue;
            }
            int slips = slips(word, candidate);
            tie = slips < bestSlips ? false : tie || slips == bestSlips;
            if (slips < bestSlips) {
                best = candidate;
                bestSlips = slips;
            }
        }
        return best == null || (tie && bestSlips > 1) ? Optional.empty() : Optional.of(best);
    }

    /** Letters added, lost, exchanged, or swapped with their neighbour. */
    private static int slips(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int exchanged = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(exchanged, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
