package health.throughline.care;

import health.throughline.organization.OrgUnitId;
import health.throughline.patient.PatientId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The encounters, as the EHR tells them. */
public interface Encounters {

    /**
     * Takes what the source says. Joins the caller's transaction. Older than what is stored changes nothing; the same again changes
     * nothing. Publishes {@link VisitBegan} when the patient is being seen from now on, and {@link AppointmentChanged} with {@code ENDED}
     * when the visit is over before its appointment says so.
     */
    void apply(EncounterRecord record);

    /** The source deleted the encounter: it never took place. Nothing for one unknown or told of since. */
    void remove(String source, String externalId, String version, long sequence);

    /** Whether the patient is in a bed now. */
    boolean inpatientNow(PatientId patient);

    /**
     * @param sequence as in {@link Appointments.AppointmentRecord}
     * @param encounterClass FHIR R4 {@code Encounter.class} code, for example {@code AMB} or {@code IMP}
     * @param status FHIR R4 {@code Encounter.status}
     * @param appointmentExternalId the source's id of the appointment, where the encounter names it
     */
    record EncounterRecord(
            String source,
            String externalId,
            String version,
            long sequence,
            PatientId patient,
            OrgUnitId orgUnit,
            @Nullable String appointmentExternalId,
            String encounterClass,
            String status,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt) {}
}
