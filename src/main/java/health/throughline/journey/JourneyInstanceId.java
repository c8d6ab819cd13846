package health.throughline.journey;

import java.util.UUID;

/** Names one patient's way through one journey. */
public record JourneyInstanceId(UUID value) {

    @Override
    public String toString() {
        return value.toString();
    }
}
