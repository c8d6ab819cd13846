package health.throughline.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** K20. The numbers are those that networks publish for tests. */
class CardNumbersTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "4111111111111111",
                "4111 1111 1111 1111",
                "4111-1111-1111-1111",
                "4111.1111.1111.1111",
                "4111 - 1111 - 1111 - 1111",
                "4111\u00a01111\u20091111\u202f1111",
                "4111\u20101111\u20131111\u22121111",
                "4111 1111\n1111 1111",
                "\u0664\u0661\u0661\u0661 \u0661\u0661\u0661\u0661 \u0661\u0661\u0661\u0661 \u0661\u0661\u0661\u0661",
                "\uff14\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11",
                "\u096a\u0967\u0967\u0967\u0967\u0967\u0967\u0967\u0967\u0967\u0967\u0967\u0967\u0967\u0967\u0967",
                "4\u200b111\u200b1111\u200b1111\u200b1111",
                "4111 1111 1111 1111 12/27 123",
                "4111 1111 1111 1111 1227",
                "1. 4111 1111 1111 1111"
            })
    void k20MasksACardHoweverItIsWritten(String text) {
        assertThat(CardNumbers.mask("pay with " + text + " please"))
                .contains("****1111")
                .startsWith("pay with ")
                .endsWith(" please")
                .doesNotContain("1111 1111", "11111111", "\u0661\u0661\u0661\u0661");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5555555555554444",
                "378282246310005",
                "6011111111111117",
                "30569309025904",
                "3566002020360505",
                "4222222222222",
                "6304000000000000",
                "4000 0000 0000 0000 006"
            })
    void k20MasksEveryLengthFrom13To19(String card) {
        String digits = card.replace(" ", "");
        assertThat(CardNumbers.mask("it is " + card + "."))
                .isEqualTo("it is ****" + digits.substring(digits.length() - 4) + ".");
    }

    @Test
    void k20MasksTwoCards() {
        assertThat(CardNumbers.mask("4111111111111111 or 5555 5555 5555 4444")).isEqualTo("****1111 or ****4444");
        assertThat(CardNumbers.mask("4111111111111111 5555555555554444")).isEqualTo("****1111 ****4444");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yes",
                "call me at 617 555 0123",
                "+1 (303) 555-0100 or 303-555-0142",
                "4111111111111112",
                "4111 1111 1111",
                "0000000000000000",
                "12345678901234567890123",
                "2026-11-22 09:30, room 1234",
                "MRN 00123456789"
            })
    void k20LeavesWhatIsNoCard(String text) {
        assertThat(CardNumbers.mask(text)).isEqualTo(text);
    }

    @Test
    void k20MasksTheFormThatCameOverTheWire() {
        String text = "my card 4111 1111 1111 1111";
        String form = "From=%2B13035550100&NumSegments=1&Body=" + URLEncoder.encode(text, StandardCharsets.UTF_8)
                + "&To=%2B13035550101";
        assertThat(CardNumbers.maskRaw(form, text))
                .isEqualTo("From=%2B13035550100&NumSegments=1&Body="
                        + URLEncoder.encode("my card ****1111", StandardCharsets.UTF_8) + "&To=%2B13035550101");
        String arabic =
                "\u0664\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661";
        assertThat(CardNumbers.maskRaw("Body=" + URLEncoder.encode(arabic, StandardCharsets.UTF_8), arabic))
                .doesNotContain("%D9%A1%D9%A1");
        assertThat(CardNumbers.maskRaw("From=%2B13035550100&Body=hello", "hello"))
                .isEqualTo("From=%2B13035550100&Body=hello");
    }

    @Test
    void k20LeavesOutAWireFormInWhichTheCardCannotBeFound() {
        assertThat(CardNumbers.maskRaw("NDExMTExMTExMTExMTExMQ", "4111111111111111"))
                .doesNotContain("NDEx");
        assertThat(CardNumbers.maskRaw("{\"text\":\"4111111111111111\"}", "4111111111111111"))
                .isEqualTo("{\"text\":\"****1111\"}");
    }
}
