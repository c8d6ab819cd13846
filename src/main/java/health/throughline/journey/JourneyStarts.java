package health.throughline.journey;

import health.throughline.access.Caller;
import health.throughline.access.Conflict;
import health.throughline.access.Invalid;
import health.throughline.audit.Audit;
import health.throughline.care.Appointment;
import health.throughline.care.AppointmentId;
import health.throughline.care.Appointments;
import health.throughline.encryption.KeyedHash;
import health.throughline.journey.JdbcIdempotencyKeys.Answered;
import health.throughline.journey.JdbcIdempotencyKeys.Fresh;
import health.throughline.journey.JdbcIdempotencyKeys.InProgress;
import health.throughline.journey.JdbcJourneys.Released;
import health.throughline.journey.JourneyResources.Identifier;
import health.throughline.journey.JourneyResources.Instance;
import health.throughline.journey.JourneyResources.Start;
import health.throughline.journey.JourneyResources.StartPatient;
import health.throughline.organization.Coverage;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.Organization;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.PatientStatus;
import health.throughline.patient.Patients;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Starts journeys for callers outside. The key they send, the instance it started and the answer they got are one transaction: the same
 * request again gets the same answer, and what failed left the key unused.
 */
@Service
class JourneyStarts {

    private static final int CREATED = 201;
    private static final String APPOINTMENT_FIELD = "context.appointmentId";
    private static final Pattern UUID_FORM = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private final JourneyBundles bundles;
    private final JdbcIdempotencyKeys keys;
    private final StartRules rules;
    private final Patients patients;
    private final Appointments appointments;
    private final Organization organization;
    private final Coverage coverage;
    private final Journeys journeys;
    private final JourneyInstances instances;
    private final KeyedHash hash;
    private final Audit audit;
    private final JsonMapper json;
    private final Clock clock;

    JourneyStarts(
            JourneyBundles bundles,
            JdbcIdempotencyKeys keys,
            StartRules rules,
            Patients patients,
            Appointments appointments,
            Organization organization,
            Coverage coverage,
            Journeys journeys,
            JourneyInstances instances,
            KeyedHash hash,
            Audit audit,
            JsonMapper json,
            Clock clock) {
        this.bundles = bundles;
        this.keys = keys;
        this.rules = rules;
        this.patients = patients;
        this.appointments = appointments;
        this.organization = organization;
        this.coverage = coverage;
        this.journeys = journeys;
        this.instances = instances;
        this.hash = hash;
        this.audit = audit;
        this.json = json;
        this.clock = clock;
    }

    /** @param replayed it was started by an earlier request with the same key */
    record Answer(Instance instance, int status, boolean replayed) {}

    @Transactional
    public Answer start(Caller caller, String journey, String key, JsonNode body) {
        Released bundle = bundles.current(journey);
        String principal = caller.actor().toString();
        byte[] request = hash.of("idempotency_key.request", journey + " " + canonical(body));
        return switch (keys.claim(principal, key, request, clock.instant())) {
            case InProgress working ->
                throw new Conflict(
                        "A request with this Idempotency-Key is being worked on. Send it again in a moment.");
            case Answered before -> again(before, request);
            case Fresh fresh -> {
                Instance instance = startNow(caller, bundle, body);
                keys.answered(principal, key, CREATED, json.writeValueAsString(instance));
                yield new Answer(instance, CREATED, false);
            }
        };
    }

    private Answer again(Answered before, byte[] request) {
        if (!Arrays.equals(before.requestHash(), request)) {
            throw new Invalid(
                    "Idempotency-Key", "This Idempotency-Key came with another request. Give a new start a new key.");
        }
        Instance instance = json.readValue(before.response(), Instance.class);
        audit.record(Audit.Entry.done(
                        "journey_instance.read",
                        "journey_instance",
                        instance.id(),
                        instance.patient().id())
                .with("replayed", "true"));
        return new Answer(instance, before.status(), true);
    }

    private Instance startNow(Caller caller, Released bundle, JsonNode body) {
        rules.check(json.writeValueAsString(body), bundle.contextSchema());
        Start start = json.treeToValue(body, Start.class);
        Appointment appointment = appointment(start, patient(start.patient()));
        if (isOff(appointment)) {
            throw new Conflict(
                    "The department of this appointment has not gone live (phase off): no journey starts there"
                            + " until an administrator changes its phase.");
        }
        if (!coverage.isCovered(appointment.orgUnit())) {
            throw new Conflict(
                    "Nobody is on call for the department of this appointment, so no journey starts: a patient who"
                            + " wrote of danger at night would reach nobody. Name who is called with PUT /api/v1/queues/"
                            + appointment.orgUnit() + ", or at a unit above it.");
        }
        Journeys.Started started =
                journeys.start(bundle.key(), appointment, caller.actor().toString());
        if (!started.isNew()) {
            throw new Conflict("The journey " + bundle.key() + " already runs for this appointment: GET"
                    + " /api/v1/journeys/instances/" + started.id() + " shows it.");
        }
        return instances.show(started.id());
    }

    private PatientProfile patient(StartPatient wanted) {
        Identifier identifier = wanted.identifier();
        UUID id = wanted.id();
        PatientProfile patient = identifier != null
                ? patients.findByIdentifier(identifier.system(), identifier.value())
                        .flatMap(patients::find)
                        .orElseThrow(() -> new Invalid(
                                "patient.identifier",
                                "No patient has this patient.identifier here. Check system and value, or send the patient"
                                        + " to /fhir first."))
                : patients.find(new PatientId(java.util.Objects.requireNonNull(id)))
                        .orElseThrow(() -> new Invalid(
                                "patient.id",
                                "There is no patient with this patient.id here. GET /api/v1/patients finds patients."));
        if (patient.status() == PatientStatus.DECEASED) {
            throw new Invalid("patient", "The patient has died; no journey starts.");
        }
        return patient;
    }

    private Appointment appointment(Start start, PatientProfile patient) {
        String named = String.valueOf(start.context().get("appointmentId"));
        Appointment appointment = named(named, patient)
                .flatMap(appointments::hold)
                .filter(found -> isOf(found, patient))
                .orElseThrow(() -> new Invalid(
                        APPOINTMENT_FIELD,
                        APPOINTMENT_FIELD
                                + " is not the id of an appointment of this patient, neither ours nor the EHR's."));
        if (appointment.status() != Appointment.Status.BOOKED) {
            throw new Invalid(
                    APPOINTMENT_FIELD,
                    APPOINTMENT_FIELD + " is an appointment that is "
                            + appointment.status().code() + ", not booked.");
        }
        if (appointment.startAt() == null || !appointment.startAt().isAfter(clock.instant())) {
            throw new Invalid(APPOINTMENT_FIELD, APPOINTMENT_FIELD + " is an appointment that is not in the future.");
        }
        return appointment;
    }

    /** By our id or by the EHR's own. */
    private Optional<AppointmentId> named(String id, PatientProfile patient) {
        Optional<AppointmentId> ofThePatient = appointments.of(patient.id()).stream()
                .filter(visit ->
                        visit.id().toString().equals(id) || visit.externalId().equals(id))
                .map(Appointment::id)
                .findFirst();
        return ofThePatient.or(() -> UUID_FORM.matcher(id).matches()
                ? Optional.of(new AppointmentId(UUID.fromString(id)))
                : Optional.empty());
    }

    /** The appointment may still stand under a record that was merged into the patient's. */
    private boolean isOf(Appointment appointment, PatientProfile patient) {
        return appointment.patient().equals(patient.id())
                || patients.find(appointment.patient())
                        .filter(surviving -> surviving.id().equals(patient.id()))
                        .isPresent();
    }

    private boolean isOff(Appointment appointment) {
        return organization
                .find(appointment.orgUnit())
                .map(unit -> unit.phase() == OrgUnit.Phase.OFF)
                .orElse(true);
    }

    /** The same for the same content, in whatever order it is written. */
    private String canonical(JsonNode body) {
        return json.writer(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .writeValueAsString(json.convertValue(body, Object.class));
    }
}
