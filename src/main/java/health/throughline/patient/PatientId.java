package health.throughline.patient;

import java.util.UUID;

/** Names a patient. */
public record PatientId(UUID value) {

    @Override
    public String toString() {
        return value.toString();
    }
}
