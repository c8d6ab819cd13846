package health.throughline.conversation.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WordingLinterTest {

    private final WordingLinter linter =
            new WordingLinter(new PhiLinter(PhiTerms.inForce(Instant.parse("2026-11-22T00:00:00Z"))));

    @Test
    void saysNothingAgainstAGoodWording() {
        assertThat(of("sms", "{provider}: Hello {givenName}, see you on {visit, date, ::EEEEMMMMd}."))
                .isEmpty();
    }

    @Test
    void namesFileChannelLanguageAndVariableAndHowToMend() {
        assertThat(of("sms", "{provider}: see you on {day}."))
                .singleElement()
                .hasToString("test.yaml, sms en, {day}: is not declared. Declare it under \"variables\", or use one of"
                        + " [count, givenName, kind, provider, visit]. (variables)");
    }

    @Test
    void aDateNeedsAFormatAndNothingElseTakesOne() {
        assertThat(of("sms", "See you on {visit}."))
                .extracting(Finding::sentence)
                .first()
                .asString()
                .contains("::EEEEMMMMd");
        assertThat(of("sms", "Hello {givenName, date, short}."))
                .extracting(Finding::variable)
                .containsExactly("givenName");
    }

    @Test
    @DisplayName("K8: what others may read says who writes and whom to call, and names nobody and no visit")
    void theMinimalPartTakesNoMoreThanSenderAndPhone() {
        String least = "{provider}: We have a message for you.";
        assertThat(linter.findings(file(), "sms", "en", Map.of("text", "See you.", "minimal", least)))
                .isEmpty();
        assertThat(linter.findings(
                        file(),
                        "sms",
                        "en",
                        Map.of("text", "See you.", "minimal", least + " {givenName}, {visit, date, ::EEEEMMMMd}")))
                .allMatch(finding -> finding.rule().equals("K8") && finding.refuses())
                .extracting(Finding::variable)
                .containsExactly("givenName", "visit");
    }

    @Test
    void aChoiceIsAmongTheValues() {
        assertThat(of("sms", "It is {kind, select, video {by video} phone {by phone} other {here}}."))
                .isEmpty();
        assertThat(of("sms", "It is {kind, select, mail {by mail} other {here}}."))
                .extracting(Finding::sentence)
                .first()
                .asString()
                .contains("[mail]", "[video, phone]");
    }

    @Test
    void countsAsTheLanguageDoes() {
        assertThat(of("sms", "You have {count, plural, one {# visit} other {# visits}}."))
                .isEmpty();
        assertThat(of("sms", "You have {count, plural, one {# visit} few {# visits} other {# visits}}."))
                .extracting(Finding::sentence)
                .first()
                .asString()
                .contains("[few]");
        assertThat(of("sms", "Hello {givenName, plural, other {#}}.")).hasSize(1);
    }

    @Test
    void bracesThatDoNotCloseAreToldAsSuch() {
        assertThat(of("sms", "Hello {givenName.")).extracting(Finding::rule).containsExactly("pattern");
    }

    @Test
    @DisplayName("K4: never \"reply CANCEL\"")
    void neverAsksForTheWordCancel() {
        assertThat(of("sms", "Reply YES, or text CANCEL to cancel."))
                .extracting(Finding::rule)
                .containsExactly("K4");
        assertThat(of("sms", "Responda SI o escriba \"CANCELAR\"."))
                .extracting(Finding::rule)
                .contains("K4");
        assertThat(of("sms", "Your visit is cancelled, as you asked.")).isEmpty();
    }

    @Test
    @DisplayName("K12: no health on what others may see; the body of an e-mail may tell more than its subject")
    void healthStaysOutOfWhatOthersSee() {
        assertThat(of("sms", "Your colonoscopy is on Monday."))
                .extracting(Finding::rule)
                .contains("K12");
        assertThat(of("voice", "Your colonoscopy is on Monday."))
                .extracting(Finding::rule)
                .contains("K12");
        assertThat(linter.findings(
                        file(), "email", "en", Map.of("subject", "Your visit", "text", "Your colonoscopy is soon.")))
                .isEmpty();
        assertThat(linter.findings(file(), "email", "en", Map.of("subject", "Your colonoscopy", "text", "It is soon.")))
                .extracting(Finding::rule)
                .containsExactly("K12");
        assertThat(of("sms", "Come to {kind, select, video {Cardiology} other {us}}."))
                .as("also in a branch that is seldom said")
                .extracting(Finding::rule)
                .containsExactly("K12");
    }

    @Test
    @DisplayName("K6: what opens a conversation says who writes, and STOP and HELP")
    void whatOpensSaysWhoWritesAndHowToStop() {
        assertThat(linter.findings(file(true), "sms", "en", Map.of("text", "See you soon.")))
                .extracting(Finding::rule)
                .containsExactly("K6", "K6");
        assertThat(linter.findings(
                        file(true),
                        "sms",
                        "en",
                        Map.of("text", "{provider}: See you. Text STOP to end, HELP for help.")))
                .isEmpty();
    }

    @Test
    @DisplayName("K14: English above grade 6 is not published; hard Spanish is pointed out; a critical text lacks no"
            + " language")
    void easyToRead() {
        assertThat(of(
                        "sms",
                        "Notification regarding the rescheduling of your upcoming consultation necessitates"
                                + " immediate verification."))
                .extracting(Finding::rule, Finding::severity)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("K14", Finding.Severity.ERROR));
        assertThat(linter.findings(
                        file(),
                        "sms",
                        "es",
                        Map.of(
                                "text",
                                "La reprogramaci\u00f3n administrativa correspondiente requiere"
                                        + " verificaci\u00f3n inmediata de disponibilidad.")))
                .extracting(Finding::rule, Finding::severity)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("K14", Finding.Severity.WARNING));
        assertThat(linter.findings(file(), List.of("en", "es")))
                .filteredOn(finding -> finding.rule().equals("K14"))
                .singleElement()
                .extracting(Finding::locale)
                .isEqualTo("es");
    }

    @Test
    @DisplayName(
            "K15, K16: in every call, who calls, that it is automated, a number to call back and the key that ends calls")
    void everyCallSaysWhoCallsAndWhereToCallBack() {
        Map<String, String> good = new java.util.TreeMap<>(Map.of(
                "text", "An automated call from {provider}. Call us at {phone}.",
                "who", "An automated call from {provider}.{phone, select, none {} other { Our number is {phone}.}}",
                "anybody-there", "Press any key. To end such calls, press 9.",
                "goodbye", "Goodbye."));
        TemplateFile prompts = call(false, good);
        assertThat(linter.findings(prompts, "voice", "en", good)).isEmpty();
        assertThat(rules(prompts, good, "who", "An automated call from {provider}."))
                .containsExactly("K16 phone");
        assertThat(rules(prompts, good, "text", "An automated call from {provider}. Please call us back."))
                .containsExactly("K16 phone");
        assertThat(rules(prompts, good, "who", "An automated call. Our number is {phone}."))
                .containsExactly("K16 provider");
        assertThat(rules(prompts, good, "who", "A call from {provider}. Our number is {phone}."))
                .containsExactly("K15 null");
        assertThat(rules(prompts, good, "anybody-there", "Press any key.")).containsExactly("K16 null");
        Map<String, String> without = new java.util.TreeMap<>(good);
        without.remove("who");
        assertThat(linter.findings(prompts, "voice", "en", without))
                .as("an edit leaves none of it out")
                .isNotEmpty()
                .allMatch(Finding::refuses);
        assertThat(rules(call(true, Map.of("text", "x")), Map.of(), "text", "Your visit is soon."))
                .containsExactly("K16 provider", "K15 null");
        assertThat(linter.findings(call(false, Map.of("text", "x")), "voice", "en", Map.of("text", "Thank you.")))
                .isEmpty();
    }

    private List<String> rules(TemplateFile file, Map<String, String> parts, String part, String pattern) {
        Map<String, String> changed = new java.util.TreeMap<>(parts);
        changed.put(part, pattern);
        return linter.findings(file, "voice", "en", changed).stream()
                .filter(Finding::refuses)
                .map(finding -> finding.rule() + " " + finding.variable())
                .toList();
    }

    private static TemplateFile call(boolean opens, Map<String, String> parts) {
        return TemplateFile.of(
                "call.yaml",
                Map.of(
                        "key",
                        "call",
                        "purpose",
                        "operational",
                        "urgency",
                        "time_bound",
                        "owner",
                        "patient-access",
                        "critical",
                        "false",
                        "opens",
                        opens,
                        "variables",
                        List.of("provider", "phone"),
                        "voice",
                        Map.of("en", parts)),
                Map.of());
    }

    private List<Finding> of(String channel, String pattern) {
        return linter.findings(file(), channel, "en", Map.of("text", pattern));
    }

    private static TemplateFile file() {
        return file(false);
    }

    private static TemplateFile file(boolean opens) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("key", "test");
        document.put("purpose", "operational");
        document.put("urgency", "time_bound");
        document.put("owner", "patient-access");
        document.put("critical", "true");
        document.put("opens", opens);
        document.put(
                "variables",
                new java.util.TreeMap<>(Map.of(
                        "givenName", "person",
                        "provider", "string",
                        "visit", "date-time",
                        "count", "number",
                        "kind", Map.of("type", "enum", "values", List.of("video", "phone")))));
        document.put("sms", Map.of("en", "{provider} {givenName} {visit, date} {count} {kind, select, other {x}}"));
        return TemplateFile.of("test.yaml", document, Map.of());
    }
}
