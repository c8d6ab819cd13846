package health.throughline.consent;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.consent.ConsentLedger.Keyword;
import org.junit.jupiter.api.Test;
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
                "should I stop the tablets?", "stop it, I'm laughing", "don't stop", "stoppp", "end of May?",
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

    @ParameterizedTest
    @ValueSource(strings = {"退订", "DỪNG", "стоп", "توقف", "arrêt", "Stopp!", "중지", "sair", "停止。", "sispann"})
    void k3TakesAStopWordOfAnyLanguageWeSpeak(String text) {
        assertThat(keywords.of(text)).isEqualTo(Keyword.OPT_OUT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "请不要再发短信了",
                "Đừng nhắn tin cho tôi nữa",
                "больше не пишите мне",
                "Arrêtez de m'envoyer des messages",
                "Bitte keine Nachrichten mehr",
                "문자 보내지 마세요",
                "por favor parem de mandar mensagens",
                "メッセージを送らないでください"
            })
    void k3KnowsARefusalInLanguagesThatNoRuleReads(String text) {
        assertThat(keywords.refuses(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "should I stop the tablets?",
                "¿debo dejar las pastillas?",
                "Soll ich die Tabletten absetzen?",
                "Dois-je arrêter les comprimés ?",
                "我应该停药吗？",
                "Мне перестать пить таблетки?"
            })
    void k3AQuestionAboutTheTabletsIsNoRefusal(String text) {
        assertThat(keywords.refuses(text)).isFalse();
        assertThat(keywords.of(text)).isEqualTo(Keyword.NONE);
    }

    @Test
    void k5KnowsWhatTheCarrierAnswersItself() {
        assertThat(keywords.answeredByCarrier("sms", " stop.")).isTrue();
        assertThat(keywords.answeredByCarrier("sms", "CANCEL")).isTrue();
        assertThat(keywords.answeredByCarrier("sms", "help")).isTrue();
        assertThat(keywords.answeredByCarrier("sms", "alto")).isFalse();
        assertThat(keywords.answeredByCarrier("sms", "ayuda")).isFalse();
        assertThat(keywords.answeredByCarrier("email", "STOP")).isFalse();
        assertThat(keywords.answeredByCarrier("chat", "HELP")).isFalse();
    }
}
