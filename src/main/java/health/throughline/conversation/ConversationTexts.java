package health.throughline.conversation;

import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The texts that are said without a journey. */
@Component
class ConversationTexts implements TextUses {

    private static final Map<String, String> SAID = Map.of(
            "red-flag-answer", "Answers at once whoever writes of danger",
            "which-visit", "Asks which of several visits an answer means");

    @Override
    public List<Use> of(String key) {
        return TextUses.product(key, SAID);
    }
}
