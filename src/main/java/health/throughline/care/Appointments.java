package health.throughline.care;

import health.throughline.organization.OrgUnitId;
import health.throughline.patient.PartyId;
import health.throughline.patient.PatientId;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The visits, as the EHR tells them. */
public interface Appointments {

    Optional<Appointment> find(AppointmentId id);

    /**
     * As it is until the caller's transaction ends: whatever the source says of it meanwhile waits, and so does whoever else would hold it.
     */
    Optional<Appointment> hold(AppointmentId id);

    /**
     * Whether it was moved, changed, cancelled or removed after that revision: then what was said of it is no longer true. A visit that
     * was uncertain for a while and is booked again as it was has a later revision and is the same to the patient.
     */
    boolean changedSince(AppointmentId id, int revision);

    Optional<Appointment> findByExternalId(String source, String externalId);

    /** Of the patient, newest start first, at most 200. */
    List<Appointment> of(PatientId patient);

    /** The class of a visit type that decides its reminders, {@code standard} when unknown. */
    String visitClass(Appointment appointment);

    /** The patient-safe name of the visit's type in that language, if there is one (K12). */
    Optional<String> patientSafeVisitName(Appointment appointment, String language);

    /**
     * Takes what the source says. Joins the caller's transaction. Older than what is stored changes nothing; the same again changes
     * nothing; a cancel followed by a booking of the same patient, type and place is one move. Publishes {@link AppointmentChanged}.
     */
    default Applied apply(AppointmentRecord record) {
        return applyAll(List.of(record)).getFirst();
    }

    /** Takes what the source says at one time: a cancellation and its new booking among them become one move, told once. */
    List<Applied> applyAll(List<AppointmentRecord> records);

    /** Takes down what the patient answered; idempotent. */
    void answered(AppointmentId id, Appointment.Answer answer, Instant when);

    /**
     * @param sequence orders the source's versions: its version number, else the time of the event in milliseconds
     * @param startLocal as the clinic's clock shows it, in {@code zone}
     * @param participants those known as parties; a place is none
     * @param sensitive the source labels it as being for the patient alone (K13)
     */
    record AppointmentRecord(
            String source,
            String externalId,
            String version,
            long sequence,
            Instant eventAt,
            Appointment.Status status,
            PatientId patient,
            OrgUnitId orgUnit,
            @Nullable OrgUnitId location,
            @Nullable String visitType,
            @Nullable LocalDateTime startLocal,
            ZoneId zone,
            @Nullable Instant startAt,
            @Nullable Instant endAt,
            List<Participant> participants,
            boolean sensitive) {

        /** Of a source that labels nothing. */
        public AppointmentRecord(
                String source,
                String externalId,
                String version,
                long sequence,
                Instant eventAt,
                Appointment.Status status,
                PatientId patient,
                OrgUnitId orgUnit,
                @Nullable OrgUnitId location,
                @Nullable String visitType,
                @Nullable LocalDateTime startLocal,
                ZoneId zone,
                @Nullable Instant startAt,
                @Nullable Instant endAt,
                List<Participant> participants) {
            this(
                    source,
                    externalId,
                    version,
                    sequence,
                    eventAt,
                    status,
                    patient,
                    orgUnit,
                    location,
                    visitType,
                    startLocal,
                    zone,
                    startAt,
                    endAt,
                    participants,
                    false);
        }

        /** A known appointment that the source deleted. */
        public static AppointmentRecord removal(Appointment known, String version, long sequence, Instant eventAt) {
            return new AppointmentRecord(
                    known.source(),
                    known.externalId(),
                    version,
                    sequence,
                    eventAt,
                    Appointment.Status.ENTERED_IN_ERROR,
                    known.patient(),
                    known.orgUnit(),
                    known.location(),
                    known.visitType(),
                    known.startLocal(),
                    known.zone(),
                    known.startAt(),
                    known.endAt(),
                    List.of(),
                    known.sensitive());
        }
    }

    /**
     * @param kind what the party is, as in {@code party.kind}
     * @param status FHIR participation status, for example {@code accepted}
     */
    record Participant(PartyId party, String kind, String status) {}

    record Applied(Appointment appointment, AppointmentChanged.@Nullable Kind change) {}
}
