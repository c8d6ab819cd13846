package health.throughline.journey;

import health.throughline.care.EhrAnswered;
import health.throughline.conversation.MessageFailed;
import health.throughline.conversation.ReplyHandler;
import health.throughline.journey.JdbcJourneys.Instance;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.runtime.EventSubscription;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Brings what happened to a message to the step that waits for it: by the process instance kept on the message, else by its journey. */
@Component
class Correlation implements ReplyHandler {

    private static final String REPLIED = "PatientReplied";
    private static final String FAILED = "MessageFailed";
    private static final String EHR_ANSWERED = "EhrAnswered";

    private final RuntimeService runtime;
    private final JdbcJourneys journeys;
    private final ApplicationEventPublisher events;

    Correlation(RuntimeService runtime, JdbcJourneys journeys, ApplicationEventPublisher events) {
        this.runtime = runtime;
        this.journeys = journeys;
        this.events = events;
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public Handled handle(PatientReplied reply) {
        UUID journey = reply.journeyInstance();
        Optional<Instance> instance = journey == null ? Optional.empty() : journeys.lock(journey);
        if (instance.isEmpty() || !instance.get().state().equals("active")) {
            return Handled.NOBODY_WAITS;
        }
        boolean taken = deliver(
                REPLIED,
                reply.processInstance(),
                instance.get().rootProcess(),
                Map.of(JourneyVariables.ANSWER, reply.meaning().code()));
        return taken ? Handled.TAKEN : Handled.NOT_YET;
    }

    /** What a journey said in passing, or before it ended, nobody waits to hear of: a person says it. */
    @EventListener
    @Transactional(propagation = Propagation.MANDATORY)
    public void on(MessageFailed failed) {
        UUID journey = failed.journeyInstance();
        if (journey != null && !hears(journey, failed) && failed.worthSaying()) {
            events.publishEvent(new SaidInVain(failed));
        }
    }

    private boolean hears(UUID journey, MessageFailed failed) {
        if (journeys.lock(journey)
                .filter(instance -> instance.state().equals("active"))
                .isEmpty()) {
            return false;
        }
        return deliver(
                FAILED,
                failed.processInstance(),
                null,
                Map.of(JourneyVariables.ANSWER, "unreachable", JourneyVariables.BECAUSE, failed.reason()));
    }

    /** What no journey waits for any more, and is not what was wished, a person hears of. */
    @EventListener
    @Transactional(propagation = Propagation.MANDATORY)
    public void on(EhrAnswered said) {
        if (!hears(said) && said.result() != EhrAnswered.Result.ACKNOWLEDGED) {
            events.publishEvent(new EhrDisagrees(said));
        }
    }

    private boolean hears(EhrAnswered said) {
        UUID journey = said.journeyInstance();
        if (journey == null
                || journeys.lock(journey)
                        .filter(instance -> instance.state().equals("active"))
                        .isEmpty()) {
            return false;
        }
        return deliver(
                EHR_ANSWERED,
                said.processInstance(),
                null,
                switch (said.result()) {
                    case ACKNOWLEDGED -> Map.of(JourneyVariables.EHR_AGREES, true);
                    case REJECTED, SLOT_LOST ->
                        Map.of(JourneyVariables.EHR_AGREES, false, JourneyVariables.ANSWER, "ehr-refused");
                    case UNANSWERED ->
                        Map.of(JourneyVariables.EHR_AGREES, false, JourneyVariables.ANSWER, "ehr-silent");
                });
    }

    /**
     * The feed tells of the cancellation that the patient asked for: the EHR's word, whichever of its ways is faster.
     *
     * @return whether a journey waited for it
     */
    boolean cancelledAsWished(Instance instance) {
        String root = instance.rootProcess();
        if (root == null || journeys.lock(instance.id()).isEmpty()) {
            return false;
        }
        return runtime.createProcessInstanceQuery().superProcessInstanceId(root).active().list().stream()
                .anyMatch(called ->
                        deliver(EHR_ANSWERED, called.getId(), null, Map.of(JourneyVariables.EHR_AGREES, true)));
    }

    private boolean deliver(
            String message, @Nullable String process, @Nullable String root, Map<String, Object> variables) {
        Optional<EventSubscription> waiting = Stream.of(Optional.ofNullable(process), Optional.ofNullable(root))
                .flatMap(Optional::stream)
                .map(id -> subscriptions(message, id))
                .flatMap(List::stream)
                .findFirst();
        try {
            waiting.ifPresent(
                    subscription -> runtime.messageEventReceived(message, subscription.getExecutionId(), variables));
        } catch (OptimisticLockingException e) {
            throw new OptimisticLockingFailureException("The journey moved on at the same moment", e);
        }
        return waiting.isPresent();
    }

    private List<EventSubscription> subscriptions(String message, String process) {
        return runtime.createEventSubscriptionQuery()
                .eventType("message")
                .eventName(message)
                .processInstanceId(process)
                .list();
    }
}
