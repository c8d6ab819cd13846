package health.throughline.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.camunda.bpm.model.bpmn.BpmnModelInstance;
import org.camunda.bpm.model.bpmn.instance.BoundaryEvent;
import org.camunda.bpm.model.bpmn.instance.ExclusiveGateway;
import org.camunda.bpm.model.bpmn.instance.FlowNode;
import org.camunda.bpm.model.bpmn.instance.Process;
import org.camunda.bpm.model.bpmn.instance.SequenceFlow;
import org.camunda.bpm.model.bpmn.instance.StartEvent;
import org.camunda.bpm.model.bpmn.instance.SubProcess;
import org.camunda.bpm.model.bpmn.instance.bpmndi.BpmnEdge;
import org.camunda.bpm.model.bpmn.instance.bpmndi.BpmnShape;
import org.camunda.bpm.model.bpmn.instance.dc.Bounds;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every journey we ship owes to the people who read it. */
class JourneyModelContractTest {

    static List<Path> models() throws IOException {
        try (var files = Files.list(Path.of("processes"))) {
            return files.filter(file -> file.toString().endsWith(".bpmn")).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void isNamedLikeItsProcessAndKeepsItsHistoryForATime(Path file) {
        Process process = process(read(file));
        assertThat(file.getFileName()).hasToString(process.getId() + ".bpmn");
        assertThat(process.getName()).isNotBlank();
        assertThat(process.isExecutable()).isTrue();
        assertThat(process.getCamundaHistoryTimeToLiveString()).startsWith("P");
    }

    @ParameterizedTest
    @MethodSource("models")
    void saysInWordsWhatHappens(Path file) {
        BpmnModelInstance model = read(file);
        assertThat(all(model, FlowNode.class))
                .allSatisfy(node -> assertThat(node.getName())
                        .as(node.getId())
                        .isNotBlank()
                        .doesNotContain("_")
                        .isNotEqualTo(node.getId()));
        all(model, ExclusiveGateway.class).stream()
                .filter(gateway -> gateway.getOutgoing().size() > 1)
                .flatMap(gateway -> gateway.getOutgoing().stream())
                .forEach(flow -> assertThat(flow.getName()).as(flow.getId()).isNotBlank());
    }

    @ParameterizedTest
    @MethodSource("models")
    void drawsEverything(Path file) {
        BpmnModelInstance model = read(file);
        Map<String, Bounds> shapes = shapes(model);
        assertThat(all(model, FlowNode.class))
                .allSatisfy(node -> assertThat(shapes).containsKey(node.getId()));
        assertThat(all(model, BpmnEdge.class).stream()
                        .map(edge -> edge.getBpmnElement().getId()))
                .containsAll(all(model, SequenceFlow.class).stream()
                        .map(SequenceFlow::getId)
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("models")
    void drawsNothingOverAnother(Path file) {
        BpmnModelInstance model = read(file);
        Map<String, Bounds> shapes = shapes(model);
        List<FlowNode> nodes = all(model, FlowNode.class);
        for (int a = 0; a < nodes.size(); a++) {
            for (int b = a + 1; b < nodes.size(); b++) {
                if (!belongTogether(nodes.get(a), nodes.get(b))) {
                    assertThat(overlap(bounds(shapes, nodes.get(a)), bounds(shapes, nodes.get(b))))
                            .as(nodes.get(a).getId() + " and " + nodes.get(b).getId())
                            .isFalse();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void beginsAtTheLeft(Path file) {
        BpmnModelInstance model = read(file);
        Map<String, Bounds> shapes = shapes(model);
        all(model, StartEvent.class).forEach(start -> {
            double left = bounds(shapes, start).getX();
            assertThat(all(model, FlowNode.class).stream()
                            .filter(node -> node.getParentElement().equals(start.getParentElement())))
                    .allSatisfy(node -> assertThat(bounds(shapes, node).getX())
                            .as(node.getId())
                            .isGreaterThanOrEqualTo(left));
        });
    }

    private static BpmnModelInstance read(Path file) {
        return Bpmn.readModelFromFile(file.toFile());
    }

    private static Process process(BpmnModelInstance model) {
        return all(model, Process.class).getFirst();
    }

    private static <T extends org.camunda.bpm.model.xml.instance.ModelElementInstance> List<T> all(
            BpmnModelInstance model, Class<T> type) {
        Collection<T> found = model.getModelElementsByType(type);
        return new ArrayList<>(found);
    }

    private static Map<String, Bounds> shapes(BpmnModelInstance model) {
        Map<String, Bounds> shapes = new HashMap<>();
        all(model, BpmnShape.class)
                .forEach(shape -> shapes.put(shape.getBpmnElement().getId(), shape.getBounds()));
        return shapes;
    }

    private static Bounds bounds(Map<String, Bounds> shapes, FlowNode node) {
        return Objects.requireNonNull(shapes.get(node.getId()), node.getId());
    }

    private static boolean belongTogether(FlowNode one, FlowNode other) {
        return attached(one, other) || attached(other, one) || contains(one, other) || contains(other, one);
    }

    private static boolean attached(FlowNode event, FlowNode host) {
        return event instanceof BoundaryEvent boundary
                && boundary.getAttachedTo().equals(host);
    }

    private static boolean contains(FlowNode outer, FlowNode inner) {
        return outer instanceof SubProcess && outer.equals(inner.getParentElement());
    }

    private static boolean overlap(Bounds one, Bounds other) {
        return one.getX() < other.getX() + other.getWidth()
                && other.getX() < one.getX() + one.getWidth()
                && one.getY() < other.getY() + other.getHeight()
                && other.getY() < one.getY() + one.getHeight();
    }
}
