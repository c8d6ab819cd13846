package health.throughline.patient;

import java.util.UUID;

/** Names an address of a channel, shared by all who are reached there. */
public record AddressId(UUID value) {

    @Override
    public String toString() {
        return value.toString();
    }
}
