package health.throughline.journey;

import health.throughline.journey.JourneyResources.Standing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.history.HistoricActivityInstance;
import org.camunda.bpm.engine.management.JobDefinition;
import org.camunda.bpm.engine.runtime.Job;
import org.camunda.bpm.model.bpmn.BpmnModelInstance;
import org.camunda.bpm.model.bpmn.instance.BoundaryEvent;
import org.camunda.bpm.model.bpmn.instance.EventBasedGateway;
import org.camunda.bpm.model.bpmn.instance.FlowNode;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds the steps at which a journey waits, in its own process and in those it calls, by the names its model gives them. */
@Component
class Whereabouts {

    private static final int DEEPEST_CALL = 5;

    private final HistoryService history;
    private final ManagementService management;
    private final RepositoryService repository;

    Whereabouts(HistoryService history, ManagementService management, RepositoryService repository) {
        this.history = history;
        this.management = management;
        this.repository = repository;
    }

    List<Standing> of(String rootProcess) {
        List<Standing> found = new ArrayList<>();
        collect(rootProcess, 1, found);
        return found;
    }

    private void collect(String process, int depth, List<Standing> found) {
        List<HistoricActivityInstance> activities = history.createHistoricActivityInstanceQuery()
                .processInstanceId(process)
                .unfinished()
                .orderByHistoricActivityInstanceStartTime()
                .asc()
                .list();
        if (activities.isEmpty()) {
            return;
        }
        String definition = activities.getFirst().getProcessDefinitionId();
        BpmnModelInstance model = repository.getBpmnModelInstance(definition);
        Map<String, List<Instant>> timers = timers(process, definition);
        for (HistoricActivityInstance activity : activities) {
            String name = activity.getActivityName();
            found.add(new Standing(
                    activity.getActivityId(),
                    name == null ? activity.getActivityId() : name,
                    activity.getStartTime().toInstant(),
                    earliest(timers, endedBy(model, activity.getActivityId()))));
            String called = activity.getCalledProcessInstanceId();
            if (called != null && depth < DEEPEST_CALL) {
                collect(called, depth + 1, found);
            }
        }
    }

    private Map<String, List<Instant>> timers(String process, String definition) {
        List<Job> jobs =
                management.createJobQuery().processInstanceId(process).timers().list();
        if (jobs.isEmpty()) {
            return Map.of();
        }
        Map<String, String> activities =
                management.createJobDefinitionQuery().processDefinitionId(definition).list().stream()
                        .collect(Collectors.toMap(JobDefinition::getId, JobDefinition::getActivityId));
        return jobs.stream()
                .filter(job -> job.getDuedate() != null && activities.containsKey(job.getJobDefinitionId()))
                .collect(Collectors.groupingBy(
                        job -> activities.get(job.getJobDefinitionId()),
                        Collectors.mapping(job -> instant(job.getDuedate()), Collectors.toList())));
    }

    /** The events that may end the wait: itself, those a gateway waits for, those attached to a step. */
    private static Set<String> endedBy(BpmnModelInstance model, String activity) {
        Set<String> events = new HashSet<>(Set.of(activity));
        if (model.getModelElementById(activity) instanceof EventBasedGateway gateway) {
            gateway.getSucceedingNodes().list().stream().map(FlowNode::getId).forEach(events::add);
        }
        model.getModelElementsByType(BoundaryEvent.class).stream()
                .filter(event -> event.getAttachedTo().getId().equals(activity))
                .map(FlowNode::getId)
                .forEach(events::add);
        return events;
    }

    private static @Nullable Instant earliest(Map<String, List<Instant>> timers, Set<String> events) {
        return events.stream()
                .map(event -> timers.getOrDefault(event, List.of()))
                .flatMap(Collection::stream)
                .min(Instant::compareTo)
                .orElse(null);
    }

    private static Instant instant(Date date) {
        return Instant.ofEpochMilli(date.getTime());
    }
}
