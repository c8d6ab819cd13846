package health.throughline.journey;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import health.throughline.ThroughlineTest;
import health.throughline.journey.AttackModels.Attack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.RuntimeService;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Every attack twice: refused by the check, and, brought into the engine around the check, unable to do anything. */
class EngineGuardTest extends ThroughlineTest {

    @Autowired
    private RepositoryService repository;

    @Autowired
    private RuntimeService runtime;

    @Autowired
    private HistoryService history;

    @Autowired
    private ManagementService management;

    @Autowired
    private ModelCheck check;

    private final List<String> deployments = new ArrayList<>();

    static List<Attack> attacks() {
        return AttackModels.all();
    }

    @AfterEach
    void forget() {
        deployments.forEach(deployment -> repository.deleteDeployment(deployment, true));
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void theCheckRefusesAndNamesTheElement(Attack attack) {
        List<ModelFinding> findings = findings(attack.xml());
        assertThat(findings).anySatisfy(finding -> {
            assertThat(finding.file()).isEqualTo("attack.bpmn");
            assertThat(finding.mend()).isNotBlank();
        });
        if (attack.element() != null) {
            assertThat(findings).extracting(ModelFinding::elementId).contains(attack.element());
        }
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void theEngineRunsNothingOfIt(Attack attack) {
        int songs = Canary.songs();
        Throwable refused = catchThrowable(() -> deployAndStart(attack.xml(), Map.of()));
        assertThat(refused).as("deployed and started").isNotNull();
        assertThat(Canary.songs()).isEqualTo(songs);
        assertThat(Files.exists(Path.of(AttackModels.CANARY_FILE))).isFalse();
        assertThat(management.getProperties()).doesNotContainKey("canary");
    }

    @Test
    void letsModelsCompareVariables() {
        String model = model("${answer == 'confirm' || count >= 2 && !late}");
        assertThat(findings(model)).isEmpty();
        assertThat(endOf(model, Map.of("answer", "confirm", "count", 1, "late", true)))
                .isEqualTo("Yes");
        assertThat(endOf(model, Map.of("answer", "none", "count", 2, "late", false)))
                .isEqualTo("Yes");
        assertThat(endOf(model, Map.of("answer", "none", "count", 1, "late", false)))
                .isEqualTo("No");
    }

    @Test
    void letsModelsReadListsAndMapsAndHandOnTheBusinessKey() {
        assertThat(endOf(model("${list[0] == 'a'}"), Map.of("list", new ArrayList<>(List.of("a")))))
                .isEqualTo("Yes");
        assertThat(endOf(model("#{execution.processBusinessKey == 'key'}"), Map.of()))
                .isEqualTo("Yes");
        assertThat(findings(AttackModels.harmless("""
                        <bpmn:callActivity id="Attack" name="Call" calledElement="attack" camunda:calledElementBinding="deployment">
                          <bpmn:extensionElements><camunda:in businessKey="#{execution.processBusinessKey}"/></bpmn:extensionElements>
                        </bpmn:callActivity>
                        """))).isEmpty();
    }

    private List<ModelFinding> findings(String xml) {
        Bundle bundle = new Bundle(
                "attack", "Attack", "appointment", "attack", List.of("attack.bpmn"), List.of(), List.of(), Map.of());
        return check.check(bundle, Map.of("attack.bpmn", xml.getBytes(UTF_8)), text -> true);
    }

    private String deployAndStart(String xml, Map<String, Object> variables) {
        var deployed =
                repository.createDeployment().addString("attack.bpmn", xml).deployWithResult();
        deployments.add(deployed.getId());
        String definition = deployed.getDeployedProcessDefinitions().getFirst().getId();
        return runtime.startProcessInstanceById(definition, "key", variables).getId();
    }

    private @Nullable String endOf(String xml, Map<String, Object> variables) {
        String process = deployAndStart(xml, variables);
        return history.createHistoricActivityInstanceQuery()
                .processInstanceId(process)
                .activityType("noneEndEvent")
                .singleResult()
                .getActivityId();
    }

    private static String model(String condition) {
        return """
                <bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
                  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="harmless">
                <bpmn:process id="attack" name="Harmless" isExecutable="true" camunda:historyTimeToLive="P1D">
                  <bpmn:startEvent id="Start" name="Start"/>
                  <bpmn:exclusiveGateway id="Which" name="Which?" default="ToNo"/>
                  <bpmn:endEvent id="Yes" name="Yes"/>
                  <bpmn:endEvent id="No" name="No"/>
                  <bpmn:sequenceFlow id="ToWhich" sourceRef="Start" targetRef="Which"/>
                  <bpmn:sequenceFlow id="ToNo" sourceRef="Which" targetRef="No"/>
                  <bpmn:sequenceFlow id="ToYes" sourceRef="Which" targetRef="Yes">
                    <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">%s</bpmn:conditionExpression>
                  </bpmn:sequenceFlow>
                </bpmn:process></bpmn:definitions>
                """.formatted(condition.replace("&", "&amp;").replace("<", "&lt;"));
    }
}
