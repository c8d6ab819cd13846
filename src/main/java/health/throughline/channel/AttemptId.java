package health.throughline.channel;

import java.util.Optional;
import java.util.UUID;

/** Names one try to hand a message to a provider; it stands in the provider's callback path. */
public record AttemptId(UUID value) {

    /** None where the text is no id. */
    public static Optional<AttemptId> of(String text) {
        try {
            return Optional.of(new AttemptId(UUID.fromString(text)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
