package health.throughline.journey;

import health.throughline.conversation.Conversations;
import health.throughline.conversation.Conversations.Standing;
import health.throughline.conversation.MessageId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** A wait counts from the send: a message that went later than expected gives the patient the time it lost. */
@Component
class CheckWait implements JourneyStep {

    private static final Duration NOT_SENT_LOOK_AGAIN = Duration.ofMinutes(15);

    private final Conversations conversations;
    private final Clock clock;

    CheckWait(Conversations conversations, Clock clock) {
        this.conversations = conversations;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "checkWait";
    }

    @Override
    public void execute(DelegateExecution execution) {
        JourneyVariables variables = new JourneyVariables(execution);
        Standing standing = conversations.standing(new MessageId(UUID.fromString(variables.text("messageId"))));
        Instant now = clock.instant();
        Duration wait = variables.duration("replyWait");
        if (standing.failed()) {
            variables.set(JourneyVariables.BECAUSE, String.valueOf(standing.reason()));
            over(variables, "unreachable");
        } else if (standing.sentAt() == null) {
            Instant expected = standing.dueAt() == null || standing.dueAt().isBefore(now)
                    ? now.plus(NOT_SENT_LOOK_AGAIN)
                    : standing.dueAt().plus(wait);
            again(variables, expected);
        } else if (standing.sentAt().plus(wait).isAfter(now)) {
            again(variables, standing.sentAt().plus(wait));
        } else {
            over(variables, "none");
        }
    }

    private static void over(JourneyVariables variables, String answer) {
        variables.set("waitOver", true);
        variables.set(JourneyVariables.ANSWER, answer);
    }

    private static void again(JourneyVariables variables, Instant until) {
        variables.set("waitOver", false);
        variables.set("replyBy", until);
    }
}
