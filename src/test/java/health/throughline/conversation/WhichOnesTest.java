package health.throughline.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WhichOnesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2 only            | 2   | only
            only 2            | 2   | only
            just the second   | 2   | only
            solo la 2         | 2   | only
            Sólo la segunda.  | 2   | only
            1 and 3           | 1 3 |
            1,3               | 1 3 |
            la 1 y la 3       | 1 3 |
            yes for 1 & 2     | 1 2 |
            Sí, la primera    | 1   |
            #2 please         | 2   |
            2                 | 2   |
            """)
    void readsNumbers(String text, String numbers, String only) {
        var which = WhichOnes.of(text, false).orElseThrow();
        assertThat(which.numbers())
                .isEqualTo(new TreeSet<>(List.of(numbers.split(" ")).stream()
                        .map(Integer::valueOf)
                        .toList()));
        assertThat(which.only()).isEqualTo(only != null);
        assertThat(which.all()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "ALL!", "yes, all of them", "todas", "ambas por favor", "both"})
    void readsAll(String text) {
        assertThat(WhichOnes.of(text, false).orElseThrow().all()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "yes",
                "not 2",
                "2 no",
                "all but 2",
                "at 2",
                "2pm",
                "2 weeks",
                "I have 3 children",
                "12",
                "0",
                "only",
                "1 or 2",
                "no la 2",
                "cancel 2",
                "all 2"
            })
    void leavesTheRestToOthers(String text) {
        assertThat(WhichOnes.of(text, false)).isEmpty();
    }

    @Test
    void takesTheWordsOfAChangeWhereAChangeIsWished() {
        assertThat(WhichOnes.of("cancel 2", true).orElseThrow().numbers()).containsExactly(2);
        assertThat(WhichOnes.of("cancel, I cannot at 2", true)).isEmpty();
    }
}
