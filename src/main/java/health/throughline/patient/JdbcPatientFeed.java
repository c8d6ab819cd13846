package health.throughline.patient;

import health.throughline.patient.JdbcContactPoints.Owner;
import health.throughline.patient.JdbcPatientRecords.Stored;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
@Transactional
class JdbcPatientFeed implements PatientFeed {

    private final JdbcPatientRecords records;
    private final JdbcIdentifiers identifiers;
    private final JdbcContactPoints contactPoints;
    private final JdbcParties parties;
    private final Patients patients;
    private final ApplicationEventPublisher events;

    JdbcPatientFeed(
            JdbcPatientRecords records,
            JdbcIdentifiers identifiers,
            JdbcContactPoints contactPoints,
            JdbcParties parties,
            Patients patients,
            ApplicationEventPublisher events) {
        this.records = records;
        this.identifiers = identifiers;
        this.contactPoints = contactPoints;
        this.parties = parties;
        this.patients = patients;
        this.events = events;
    }

    @Override
    public Applied apply(PatientRecord record) {
        List<Identifier> stated = stated(record);
        var differences = new ArrayList<String>();
        Optional<Stored> match = match(stated, differences);
        if (match.isEmpty()) {
            return create(record, stated);
        }
        Stored stored = match.get();
        var patient = new PatientId(stored.id());
        if (stored.observedAt() != null && record.observedAt().isBefore(stored.observedAt())) {
            return new Applied(patient, false, List.of());
        }
        if (isSomebodyElse(stored, record)) {
            if (records.dispute(stored, record.source())) {
                events.publishEvent(new Identities.IdentityChanged(patient));
                events.publishEvent(new Disputed(patient));
            }
            differences.add(
                    "An identifier of this patient was sent with another name and date of birth; nothing was taken over,"
                            + " and the patient is not contacted until a person has settled who it is.");
            return new Applied(patient, true, differences);
        }
        boolean changed = identifiers.add(stored.id(), stored.key(), stated, differences);
        changed |= records.update(stored, record);
        changed |= reach(patient, record, differences);
        if (record.deceasedAt() != null) {
            died(patient, record.deceasedAt(), record.source());
        } else if (stored.status() == PatientStatus.DECEASED
                && !records.deathSaidElsewhere(stored.id(), record.source())) {
            if (!records.deathTakenBack(stored.id())) {
                records.takeDeathBack(stored.id(), record.source());
                events.publishEvent(new DeathTakenBack(patient));
            }
            differences.add(
                    "The source no longer says that the patient is deceased; a person must settle it, until then nothing is sent.");
        }
        return new Applied(patient, changed, differences);
    }

    @Override
    public PartyId applyRelated(RelatedRecord record) {
        Stored patient = records.find(record.patient().value())
                .orElseThrow(() -> new IllegalArgumentException("There is no patient " + record.patient()));
        PartyId party = parties.related(record, patient);
        contactPoints.apply(new Owner(party, null), record.source(), record.observedAt(), record.telecoms());
        return party;
    }

    @Override
    public PartyId applyParty(PartyRecord record) {
        return parties.other(record);
    }

    @Override
    public Optional<PartyId> findParty(String source, String kind, String externalId) {
        return parties.find(source, kind, externalId);
    }

    @Override
    public Applied verified(PatientId patient, String source, Telecom telecom, Instant verifiedAt) {
        var owner = new Owner(patients.partyOf(patient), patient);
        boolean changed = contactPoints.verify(owner, source, verifiedAt, telecom);
        if (changed) {
            events.publishEvent(new ContactPointsChanged(patient));
        }
        return new Applied(patient, changed, List.of());
    }

    @Override
    public void died(PatientId patient, Instant when) {
        died(patient, when, null);
    }

    private void died(PatientId patient, Instant when, @Nullable String source) {
        if (records.died(patient.value(), when, source)) {
            events.publishEvent(new PatientDied(patients.surviving(patient)));
        }
    }

    private Applied create(PatientRecord record, List<Identifier> stated) {
        Stored stored = records.insert(record);
        var patient = new PatientId(stored.id());
        var differences = new ArrayList<String>();
        parties.ofPatient(patient, record.orgUnit(), stored.key(), record.source());
        identifiers.add(stored.id(), stored.key(), stated, differences);
        reach(patient, record, differences);
        return new Applied(patient, true, differences);
    }

    private boolean reach(PatientId patient, PatientRecord record, List<String> differences) {
        var result = contactPoints.apply(
                new Owner(patients.partyOf(patient), patient), record.source(), record.observedAt(), record.telecoms());
        differences.addAll(result.differences());
        if (result.changed()) {
            events.publishEvent(new ContactPointsChanged(patient));
        }
        return result.changed();
    }

    /** The source's own id counts first, then its identifiers; two patients behind them are told, not merged. */
    private Optional<Stored> match(List<Identifier> stated, List<String> differences) {
        List<UUID> matched = identifiers.match(stated);
        if (matched.size() > 1) {
            differences.add("The identifiers sent belong to " + matched.size()
                    + " patients here; the first was taken. Settle which is right, and merge them if they are one.");
        }
        return matched.stream().findFirst().flatMap(records::lock);
    }

    private static List<Identifier> stated(PatientRecord record) {
        var stated = new ArrayList<Identifier>();
        stated.add(new Identifier(PatientFeed.idSystem(record.source()), "id", record.externalId()));
        stated.addAll(record.identifiers());
        return stated;
    }

    private static boolean isSomebodyElse(Stored stored, PatientRecord record) {
        return stored.birthDate() != null
                && record.birthDate() != null
                && !stored.birthDate().equals(record.birthDate())
                && !stored.familyName().equalsIgnoreCase(record.familyName())
                && !stored.givenName().equalsIgnoreCase(record.givenName());
    }
}
