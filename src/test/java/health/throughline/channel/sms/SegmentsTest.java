package health.throughline.channel.sms;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.FaultReport;
import health.throughline.FaultTest;
import health.throughline.channel.PlainText;
import org.junit.jupiter.api.Test;

/** R19: what a text costs, and where it may be split. */
@FaultTest
class SegmentsTest {

    @Test
    void countsWhatANaiveCountGetsWrong() {
        String smiles = "\uD83D\uDE00".repeat(67);
        int naive = Math.ceilDiv(smiles.length(), 67);
        FaultReport.row("R19", "GSM-7 160/161, €, UCS-2 70/71, joined emoji, direction override, NUL")
                .count(FaultReport.FUZZ, 20)
                .control("the length divided by 67", naive != Segments.of(smiles));
        assertThat(naive).isNotEqualTo(Segments.of(smiles));
    }

    @Test
    void leavesOutWhatIsNoCharacter() {
        assertThat(PlainText.of("a\0b\u0007c")).isEqualTo("abc");
        assertThat(PlainText.of("a\uD83D b")).isEqualTo("a b");
        assertThat(PlainText.of("\u202Eabc\uD83D\uDE00")).isEqualTo("abc\uD83D\uDE00");
    }

    @Test
    void countsPlainLettersUpTo160AsOneSegment() {
        assertThat(Segments.of("a".repeat(160))).isEqualTo(1);
        assertThat(Segments.of("a".repeat(161))).isEqualTo(2);
        assertThat(Segments.of("a".repeat(306))).isEqualTo(2);
        assertThat(Segments.of("a".repeat(307))).isEqualTo(3);
    }

    @Test
    void countsSpanishLettersOfTheAlphabetAsSingle() {
        assertThat(Segments.isGsm("¿Está? Ñoño, ¡ánimo!")).isFalse(); // á is not in GSM-7, é, ñ and ü are
        assertThat(Segments.isGsm("¿Qué mañana? ¡Ñandú, no!".replace("ú", "ü"))).isTrue();
        assertThat(Segments.of("é".repeat(160))).isEqualTo(1);
    }

    @Test
    void countsTheEuroSignTwice() {
        assertThat(Segments.of("€".repeat(80))).isEqualTo(1);
        assertThat(Segments.of("€".repeat(80) + "a")).isEqualTo(2);
    }

    @Test
    void doesNotSplitAnEscapedCharacterBetweenSegments() {
        // 152 letters leave one septet, the euro sign needs two: it opens the second segment, which then holds 153
        assertThat(Segments.of("a".repeat(152) + "€" + "a".repeat(151))).isEqualTo(2);
        assertThat(Segments.of("a".repeat(152) + "€" + "a".repeat(152))).isEqualTo(3);
    }

    @Test
    void countsOtherScriptsUpTo70AsOneSegment() {
        assertThat(Segments.of("я".repeat(70))).isEqualTo(1);
        assertThat(Segments.of("я".repeat(71))).isEqualTo(2);
        assertThat(Segments.of("я".repeat(134))).isEqualTo(2);
        assertThat(Segments.of("я".repeat(135))).isEqualTo(3);
    }

    @Test
    void turnsTheWholeTextToUcs2ForOneForeignCharacter() {
        assertThat(Segments.of("a".repeat(70) + "я")).isEqualTo(2);
    }

    @Test
    void doesNotSplitASurrogatePairBetweenSegments() {
        String smile = "\uD83D\uDE00";
        assertThat(Segments.of(smile.repeat(35))).isEqualTo(1);
        // 67 units hold 33 pairs; the odd unit stays empty
        assertThat(Segments.of(smile.repeat(66))).isEqualTo(2);
        assertThat(Segments.of(smile.repeat(67))).isEqualTo(3);
        assertThat(Segments.of("я" + smile.repeat(66))).isEqualTo(2);
    }

    @Test
    void countsJoinedEmojiAndDirectionMarksAsTheUnitsTheyAre() {
        String family = "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67"; // 8 units
        assertThat(Segments.of(family.repeat(8))).isEqualTo(1);
        assertThat(Segments.of(family.repeat(9))).isEqualTo(2);
        assertThat(Segments.of("\u202E" + "a".repeat(69))).isEqualTo(1);
        assertThat(Segments.of("\u202E" + "a".repeat(70))).isEqualTo(2);
    }
}
