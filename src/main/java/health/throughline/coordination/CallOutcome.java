package health.throughline.coordination;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a call ended: each with the key that chooses it, and what it means for the task. One that answers a form completes the task by it,
 * where the task's form has that answer; the others leave the task to be done.
 */
enum CallOutcome {
    REACHED_CONFIRMED("c", "Reached, comes to the visit", "reached", "confirmed", "phone"),
    REACHED_MOVE("m", "Reached, wants another time", "reached", "moved", "phone"),
    REACHED_CANCEL("x", "Reached, wants to cancel", "reached", "cancelled", "phone"),
    REACHED_ANSWERED("a", "Reached, question answered", "reached", "answered", "phone"),
    REACHED_SPOKE("s", "Reached, spoke and nothing more to do", "reached", "spoke", null),
    NO_ANSWER("n", "No answer", "no-answer", "not_reached", "none"),
    VOICEMAIL("v", "Voicemail left", "voicemail", "not_reached", "voicemail"),
    WRONG_NUMBER("w", "Wrong number", "wrong-number", null, null),
    LATER("l", "Call later", "call-later", "not_reached", "phone");

    private final String key;
    private final String label;
    private final String contact;
    private final @Nullable String answer;
    private final @Nullable String reachedBy;

    CallOutcome(String key, String label, String contact, @Nullable String answer, @Nullable String reachedBy) {
        this.key = key;
        this.label = label;
        this.contact = contact;
        this.answer = answer;
        this.reachedBy = reachedBy;
    }

    String key() {
        return key;
    }

    String label() {
        return label;
    }

    /** What came of the contact, for learning when patients are reached. */
    String contact() {
        return contact;
    }

    String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<CallOutcome> ofCode(@Nullable String code) {
        return Arrays.stream(values()).filter(each -> each.code().equals(code)).findFirst();
    }

    boolean isReached() {
        return contact.equals("reached");
    }

    /** @param choices what the task's form offers as its outcome */
    static List<CallOutcome> offeredBy(Set<String> choices) {
        return Arrays.stream(values())
                .filter(each -> !each.isReached() || choices.contains(each.answer))
                .toList();
    }

    /** The form's data; none where the form has no such answer, so that the task is to be done yet. */
    Optional<Map<String, Object>> answers(Set<String> choices, Set<String> fields) {
        if (answer == null || !choices.contains(answer)) {
            return Optional.empty();
        }
        return Optional.of(
                reachedBy == null || !fields.contains("reachedBy")
                        ? Map.of("outcome", answer)
                        : Map.of("outcome", answer, "reachedBy", reachedBy));
    }
}
