package health.throughline.care;

import health.throughline.organization.OrgUnitId;
import health.throughline.patient.PatientId;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the EHR said to a patient's answer, published in the transaction that takes it down. */
public record EhrAnswered(
        UUID write,
        AppointmentId appointment,
        PatientId patient,
        OrgUnitId orgUnit,
        Appointment.Answer answer,
        Result result,
        @Nullable UUID journeyInstance,
        @Nullable String processInstance) {

    /** How it ended. */
    public enum Result {
        /** Taken: what was asked for holds. */
        ACKNOWLEDGED,
        /** Refused for what it asks. */
        REJECTED,
        /** The visit is no longer what the answer speaks of. */
        SLOT_LOST,
        /** No word in time. */
        UNANSWERED;

        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
