package health.throughline.journey;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.scenario.Clinic;
import health.throughline.scenario.ScenarioTest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.history.HistoricActivityInstance;
import org.camunda.bpm.engine.history.HistoricProcessInstance;
import org.camunda.bpm.model.bpmn.instance.FlowNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;

/** Walks patients through a model and sees from the engine's history where they went; in the end they have to have been everywhere. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class JourneyPaths extends ScenarioTest {

    @Autowired
    private HistoryService history;

    @Autowired
    private RepositoryService repository;

    private final String model;
    private final Set<String> visited = new HashSet<>();
    private final Set<String> nodes = new TreeSet<>();
    private final Set<Clinic.Patient> patients = new HashSet<>();

    /** @param model the process whose every node has to be visited */
    JourneyPaths(String model) {
        this.model = model;
    }

    Clinic.Patient walks(Clinic.Patient patient) {
        patients.add(patient);
        return patient;
    }

    /** The nodes of the patient's journey in the order in which they were entered. */
    List<String> wayOf(Clinic.Patient patient) {
        return nodes(journeyOf(patient).process());
    }

    /** The nodes of each time that the patient's journey called the model. */
    List<List<String>> callsFor(Clinic.Patient patient) {
        return called(journeyOf(patient).process()).stream().map(this::nodes).toList();
    }

    private List<String> nodes(String process) {
        return activities(process).stream()
                .map(HistoricActivityInstance::getActivityId)
                .toList();
    }

    private List<HistoricActivityInstance> activities(String process) {
        return inTransaction(() -> history.createHistoricActivityInstanceQuery()
                .processInstanceId(process)
                .orderPartiallyByOccurrence()
                .asc()
                .list());
    }

    private List<String> called(String root) {
        return inTransaction(() -> history
                .createHistoricProcessInstanceQuery()
                .superProcessInstanceId(root)
                .orderByProcessInstanceStartTime()
                .asc()
                .list()
                .stream()
                .filter(process -> process.getProcessDefinitionKey().equals(model))
                .map(HistoricProcessInstance::getId)
                .toList());
    }

    @AfterEach
    void rememberWhereTheyWent() {
        for (Clinic.Patient patient : patients) {
            for (Way way : journeysOf(patient)) {
                remember(way.process());
                called(way.process()).forEach(this::remember);
            }
        }
        patients.clear();
    }

    private void remember(String process) {
        for (HistoricActivityInstance activity : activities(process)) {
            if (!activity.getProcessDefinitionKey().equals(model)) {
                return;
            }
            visited.add(activity.getActivityId());
            if (nodes.isEmpty()) {
                repository
                        .getBpmnModelInstance(activity.getProcessDefinitionId())
                        .getModelElementsByType(FlowNode.class)
                        .forEach(node -> nodes.add(node.getId()));
            }
        }
    }

    @AfterAll
    void everyNodeWasVisited() {
        assertThat(nodes).isNotEmpty();
        assertThat(visited).containsAll(nodes);
    }
}
