package health.throughline.channel;

import java.util.UUID;

/** Names one try to hand a message to a provider; it stands in the provider's callback path. */
public record AttemptId(UUID value) {

    @Override
    public String toString() {
        return value.toString();
    }
}
