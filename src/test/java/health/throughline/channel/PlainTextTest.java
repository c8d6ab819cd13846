package health.throughline.channel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What came from outside is kept as everybody sees it. */
class PlainTextTest {

    @Test
    void dropsControlCharactersAndWhatTurnsTheDirectionAround() {
        assertThat(PlainText.of("y\u202Ees\u0000 \u2066no\u2069\u0007")).isEqualTo("yes no");
        assertThat(PlainText.of("\uD83D")).as("half a character").isEmpty();
    }

    @Test
    void keepsLinesTabsAndEveryScript() {
        assertThat(PlainText.of("one\r\ntwo\rthree\n\tfour")).isEqualTo("one\ntwo\nthree\n\tfour");
        assertThat(PlainText.of("مرحبا שלום 你好 😀")).isEqualTo("مرحبا שלום 你好 😀");
    }
}
