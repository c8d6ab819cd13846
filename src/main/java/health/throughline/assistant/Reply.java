package health.throughline.assistant;

import java.util.List;
import java.util.Set;

/**
 * A reply cut into words.
 *
 * @param asked clauses that end in (or begin with) a question mark; a mark that stands alone counts for the clause before it
 */
record Reply(List<Word> words, Set<Integer> asked) {

    /** Index of the first word of the clause in which the word at {@code index} stands. */
    int clauseStart(int index) {
        int start = index;
        while (start > 0 && words.get(start - 1).clause() == words.get(index).clause()) {
            start--;
        }
        return start;
    }
}
