package health.throughline.coordination;

import health.throughline.conversation.TextUses;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The texts to the hospital's own staff. */
@Component
class OnCallTexts implements TextUses {

    private static final Map<String, String> SAID = Map.of(
            "on-call-page", "Calls who is on call about a task that cannot wait",
            "on-call-taken", "Answers who took the task",
            "on-call-gone", "Answers who came too late for the task");

    @Override
    public List<Use> of(String key) {
        return TextUses.product(key, SAID);
    }
}
