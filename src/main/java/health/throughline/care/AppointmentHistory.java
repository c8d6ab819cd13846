package health.throughline.care;

import health.throughline.patient.PatientId;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happened to a patient's visits, newest first. */
public interface AppointmentHistory {

    List<Happening> of(PatientId patient, Instant before, int limit);

    /**
     * @param kind as stored: {@code booked}, {@code moved}, {@code cancelled}, {@code answered}, …
     * @param startLocal when the visit is now
     * @param answer what the patient last said
     */
    record Happening(
            UUID id,
            UUID appointment,
            String kind,
            Instant at,
            String source,
            @Nullable LocalDateTime startLocal,
            String zone,
            @Nullable UUID location,
            @Nullable String answer) {}
}
