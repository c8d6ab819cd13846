package health.throughline.care;

import java.util.UUID;

/** Names an appointment in this system, whatever the EHR calls it. */
public record AppointmentId(UUID value) {

    @Override
    public String toString() {
        return value.toString();
    }
}
