package health.throughline.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.assistant.ReplyExamples.Example;
import health.throughline.conversation.ReplyReader.Meaning;
import health.throughline.conversation.ReplyReader.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Replies collected by people who have not seen the rules. They measure; the rules are never fitted to them. The earlier ones have been
 * measured often enough to have had their part in the rules; the held-out ones are fresh.
 */
class RepliesHeldOutTest {

    private static final int AT_LEAST = 60;
    private static final double CONFIRMATIONS_FOUND = 0.65;
    private static final double OPT_OUTS_FOUND = 0.90;

    @ParameterizedTest
    @CsvSource({"held-out, en", "held-out, es", "earlier, en", "earlier, es"})
    void doubtsRatherThanGuesses(String collection, String language) {
        List<Read> all = read(collection, language);
        System.out.printf("Replies, %s, %s: %s%n", collection, language, confusion(all));

        assertThat(all).hasSizeGreaterThanOrEqualTo(AT_LEAST);
        assertThat(texts(
                        all, read -> !read.example.means(Meaning.CONFIRM) && read.reading.meaning() == Meaning.CONFIRM))
                .as("read as a confirmation without being one")
                .isEmpty();
        assertThat(count(all, read -> read.example.means(Meaning.UNCLEAR) && acts(read.reading)))
                .as("unclear replies on which something would be done")
                .isZero();
        assertThat(count(all, read -> read.example.isFlagged() && !read.reading.redFlag()))
                .as("red flags missed")
                .isZero();
        assertThat(recall(all, Meaning.CONFIRM)).as("confirmations found").isGreaterThanOrEqualTo(CONFIRMATIONS_FOUND);
        assertThat(recall(all, Meaning.OPT_OUT)).as("opt-outs found").isGreaterThanOrEqualTo(OPT_OUTS_FOUND);
    }

    private record Read(Example example, Reading reading) {}

    private static List<Read> read(String collection, String language) {
        ReplyExamples replies = ReplyExamples.of(collection, language);
        return replies.examples().stream()
                .map(example -> new Read(example, ReplyExamples.read(example.text(), replies.language())))
                .toList();
    }

    private static boolean acts(Reading reading) {
        return switch (reading.meaning()) {
            case CONFIRM, CANCEL, MOVE, OPT_OUT, WRONG_NUMBER -> true;
            case QUESTION, COURTESY, UNCLEAR -> false;
        };
    }

    private static List<String> texts(List<Read> all, Predicate<Read> which) {
        List<String> texts = new ArrayList<>();
        all.stream().filter(which).forEach(read -> texts.add(read.example.text()));
        return texts;
    }

    private static long count(List<Read> all, Predicate<Read> which) {
        return all.stream().filter(which).count();
    }

    private static double recall(List<Read> all, Meaning meaning) {
        long expected = count(all, read -> read.example.means(meaning));
        long found = count(all, read -> read.example.means(meaning) && read.reading.meaning() == meaning);
        return expected == 0 ? 1 : (double) found / expected;
    }

    /** How often each expected meaning was read as what. */
    private static Map<String, Map<String, Integer>> confusion(List<Read> all) {
        Map<String, Map<String, Integer>> confusion = new TreeMap<>();
        for (Read read : all) {
            String found = read.reading.redFlag()
                    ? ReplyExamples.RED_FLAG
                    : read.reading.meaning().name();
            confusion
                    .computeIfAbsent(read.example.expected(), expected -> new TreeMap<>())
                    .merge(found, 1, Integer::sum);
        }
        return confusion;
    }
}
