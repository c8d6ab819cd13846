package health.throughline.care.fhir;

import health.throughline.care.Appointment.Status;
import health.throughline.care.Appointments;
import health.throughline.care.Appointments.AppointmentRecord;
import health.throughline.care.Appointments.Participant;
import health.throughline.care.Encounters;
import health.throughline.care.Encounters.EncounterRecord;
import health.throughline.care.SourceRecords.Key;
import health.throughline.care.VisitTypes;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.OrgUnit.Kind;
import health.throughline.organization.Organization;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Appointments and encounters. */
@Component
class VisitMapping {

    private final PeopleMapping people;
    private final UnitMapping units;
    private final Organization organization;
    private final Patients patients;
    private final ParticipantMapping parties;
    private final Appointments appointments;
    private final Encounters encounters;
    private final VisitTypes visitTypes;
    private final SensitivityLabels labels;
    private final FhirParser parser;

    VisitMapping(
            PeopleMapping people,
            UnitMapping units,
            Organization organization,
            Patients patients,
            ParticipantMapping parties,
            Appointments appointments,
            Encounters encounters,
            VisitTypes visitTypes,
            SensitivityLabels labels,
            FhirParser parser) {
        this.people = people;
        this.units = units;
        this.organization = organization;
        this.patients = patients;
        this.parties = parties;
        this.appointments = appointments;
        this.encounters = encounters;
        this.visitTypes = visitTypes;
        this.labels = labels;
        this.parser = parser;
    }

    /** None for an appointment of nobody: that is a block in a calendar, and only kept. */
    Optional<AppointmentRecord> appointment(Intake intake, Incoming incoming) {
        Appointment appointment = parser.parse(Appointment.class, incoming);
        if (!appointment.hasStatus()) {
            throw Refusal.unprocessable("required", "Appointment.status is missing.", "Appointment.status");
        }
        PatientId patient = null;
        OrgUnit location = null;
        var participants = new ArrayList<Participant>();
        for (int n = 0; n < appointment.getParticipant().size(); n++) {
            var participant = appointment.getParticipant().get(n);
            Reference actor = participant.getActor();
            String expression = "Appointment.participant[" + n + "].actor";
            String type = type(intake, actor, expression);
            if (type.equals("Patient") && patient == null) {
                patient = people.patient(intake, actor, expression);
            } else if (type.equals("Location") && location == null) {
                location = location(intake, incoming, actor, expression);
            }
            parties.participant(intake, participant, type, expression).ifPresent(participants::add);
        }
        if (patient == null) {
            intake.differs(incoming, List.of("The appointment names no patient; it was kept and is not followed."));
            return Optional.empty();
        }
        intake.concerns(incoming, patient);
        Status status = Status.ofCode(appointment.getStatus().toCode());
        Instant start = instant(appointment.getStart());
        if (start == null && status == Status.BOOKED) {
            throw Refusal.unprocessable(
                    "required", "Appointment.start is missing; a booked appointment has one.", "Appointment.start");
        }
        OrgUnit department = department(location, patient);
        ZoneId zone = location == null ? department.zone() : location.zone();
        return Optional.of(new AppointmentRecord(
                intake.source(),
                incoming.key().externalId(),
                incoming.version(),
                incoming.sequence(),
                incoming.observedAt(),
                status,
                patient,
                department.id(),
                location == null ? null : location.id(),
                visitType(intake.source(), appointment),
                start == null ? null : LocalDateTime.ofInstant(start, zone),
                zone,
                start,
                instant(appointment.getEnd()),
                participants,
                labels.sensitive(appointment.getMeta())));
    }

    void applyEncounter(Intake intake, Incoming incoming) {
        if (incoming.deletion()) {
            encounters.remove(intake.source(), incoming.key().externalId(), incoming.version(), incoming.sequence());
            return;
        }
        Encounter encounter = parser.parse(Encounter.class, incoming);
        if (!encounter.hasStatus()) {
            throw Refusal.unprocessable("required", "Encounter.status is missing.", "Encounter.status");
        }
        PatientId patient = people.patient(intake, encounter.getSubject(), "Encounter.subject");
        intake.concerns(incoming, patient);
        Optional<OrgUnit> unit = encounter.getLocation().stream()
                .map(place -> intake.resolve(place.getLocation(), "Location", "Encounter.location.location"))
                .flatMap(key -> key.flatMap(known -> units.unit(intake.source(), known)).stream())
                .findFirst()
                .map(place -> department(place, patient))
                .or(() -> units.managing(intake, encounter.getServiceProvider(), "Encounter.serviceProvider"));
        String appointment = encounter.getAppointment().stream()
                .map(reference -> intake.resolve(reference, "Appointment", "Encounter.appointment"))
                .flatMap(Optional::stream)
                .map(Key::externalId)
                .findFirst()
                .orElse(null);
        encounters.apply(new EncounterRecord(
                intake.source(),
                incoming.key().externalId(),
                incoming.version(),
                incoming.sequence(),
                patient,
                unit.orElseGet(() -> department(null, patient)).id(),
                appointment,
                Objects.requireNonNullElse(encounter.getClass_().getCode(), ""),
                encounter.getStatus().toCode(),
                instant(encounter.getPeriod().getStart()),
                instant(encounter.getPeriod().getEnd())));
    }

    /** What a deletion says of an appointment that is known: it was entered in error. */
    Optional<AppointmentRecord> removal(Intake intake, Incoming incoming) {
        Optional<AppointmentRecord> removal = appointments
                .findByExternalId(intake.source(), incoming.key().externalId())
                .map(known -> AppointmentRecord.removal(
                        known, incoming.version(), incoming.sequence(), incoming.observedAt()));
        removal.ifPresent(record -> intake.concerns(incoming, record.patient()));
        return removal;
    }

    private @Nullable OrgUnit location(Intake intake, Incoming incoming, Reference actor, String expression) {
        Optional<OrgUnit> unit =
                intake.resolve(actor, "Location", expression).flatMap(key -> units.unit(intake.source(), key));
        if (unit.isEmpty()) {
            intake.differs(
                    incoming,
                    List.of(expression
                            + " refers to a location nobody has told of; no message can say where to come."));
        }
        return unit.orElse(null);
    }

    /** Who sees the patient there, or else the hospital that keeps the record. */
    private OrgUnit department(@Nullable OrgUnit location, PatientId patient) {
        if (location != null) {
            return organization
                    .ancestor(location.id(), Kind.DEPARTMENT)
                    .or(() -> organization.ancestor(location.id(), Kind.HOSPITAL))
                    .orElse(location);
        }
        return patients.find(patient)
                .map(PatientProfile::orgUnit)
                .flatMap(organization::find)
                .orElseGet(units::defaultHospital);
    }

    private static String type(Intake intake, Reference actor, String expression) {
        if (actor.hasType()) {
            return actor.getType();
        }
        return intake.resolve(actor, "Patient", expression).map(Key::type).orElse("");
    }

    /** The first code that is known; else the first there is, so that the report can name it. */
    private @Nullable String visitType(String source, Appointment appointment) {
        var codes = new ArrayList<String>();
        Stream.concat(appointment.getServiceType().stream(), Stream.of(appointment.getAppointmentType()))
                .map(CodeableConcept::getCoding)
                .flatMap(List::stream)
                .map(Coding::getCode)
                .filter(Objects::nonNull)
                .forEach(codes::add);
        return codes.stream()
                .filter(code -> visitTypes.known(source, code))
                .findFirst()
                .orElse(codes.isEmpty() ? null : codes.getFirst());
    }

    private static @Nullable Instant instant(@Nullable Date date) {
        return date == null ? null : date.toInstant();
    }
}
