package health.throughline.journey;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.io.FileSystemResource;

class ModelCheckTest {

    private record Step(String name) implements JourneyStep {

        @Override
        public void execute(DelegateExecution execution) {
            throw new UnsupportedOperationException(name);
        }
    }

    private static final ModelCheck CHECK = new ModelCheck(Stream.of(
                    "contactPatient",
                    "checkWait",
                    "planReminder",
                    "recordAnswer",
                    "recordOutcome",
                    "tellEhr",
                    "withdrawMessages")
            .<JourneyStep>map(Step::new)
            .toList());

    private static final Path PROCESSES = Path.of("processes");

    static List<Path> manifests() throws IOException {
        try (var files = Files.list(PROCESSES)) {
            return files.filter(file -> file.toString().endsWith(".bundle.yaml"))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void passesWhatShips(Path manifest) throws IOException {
        Bundle bundle = JourneyBundles.read(new FileSystemResource(manifest));
        Map<String, byte[]> files = JourneyBundles.files(bundle);
        assertThat(CHECK.check(bundle, files, text -> Files.exists(Path.of("texts", text + ".yaml"))))
                .isEmpty();
    }

    /** Each line spoils the shipped journey in one place. */
    @ParameterizedTest(name = "{3}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            name="Plan the next reminder"                | name=""                              | PlanReminder   | it has no label
            camunda:historyTimeToLive="P400D"            | camunda:versionTag2="x"              | pre-visit      | it has no time to live
            camunda:historyTimeToLive="P400D"            | camunda:versionTag2="x"              | pre-visit      | camunda:versionTag2 is not allowed
            camunda:delegateExpression="${planReminder}" | camunda:delegateExpression="${x}"    | PlanReminder   | ${x} is not a building block
            camunda:delegateExpression="${planReminder}" | camunda:asyncAfter="true"            | PlanReminder   | it does nothing
            camunda:delegateExpression="${planReminder}" | camunda:class="java.lang.Runtime"    | PlanReminder   | camunda:class is not allowed
            camunda:formRef="pre-visit-follow-up"        | camunda:formRef="other"              | HelpPatient    | its form other is not in the bundle
            camunda:formRef="pre-visit-follow-up"        | camunda:asyncAfter="true"            | HelpPatient    | its form is missing
            camunda:formRefBinding="deployment"          | camunda:formRefBinding="latest"      | HelpPatient    | its formRefBinding is not "deployment"
            camunda:decisionRef="reminder-ladder"        | camunda:decisionRef="other"          | ChooseLadder   | the decision other is not in the bundle
            camunda:decisionRefBinding="deployment"      | camunda:asyncAfter="true"            | ChooseLadder   | its decisionRefBinding is not "deployment"
            calledElement="contact-patient"              | calledElement="other"                | RemindAndAsk   | the process other is not in the bundle
            camunda:calledElementBinding="deployment"    | camunda:calledElementBinding="latest" | RemindAndAsk  | its calledElementBinding is not "deployment"
            sourceExpression="appointment-reminder"      | sourceExpression="other"             | RemindAndAsk   | the text other is not in the bundle
            sourceExpression="${replyWait}"              | sourceExpression="${a.b}"            | RemindAndAsk   | the expression is not of an allowed form
            ${reminderDue}                               | ${reminderDue()}                     | WaitForDay_def | the expression is not of an allowed form
            ${answer == 'confirm'}                       | ${''.getClass()}                     | Flow_WhatSaid_RecordYes | the expression is not of an allowed form
            <bpmn:endEvent id="TooLate"                  | <bpmn:sendTask id="TooLate"          | TooLate        | the element sendTask is not allowed in a journey
            <camunda:out source="answer" target="answer"/> | <camunda:connector/>               | RemindAndAsk   | the extension connector is not allowed
            """)
    void namesElementAndMend(String good, String bad, String element, String problem) throws IOException {
        List<ModelFinding> findings = spoiled("pre-visit.bpmn", good, bad);
        assertThat(findings).anySatisfy(finding -> {
            assertThat(finding.file()).isEqualTo("pre-visit.bpmn");
            assertThat(finding.elementId()).isEqualTo(element);
            assertThat(finding.problem()).isEqualTo(problem);
            assertThat(finding.mend()).isNotBlank();
            assertThat(finding.toString())
                    .contains("pre-visit.bpmn, " + element)
                    .contains(problem);
        });
    }

    @Test
    void namesTheElementByWhatPeopleCallIt() throws IOException {
        assertThat(spoiled("pre-visit.bpmn", "${planReminder}", "${x}"))
                .extracting(ModelFinding::elementName)
                .containsExactly("Plan the next reminder");
    }

    @Test
    void refusesWhatIsOfAnUnknownKind() throws IOException {
        String old = " xmlns:a=\"http://activiti.org/bpmn\"";
        assertThat(spoiled("pre-visit.bpmn", " id=\"PlanReminder\"", old + " a:class=\"x\" id=\"PlanReminder\""))
                .extracting(ModelFinding::problem)
                .contains("the attribute a:class is of an unknown kind");
        assertThat(spoiled(
                        "pre-visit.bpmn",
                        "<camunda:out source=\"answer\" target=\"answer\"/>",
                        "<a:executionListener" + old + " class=\"x\"/>"))
                .extracting(ModelFinding::problem)
                .contains("the element a:executionListener is of an unknown kind");
    }

    @Test
    void refusesOtherLanguages() throws IOException {
        assertThat(spoiled("pre-visit.bpmn", "<bpmn:timeDate", "<bpmn:timeDate language=\"groovy\""))
                .extracting(ModelFinding::problem)
                .contains("the attribute language is not allowed");
        assertThat(spoiled(
                        "reminder-ladder.dmn",
                        "<inputExpression id=\"input-lead-days-expression\"",
                        "<inputExpression id=\"input-lead-days-expression\" expressionLanguage=\"groovy\""))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.file()).isEqualTo("reminder-ladder.dmn");
                    assertThat(finding.elementId()).isEqualTo("input-lead-days-expression");
                });
    }

    @Test
    void saysWhatTheBundleLacks() throws IOException {
        Bundle bundle = shipped();
        Bundle other = new Bundle(
                "pre-visit",
                "Before the visit",
                "appointment",
                "no-such-process",
                bundle.models(),
                bundle.forms(),
                bundle.texts(),
                bundle.context());
        assertThat(CHECK.check(other, JourneyBundles.files(bundle), text -> !text.equals("visit-confirmed")))
                .extracting(ModelFinding::problem)
                .containsExactly("no process has the id no-such-process", "the text visit-confirmed is not published");
    }

    @Test
    void readsNoDocumentType() throws IOException {
        List<ModelFinding> findings = spoiled(
                "pre-visit.bpmn",
                "<bpmn:definitions ",
                "<!DOCTYPE x SYSTEM \"file:///etc/hostname\"><bpmn:definitions ");
        assertThat(findings).anySatisfy(finding -> {
            assertThat(finding.file()).isEqualTo("pre-visit.bpmn");
            assertThat(finding.mend()).contains("DOCTYPE");
        });
    }

    private static Bundle shipped() throws IOException {
        return JourneyBundles.read(new FileSystemResource(PROCESSES.resolve("pre-visit.bundle.yaml")));
    }

    private static List<ModelFinding> spoiled(String file, String good, String bad) throws IOException {
        Bundle bundle = shipped();
        Map<String, byte[]> files = new TreeMap<>(JourneyBundles.files(bundle));
        String model = new String(files.get(file), UTF_8);
        assertThat(model).contains(good);
        String changed =
                model.replaceFirst(java.util.regex.Pattern.quote(good), java.util.regex.Matcher.quoteReplacement(bad));
        if (bad.startsWith("<bpmn:sendTask")) {
            changed = changed.replaceFirst("(<bpmn:sendTask(?s:.*?))</bpmn:endEvent>", "$1</bpmn:sendTask>");
        }
        files.put(file, changed.getBytes(UTF_8));
        return new ArrayList<>(CHECK.check(bundle, files, text -> true));
    }
}
