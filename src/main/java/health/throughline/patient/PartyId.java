package health.throughline.patient;

import java.util.UUID;

/** Names somebody a message can be addressed to. */
public record PartyId(UUID value) {

    @Override
    public String toString() {
        return value.toString();
    }
}
