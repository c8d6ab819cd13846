package health.throughline.patient;

import health.throughline.TimeOrderedId;
import health.throughline.encryption.DataKeyId;
import health.throughline.encryption.Encryption;
import health.throughline.organization.OrgUnitId;
import health.throughline.patient.PatientFeed.PartyRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

@Repository
class JdbcOtherParties implements Parties {

    private final JdbcParties parties;
    private final JdbcClient jdbc;
    private static final int MOST_RELATED = 50;

    private final JdbcPatients patients;
    private final Encryption encryption;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    JdbcOtherParties(
            JdbcParties parties,
            JdbcClient jdbc,
            JdbcPatients patients,
            Encryption encryption,
            ApplicationEventPublisher events,
            Clock clock) {
        this.events = events;
        this.patients = patients;
        this.encryption = encryption;
        this.parties = parties;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public PartyId staff(AddressId phone, OrgUnitId unit, String name) {
        return reachedAt(
                phone,
                parties.other(
                        new PartyRecord("staff", "on-call:" + unit + ":" + phone.value(), "practitioner", unit, name)),
                "staff");
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public PartyId unknownSender(AddressId address, OrgUnitId unit) {
        return reachedAt(
                address,
                parties.other(new PartyRecord(
                        "patient", "sender:" + address.value(), "related_person", unit, "Unknown sender")),
                "patient");
    }

    @Override
    @Transactional(readOnly = true)
    public List<Related> relatedTo(PatientId patient) {
        return jdbc.sql("""
            select r.*, y.name, y.key_id, y.language from relationship r join party y on y.id = r.party_id
            where r.patient_id in (select merged_group(:patient)) order by r.id limit :most\
            """)
                .param("patient", patient.value())
                .param("most", MOST_RELATED)
                .query((row, n) -> related(row))
                .list();
    }

    private Related related(ResultSet row) throws SQLException {
        var party = new PartyId(row.getObject("party_id", UUID.class));
        byte[] name = row.getBytes("name");
        return new Related(
                party,
                row.getString("authority"),
                row.getString("scope"),
                name == null
                        ? null
                        : encryption.decrypt(
                                new DataKeyId(row.getObject("key_id", UUID.class)),
                                new Encryption.Field("party", "name", party.value()),
                                name),
                row.getString("language"),
                row.getObject("period_start", LocalDate.class),
                row.getObject("period_end", LocalDate.class),
                row.getBoolean("barred"),
                patients.contactPoints(party.value()));
    }

    @Override
    @Transactional(readOnly = true)
    public boolean consentedAlone(PatientId patient) {
        return jdbc.sql("select bool_or(minor_consent) from patient where id in (select merged_group(?))")
                .param(patient.value())
                .query(Boolean.class)
                .single();
    }

    @Override
    @Transactional
    public void consentsAlone(PatientId patient, boolean alone) {
        jdbc.sql("update patient set minor_consent = :alone where id in (select merged_group(:patient))")
                .param("alone", alone)
                .param("patient", patient.value())
                .update();
        events.publishEvent(new AuthorityChanged(patients.surviving(patient)));
    }

    @Override
    @Transactional
    public boolean bar(PartyId party, PatientId patient, boolean barred) {
        int changed = jdbc.sql("""
            update relationship set barred = :barred
            where party_id = :party and patient_id in (select merged_group(:patient))\
            """)
                .param("barred", barred)
                .param("party", party.value())
                .param("patient", patient.value())
                .update();
        if (changed > 0) {
            events.publishEvent(new AuthorityChanged(patients.surviving(patient)));
        }
        return changed > 0;
    }

    private PartyId reachedAt(AddressId address, PartyId party, String source) {
        jdbc.sql("""
            insert into contact_point (id, party_id, address_id, use, source, observed_at, updated_at)
            values (:id, :party, :address, 'work', :source, :now, :now)
            on conflict (party_id, address_id) do update set status = 'active', updated_at = excluded.updated_at
                where contact_point.status <> 'active'\
            """)
                .param("id", TimeOrderedId.next())
                .param("party", party.value())
                .param("address", address.value())
                .param("source", source)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        return party;
    }
}
