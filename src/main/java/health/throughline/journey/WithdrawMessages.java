package health.throughline.journey;

import health.throughline.conversation.Conversations;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Keeps everything of this journey that has not started from going out. */
@Component
class WithdrawMessages implements JourneyStep {

    private final Conversations conversations;

    WithdrawMessages(Conversations conversations) {
        this.conversations = conversations;
    }

    @Override
    public String name() {
        return "withdrawMessages";
    }

    @Override
    public void execute(DelegateExecution execution) {
        conversations.withdraw(new JourneyVariables(execution).journeyInstance(), "journey-over");
    }
}
