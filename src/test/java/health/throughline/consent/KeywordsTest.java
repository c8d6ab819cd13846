package health.throughline.consent;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.consent.ConsentLedger.Keyword;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeywordsTest {

    private final Keywords keywords =
            Facts.FILES.inForce(RuleFiles.KEYWORDS, Facts.NOON).as(Keywords.class);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "STOP",
                "stop",
                "Stop.",
                " stop ",
                "STOP!!!",
                "\tstop\r\n",
                "stopall",
                "Unsubscribe",
                "END",
                "quit",
                "Revoke",
                "OPTOUT",
                "opt out",
                "Opt-Out",
                "\u200bSTOP\u200b",
                "STOP\u00a0",
                "ＳＴＯＰ",
                "\"stop\"",
                "¡ALTO!",
                "alto",
                "Parar."
            })
    void k3TakesAStopWordThatIsTheWholeMessage(String text) {
        assertThat(keywords.of(text)).isEqualTo(Keyword.OPT_OUT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "should I stop the tablets?", "stop it, I'm laughing", "don't stop", "stopp", "end of May?",
                        "quit smoking", "no", "sí", "si",
                "", " ", "?", "STOP STOP STOP please", "yes please", "cancel my visit", "help me with parking",
                        "start tomorrow?", "🛑"
            })
    void k3LeavesLongerMessagesToTheReader(String text) {
        assertThat(keywords.of(text)).isEqualTo(Keyword.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CANCEL", "cancel.", " Cancel "})
    void k4TellsABareCancelApart(String text) {
        assertThat(keywords.of(text)).isEqualTo(Keyword.CANCEL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"START", "unstop", "Yes", "YES!"})
    void k6KnowsTheWordsThatLiftTheCarriersBlock(String text) {
        assertThat(keywords.of(text)).isEqualTo(Keyword.OPT_IN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HELP", "help?", "Info"})
    void k6KnowsTheWordsThatAskForHelp(String text) {
        assertThat(keywords.of(text)).isEqualTo(Keyword.HELP);
    }
}
