package health.throughline.journey;

import health.throughline.journey.JourneyResources.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.history.HistoricActivityInstance;
import org.camunda.bpm.model.bpmn.BpmnModelInstance;
import org.camunda.bpm.model.bpmn.instance.Gateway;
import org.camunda.bpm.model.bpmn.instance.SequenceFlow;
import org.springframework.stereotype.Component;

/** The steps a journey took, in the words of its model: what was done, and at every fork what was asked and how it was answered. */
@Component
class PathTaken {

    private static final int DEEPEST_CALL = 5;
    private static final int MOST = 500;
    private static final Set<String> WRAPPING = Set.of("callActivity", "subProcess", "multiInstanceBody");

    private final HistoryService history;
    private final RepositoryService repository;

    PathTaken(HistoryService history, RepositoryService repository) {
        this.history = history;
        this.repository = repository;
    }

    List<Step> of(String rootProcess) {
        List<Step> steps = new ArrayList<>();
        collect(rootProcess, 1, steps);
        return List.copyOf(steps);
    }

    private void collect(String process, int depth, List<Step> steps) {
        List<HistoricActivityInstance> taken = history.createHistoricActivityInstanceQuery()
                .processInstanceId(process)
                .orderPartiallyByOccurrence()
                .asc()
                .listPage(0, MOST);
        if (taken.isEmpty()) {
            return;
        }
        BpmnModelInstance model =
                repository.getBpmnModelInstance(taken.getFirst().getProcessDefinitionId());
        Map<String, Gateway> forks = model.getModelElementsByType(Gateway.class).stream()
                .collect(Collectors.toMap(Gateway::getId, Function.identity()));
        for (int n = 0; n < taken.size() && steps.size() < MOST; n++) {
            HistoricActivityInstance activity = taken.get(n);
            Gateway fork = forks.get(activity.getActivityId());
            steps.add(new Step(
                    activity.getActivityId(),
                    activity.getStartTime().toInstant(),
                    depth,
                    fork == null ? sentence(activity) : decision(fork, taken.subList(n + 1, taken.size()))));
            String called = activity.getCalledProcessInstanceId();
            if (called != null && depth < DEEPEST_CALL) {
                collect(called, depth + 1, steps);
            }
        }
    }

    private static String sentence(HistoricActivityInstance activity) {
        String name = activity.getActivityName() == null ? activity.getActivityId() : activity.getActivityName();
        boolean goesOn = activity.getEndTime() == null;
        return goesOn && !WRAPPING.contains(activity.getActivityType()) ? name + " (waiting here)." : name + ".";
    }

    /** The question of the fork, and the name of the way that was gone. */
    private static String decision(Gateway fork, List<HistoricActivityInstance> later) {
        for (HistoricActivityInstance next : later) {
            for (SequenceFlow way : fork.getOutgoing()) {
                if (way.getTarget().getId().equals(next.getActivityId())) {
                    String answer = way.getName();
                    return answer == null || answer.isBlank()
                            ? fork.getName() + "."
                            : fork.getName() + " " + answer.substring(0, 1).toUpperCase(Locale.ROOT)
                                    + answer.substring(1) + ".";
                }
            }
        }
        return fork.getName() + (fork.getName().endsWith("?") ? "" : ".");
    }
}
