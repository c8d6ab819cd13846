package health.throughline.journey;

import health.throughline.conversation.MessageFailed;
import health.throughline.conversation.ReplyHandler;
import health.throughline.journey.JdbcJourneys.Instance;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.runtime.EventSubscription;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Brings what happened to a message to the step that waits for it: by the process instance kept on the message, else by its journey. */
@Component
class Correlation implements ReplyHandler {

    private static final String REPLIED = "PatientReplied";
    private static final String FAILED = "MessageFailed";

    private final RuntimeService runtime;
    private final JdbcJourneys journeys;

    Correlation(RuntimeService runtime, JdbcJourneys journeys) {
        this.runtime = runtime;
        this.journeys = journeys;
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

    @EventListener
    @Transactional(propagation = Propagation.MANDATORY)
    public void on(MessageFailed failed) {
        UUID journey = failed.journeyInstance();
        if (journey == null
                || journeys.lock(journey)
                        .filter(instance -> instance.state().equals("active"))
                        .isEmpty()) {
            return;
        }
        deliver(
                FAILED,
                failed.processInstance(),
                null,
                Map.of(JourneyVariables.ANSWER, "unreachable", JourneyVariables.BECAUSE, failed.reason()));
    }

    private boolean deliver(
            String message, @Nullable String process, @Nullable String root, Map<String, Object> variables) {
        Optional<EventSubscription> waiting = Stream.of(Optional.ofNullable(process), Optional.ofNullable(root))
                .flatMap(Optional::stream)
                .map(id -> subscriptions(message, id))
                .flatMap(List::stream)
                .findFirst();
        waiting.ifPresent(
                subscription -> runtime.messageEventReceived(message, subscription.getExecutionId(), variables));
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
