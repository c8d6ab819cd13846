package health.throughline.care;

import health.throughline.organization.OrgUnitId;
import health.throughline.patient.PatientId;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A visit as the EHR, its master, tells it.
 *
 * @param orgUnit the department that sees the patient
 * @param location where to come; none when the EHR does not say
 * @param visitType the source's code; none when it gives none
 * @param startLocal what the clock on the clinic's wall shows
 * @param itinerary visits of one patient on one day share it
 * @param revision counts changes a patient would notice (time, place, status)
 * @param answer what the patient last said about it
 * @param sensitive the EHR labels it as being for the patient alone, whatever its type (K13)
 */
public record Appointment(
        AppointmentId id,
        String source,
        String externalId,
        Status status,
        PatientId patient,
        OrgUnitId orgUnit,
        @Nullable OrgUnitId location,
        @Nullable String visitType,
        @Nullable LocalDateTime startLocal,
        ZoneId zone,
        @Nullable Instant startAt,
        @Nullable Instant endAt,
        UUID itinerary,
        int revision,
        @Nullable Answer answer,
        boolean sensitive) {

    /** FHIR R4 appointment status. */
    public enum Status {
        PROPOSED,
        PENDING,
        BOOKED,
        ARRIVED,
        FULFILLED,
        CANCELLED,
        NOSHOW,
        ENTERED_IN_ERROR,
        CHECKED_IN,
        WAITLIST;

        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        public static Status ofCode(String code) {
            return valueOf(code.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }

    /** What the patient said. Until the EHR acknowledges, it is a request. */
    public enum Answer {
        CONFIRMED,
        CANCEL_REQUESTED,
        MOVE_REQUESTED;

        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        public static Answer ofCode(String code) {
            return valueOf(code.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }
}
