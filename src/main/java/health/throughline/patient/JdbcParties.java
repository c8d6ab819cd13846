package health.throughline.patient;

import health.throughline.TimeOrderedId;
import health.throughline.encryption.DataKeyId;
import health.throughline.encryption.Encryption;
import health.throughline.organization.OrgUnitId;
import health.throughline.patient.JdbcPatientRecords.Stored;
import health.throughline.patient.PatientFeed.PartyRecord;
import health.throughline.patient.PatientFeed.RelatedRecord;
import java.sql.Types;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Keeps whoever a message can be addressed to, and what they are to a patient. */
@Repository
class JdbcParties {

    private final JdbcClient jdbc;
    private final Encryption encryption;
    private final Clock clock;

    JdbcParties(JdbcClient jdbc, Encryption encryption, Clock clock) {
        this.jdbc = jdbc;
        this.encryption = encryption;
        this.clock = clock;
    }

    PartyId ofPatient(PatientId patient, OrgUnitId unit, DataKeyId key, String source) {
        return insert(new Party("patient", patient, unit, key, null, null, source, null));
    }

    PartyId related(RelatedRecord record, Stored patient) {
        var wanted = new Party(
                "related_person",
                null,
                patient.orgUnit(),
                patient.key(),
                record.name(),
                record.language(),
                record.source(),
                record.externalId());
        PartyId party = store(wanted);
        relate(party, record);
        return party;
    }

    PartyId other(PartyRecord record) {
        return store(new Party(
                record.kind(),
                null,
                record.orgUnit(),
                encryption.systemKey(),
                record.name(),
                null,
                record.source(),
                record.externalId()));
    }

    Optional<PartyId> find(String source, String kind, String externalId) {
        return jdbc.sql("select id from party where source = :source and kind = :kind and external_id = :external")
                .param("source", source)
                .param("kind", kind)
                .param("external", externalId)
                .query(UUID.class)
                .optional()
                .map(PartyId::new);
    }

    private PartyId store(Party wanted) {
        Optional<Known> known = jdbc.sql("""
                select id, key_id, name, language from party
                where source = :source and kind = :kind and external_id = :external""")
                .param("source", wanted.source())
                .param("kind", wanted.kind())
                .param("external", wanted.externalId())
                .query((row, n) -> new Known(
                        row.getObject("id", UUID.class),
                        new DataKeyId(row.getObject("key_id", UUID.class)),
                        row.getBytes("name"),
                        row.getString("language")))
                .optional();
        known.ifPresent(party -> update(party, wanted));
        return known.map(party -> new PartyId(party.id())).orElseGet(() -> insert(wanted));
    }

    private void update(Known known, Party wanted) {
        String name = known.name() == null ? null : encryption.decrypt(known.key(), name(known.id()), known.name());
        if (Objects.equals(name, wanted.name()) && Objects.equals(known.language(), wanted.language())) {
            return;
        }
        jdbc.sql("update party set name = :name, language = :language where id = :id")
                .param("id", known.id())
                .param("name", encrypted(known.key(), known.id(), wanted.name()), Types.BINARY)
                .param("language", wanted.language(), Types.VARCHAR)
                .update();
    }

    private PartyId insert(Party party) {
        UUID id = TimeOrderedId.next();
        jdbc.sql("""
                insert into party (id, kind, patient_id, org_unit_id, key_id, name, language, source, external_id, created_at)
                values (:id, :kind, :patient, :unit, :key, :name, :language, :source, :external, :now)""")
                .param("id", id)
                .param("kind", party.kind())
                .param(
                        "patient",
                        party.patient() == null ? null : party.patient().value(),
                        Types.OTHER)
                .param("unit", party.unit().value())
                .param("key", party.key().value())
                .param("name", encrypted(party.key(), id, party.name()), Types.BINARY)
                .param("language", party.language(), Types.VARCHAR)
                .param("source", party.source())
                .param("external", party.externalId(), Types.VARCHAR)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        return new PartyId(id);
    }

    private void relate(PartyId party, RelatedRecord record) {
        jdbc.sql("""
                insert into relationship as r (id, party_id, patient_id, authority, period_start, period_end, source)
                values (:id, :party, :patient, :authority, :start, :end, :source)
                on conflict (party_id, patient_id, authority) do update
                    set period_start = excluded.period_start, period_end = excluded.period_end
                    where (r.period_start, r.period_end) is distinct from (excluded.period_start, excluded.period_end)""")
                .param("id", TimeOrderedId.next())
                .param("party", party.value())
                .param("patient", record.patient().value())
                .param("authority", record.authority())
                .param("start", record.start(), Types.DATE)
                .param("end", record.end(), Types.DATE)
                .param("source", record.source())
                .update();
    }

    private byte @Nullable [] encrypted(DataKeyId key, UUID id, @Nullable String name) {
        return name == null ? null : encryption.encrypt(key, name(id), name);
    }

    private static Encryption.Field name(UUID id) {
        return new Encryption.Field("party", "name", id);
    }

    private record Known(
            UUID id,
            DataKeyId key,
            byte @Nullable [] name,
            @Nullable String language) {}

    private record Party(
            String kind,
            @Nullable PatientId patient,
            OrgUnitId unit,
            DataKeyId key,
            @Nullable String name,
            @Nullable String language,
            String source,
            @Nullable String externalId) {}
}
