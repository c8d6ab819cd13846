package health.throughline.care.fhir;

import health.throughline.access.AccessScope;
import health.throughline.audit.Audit;
import health.throughline.care.Appointments;
import health.throughline.care.Appointments.AppointmentRecord;
import health.throughline.care.CareSettings;
import health.throughline.care.SourceRecords;
import health.throughline.care.SourceRecords.Alias;
import health.throughline.care.SourceRecords.Key;
import health.throughline.care.SourceRecords.Version;
import health.throughline.organization.OrgUnit;
import health.throughline.patient.PatientId;
import health.throughline.patient.Patients;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/**
 * Takes resources in: all of them or none. The right to write was checked at the door; the feed itself speaks for the whole source and
 * sees every row, else a patient of another hospital would be taken for a new one.
 */
@Service
class FhirFeed {

    static final Set<String> UNDERSTOOD = Set.of(
            "Patient",
            "RelatedPerson",
            "Practitioner",
            "Organization",
            "Location",
            "Appointment",
            "Encounter",
            "Consent");

    /** Of these a deletion is more than kept. */
    static final Set<String> FOLLOWED = Set.of("Appointment", "Encounter");

    private static final String STANDS =
            "The deletion was kept, and nothing follows from it: what this %s said stands until a version says otherwise.";
    private static final int TRIES = 3;
    static final List<String> SUBJECTS = List.of("subject", "patient", "beneficiary", "individual", "for");

    private final CareSettings settings;
    private final Identification identification;
    private final SourceRecords records;
    private final Patients patients;
    private final Appointments appointments;
    private final UnitMapping units;
    private final PeopleMapping people;
    private final MergeFindings merges;
    private final VisitMapping visits;
    private final Audit audit;
    private final TransactionTemplate transaction;
    private final MeterRegistry meters;

    FhirFeed(
            CareSettings settings,
            Identification identification,
            SourceRecords records,
            Patients patients,
            Appointments appointments,
            UnitMapping units,
            PeopleMapping people,
            MergeFindings merges,
            VisitMapping visits,
            Audit audit,
            TransactionTemplate transaction,
            MeterRegistry meters) {
        this.settings = settings;
        this.identification = identification;
        this.records = records;
        this.patients = patients;
        this.appointments = appointments;
        this.units = units;
        this.people = people;
        this.merges = merges;
        this.visits = visits;
        this.audit = audit;
        this.transaction = transaction;
        this.meters = meters;
    }

    /** @param created nothing was known of the record before */
    record Taken(String type, String id, String version, boolean created, List<String> differences) {}

    /** In one transaction; two writers that meet are tried again one after the other. */
    List<Taken> take(List<Submission> submissions) {
        for (int tried = 1; ; tried++) {
            try {
                List<Taken> taken = AccessScope.system()
                        .run(() -> java.util.Objects.requireNonNull(transaction.execute(status -> apply(submissions))));
                taken.forEach(one -> meters.counter(
                                "throughline.fhir.resources",
                                "type",
                                one.type(),
                                "understood",
                                String.valueOf(UNDERSTOOD.contains(one.type())))
                        .increment());
                return taken;
            } catch (ConcurrencyFailureException | DuplicateKeyException e) {
                if (tried == TRIES) {
                    throw e;
                }
            }
        }
    }

    private List<Taken> apply(List<Submission> submissions) {
        String source = settings.source();
        List<Incoming> incoming = identification.settle(source, submissions, UNDERSTOOD);
        var intake = new Intake(source, incoming, records, patients);
        understand(intake, incoming);
        keep(intake, incoming);
        records.heard(source);
        audit(intake, incoming);
        return incoming.stream()
                .map(one -> new Taken(
                        one.type(),
                        one.key().externalId(),
                        one.version(),
                        one.isNew() && !one.deletion(),
                        intake.differences(one)))
                .toList();
    }

    private void understand(Intake intake, List<Incoming> incoming) {
        Supplier<OrgUnit> hospital = once(units::defaultHospital);
        units.applyOrganizations(intake, of("Organization", incoming));
        each("Location", incoming, one -> units.applyLocation(intake, one));
        each("Practitioner", incoming, one -> people.applyPractitioner(intake, one, hospital));
        each("Patient", incoming, one -> people.applyPatient(intake, one, hospital));
        each("Patient", incoming, one -> merges.check(intake, one));
        each("RelatedPerson", incoming, one -> people.applyRelated(intake, one));
        each("Consent", incoming, one -> people.applyConsent(intake, one));
        var told = new ArrayList<AppointmentRecord>();
        each("Appointment", incoming, one -> {
            if (one.deletion()) {
                applyBefore(one, told);
                visits.removal(intake, one).ifPresent(told::add);
            } else {
                visits.appointment(intake, one).ifPresent(told::add);
            }
        });
        appointments.applyAll(told);
        each("Encounter", incoming, one -> visits.applyEncounter(intake, one));
        incoming.stream()
                .filter(one -> one.deletion() && UNDERSTOOD.contains(one.type()) && !FOLLOWED.contains(one.type()))
                .forEach(one -> intake.differs(one, List.of(STANDS.formatted(one.type()))));
    }

    /** What the same message said of the appointment before it deleted it. */
    private void applyBefore(Incoming deletion, List<AppointmentRecord> told) {
        if (told.stream().anyMatch(one -> one.externalId().equals(deletion.key().externalId()))) {
            appointments.applyAll(told);
            told.clear();
        }
    }

    private void keep(Intake intake, List<Incoming> incoming) {
        var versions = new ArrayList<Version>();
        var aliases = new HashMap<Alias, Key>();
        var seen = new HashSet<Seen>();
        for (Incoming one : incoming) {
            if (one.isRepeated() || !seen.add(new Seen(one.key(), one.version()))) {
                continue;
            }
            PatientId subject = intake.subject(one);
            versions.add(new Version(
                    one.key(),
                    one.version(),
                    one.observedAt(),
                    subject != null ? subject : subjectOf(intake, one),
                    one.content()));
            one.names().forEach(name -> aliases.putIfAbsent(name, one.key()));
        }
        if (!versions.isEmpty()) {
            records.store(intake.source(), versions);
            records.identify(intake.source(), aliases);
        }
    }

    private record Seen(Key key, String version) {}

    private static @org.jspecify.annotations.Nullable PatientId subjectOf(Intake intake, Incoming one) {
        for (String member : SUBJECTS) {
            JsonNode subject = one.resource().path(member);
            String reference = FhirJson.text(subject, "reference");
            if (!reference.isEmpty()) {
                var patient = intake.resolve(reference, one.type() + "." + member)
                        .filter(key -> key.type().equals("Patient"))
                        .flatMap(intake::patient);
                if (patient.isPresent()) {
                    return patient.get();
                }
            }
        }
        return null;
    }

    private void audit(Intake intake, List<Incoming> incoming) {
        var counts = new LinkedHashMap<String, Integer>();
        var touched = new LinkedHashSet<PatientId>();
        for (Incoming one : incoming) {
            counts.merge(one.type(), 1, Integer::sum);
            PatientId subject = intake.subject(one);
            if (subject != null && !one.isRepeated()) {
                touched.add(subject);
            }
        }
        String what = incoming.size() == 1
                ? incoming.getFirst().type() + "/" + incoming.getFirst().key().externalId()
                : String.valueOf(incoming.size());
        var entry = Audit.Entry.done("fhir.write", incoming.size() == 1 ? "Resource" : "Bundle", what, null);
        for (var count : counts.entrySet()) {
            entry = entry.with(count.getKey(), String.valueOf(count.getValue()));
        }
        long deleted = incoming.stream().filter(Incoming::deletion).count();
        audit.record(deleted == 0 ? entry : entry.with("deleted", String.valueOf(deleted)));
        for (PatientId patient : touched) {
            audit.record(Audit.Entry.done("patient.write", "Patient", patient, patient.value()));
        }
    }

    private static List<Incoming> of(String type, List<Incoming> incoming) {
        return incoming.stream()
                .filter(one -> one.type().equals(type) && one.isToBeApplied())
                .filter(one -> !one.deletion() || FOLLOWED.contains(type))
                .toList();
    }

    private static void each(String type, List<Incoming> incoming, Consumer<Incoming> work) {
        for (Incoming one : of(type, incoming)) {
            try {
                work.accept(one);
            } catch (Refusal refusal) {
                throw refusal.within(one.index());
            }
        }
    }

    private static <T> Supplier<T> once(Supplier<T> supplier) {
        var held = new ArrayList<T>(1);
        return () -> {
            if (held.isEmpty()) {
                held.add(supplier.get());
            }
            return held.getFirst();
        };
    }
}
