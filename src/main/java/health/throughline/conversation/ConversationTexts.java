package health.throughline.conversation;

import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The texts that are said without a journey. */
@Component
class ConversationTexts implements TextUses {

    private static final Map<String, String> SAID = Map.ofEntries(
            Map.entry("red-flag-answer", "Answers at once whoever writes of danger"),
            Map.entry("which-visit", "Asks which of several visits an answer means"),
            Map.entry("several-visits", "Says several messages of a day in one"),
            Map.entry("introduction", "Goes before the first message to somebody"),
            Map.entry("help", "Answers HELP"),
            Map.entry("opt-out-confirmed", "Confirms once that messages end"),
            Map.entry("cancel-asked", "Asks whether a bare CANCEL meant the visit"),
            Map.entry("caller-by-text", "Goes to a caller who wants to write"),
            Map.entry("visit-by-text", "Goes to a caller who wants the visit as a text"),
            Map.entry("message-waits", "Tells that a message waits on the patient's page"),
            Map.entry("one-time-code", "Proves on a patient's page who they are"),
            Map.entry("visit-details", "Leads to the page with the visit's details"),
            Map.entry("voice-prompts", "Guides through every call"),
            Map.entry("voice-caller", "Guides whoever calls us"));

    @Override
    public List<Use> of(String key) {
        return TextUses.product(key, SAID);
    }
}
