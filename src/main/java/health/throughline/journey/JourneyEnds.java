package health.throughline.journey;

import health.throughline.conversation.Conversations;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.ExecutionListener;
import org.camunda.bpm.engine.impl.bpmn.parser.AbstractBpmnParseListener;
import org.camunda.bpm.engine.impl.bpmn.parser.BpmnParseListener;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.incident.DefaultIncidentHandler;
import org.camunda.bpm.engine.impl.incident.IncidentContext;
import org.camunda.bpm.engine.impl.incident.IncidentHandler;
import org.camunda.bpm.engine.impl.persistence.entity.ProcessDefinitionEntity;
import org.camunda.bpm.engine.impl.util.xml.Element;
import org.camunda.bpm.engine.runtime.Incident;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Notes how every journey ends, at its last step or at one that failed for good. */
@Component
class JourneyEnds extends AbstractProcessEnginePlugin {

    private final ObjectProvider<Conversations> conversations;
    private final ObjectProvider<JdbcJourneys> journeys;
    private final ApplicationEventPublisher events;
    private final JdbcClient jdbc;
    private final Clock clock;

    JourneyEnds(
            ObjectProvider<Conversations> conversations,
            ObjectProvider<JdbcJourneys> journeys,
            ApplicationEventPublisher events,
            JdbcClient jdbc,
            Clock clock) {
        this.conversations = conversations;
        this.journeys = journeys;
        this.events = events;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @Override
    public void preInit(ProcessEngineConfigurationImpl configuration) {
        List<BpmnParseListener> listeners = configuration.getCustomPostBPMNParseListeners();
        if (listeners == null) {
            listeners = new ArrayList<>();
            configuration.setCustomPostBPMNParseListeners(listeners);
        }
        listeners.add(new AbstractBpmnParseListener() {
            @Override
            public void parseProcess(Element element, ProcessDefinitionEntity process) {
                process.addListener(ExecutionListener.EVENTNAME_END, (ExecutionListener) JourneyEnds.this::ended);
            }
        });
        List<IncidentHandler> handlers = configuration.getCustomIncidentHandlers();
        if (handlers == null) {
            handlers = new ArrayList<>();
            configuration.setCustomIncidentHandlers(handlers);
        }
        handlers.add(new StuckHandler());
    }

    private void ended(DelegateExecution execution) {
        if (execution.getSuperExecution() != null || execution.getVariable(JourneyVariables.JOURNEY_INSTANCE) == null) {
            return;
        }
        UUID journey = new JourneyVariables(execution).journeyInstance();
        String last = execution.getCurrentActivityId();
        if (journeys.getObject().end(journey, "completed", last == null ? "ended" : last, clock.instant())) {
            conversations.getObject().closeQuestions(journey, "journey-over");
        }
    }

    private final class StuckHandler extends DefaultIncidentHandler {

        StuckHandler() {
            super(Incident.FAILED_JOB_HANDLER_TYPE);
        }

        @Override
        public Incident handleIncident(IncidentContext context, String message) {
            Incident incident = super.handleIncident(context, message);
            if (incident != null && incident.getProcessInstanceId() != null) {
                stuck(incident.getProcessInstanceId(), String.valueOf(context.getActivityId()));
            }
            return incident;
        }
    }

    /** The failing process may be one that a journey called. */
    private void stuck(String process, String activity) {
        jdbc.sql("""
                        select i.id, i.patient_id, i.org_unit_id from act_ru_execution e
                        join journey_instance i on i.root_process_id = e.root_proc_inst_id_
                        where e.id_ = ? and i.state = 'active'
                        """)
                .param(process)
                .query((row, n) -> new JourneyStuck(
                        row.getObject(1, UUID.class),
                        row.getObject(2, UUID.class),
                        row.getObject(3, UUID.class),
                        activity))
                .optional()
                .ifPresent(events::publishEvent);
    }
}
