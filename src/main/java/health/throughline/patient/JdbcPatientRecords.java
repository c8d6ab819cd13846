package health.throughline.patient;

import health.throughline.TimeOrderedId;
import health.throughline.audit.Actor;
import health.throughline.encryption.DataKeyId;
import health.throughline.encryption.Encryption;
import health.throughline.organization.OrgUnitId;
import health.throughline.patient.PatientFeed.PatientRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Writes the patient's own row and what it is found by. */
@Repository
class JdbcPatientRecords {

    static final String DIED = "died";
    static final String DEATH_TAKEN_BACK = "death-retracted";

    private final JdbcClient jdbc;
    private final Encryption encryption;
    private final JdbcNameTokens tokens;
    private final Clock clock;

    JdbcPatientRecords(JdbcClient jdbc, Encryption encryption, JdbcNameTokens tokens, Clock clock) {
        this.jdbc = jdbc;
        this.encryption = encryption;
        this.tokens = tokens;
        this.clock = clock;
    }

    /** The row as it stands, decrypted. */
    record Stored(
            UUID id,
            DataKeyId key,
            OrgUnitId orgUnit,
            PatientStatus status,
            @Nullable UUID mergedInto,
            @Nullable Instant observedAt,
            Person person) {

        String givenName() {
            return person.givenName();
        }

        String familyName() {
            return person.familyName();
        }

        @Nullable
        LocalDate birthDate() {
            return person.birthDate();
        }
    }

    /** What a source says about a person. */
    record Person(
            String givenName,
            String familyName,
            @Nullable LocalDate birthDate,
            @Nullable String sex,
            @Nullable String language,
            boolean interpreterNeeded,
            @Nullable String zone,
            @Nullable String state) {

        static Person of(PatientRecord record) {
            return new Person(
                    record.givenName(),
                    record.familyName(),
                    record.birthDate(),
                    record.sex(),
                    record.language(),
                    record.interpreterNeeded(),
                    record.zone() == null ? null : record.zone().getId(),
                    record.state());
        }
    }

    Optional<Stored> find(UUID id) {
        return jdbc.sql("select * from patient where id = :id")
                .param("id", id)
                .query(this::stored)
                .optional();
    }

    /** Locks the row, so that two versions of a patient are taken one after the other. A merged record keeps its own facts. */
    Optional<Stored> lock(UUID id) {
        return jdbc.sql("select * from patient where id = :id for update")
                .param("id", id)
                .query(this::stored)
                .optional();
    }

    Stored insert(PatientRecord record) {
        UUID id = TimeOrderedId.next();
        DataKeyId key = encryption.newPatientKey();
        Person person = Person.of(record);
        PatientStatus status = record.deceasedAt() != null
                ? PatientStatus.DECEASED
                : record.test() ? PatientStatus.TEST : PatientStatus.ACTIVE;
        bind(jdbc.sql("""
                insert into patient (id, key_id, org_unit_id, status, given_name, family_name, birth_date, sex, language,
                    interpreter_needed, zone, state, deceased_at, source, observed_at, created_at, updated_at)
                values (:id, :key, :unit, :status, :given, :family, :birth, :sex, :language,
                    :interpreter, :zone, :state, :deceased, :source, :observed, :now, :now)"""), id, key, person)
                .param("key", key.value())
                .param("unit", record.orgUnit().value())
                .param("status", status.code())
                .param("deceased", at(record.deceasedAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("source", record.source())
                .param("observed", at(record.observedAt()))
                .update();
        tokens.add(id, NameTokens.of(person.givenName(), person.familyName(), person.birthDate()));
        event(id, "created", record.source());
        if (status == PatientStatus.DECEASED) {
            event(id, DIED, record.source(), record.test() ? PatientStatus.TEST : PatientStatus.ACTIVE);
        }
        return new Stored(id, key, record.orgUnit(), status, null, record.observedAt(), person);
    }

    /** @return whether anything but the time of the observation changed */
    boolean update(Stored stored, PatientRecord record) {
        Person person = Person.of(record);
        PatientStatus status = status(stored.status(), record.test());
        if (person.equals(stored.person()) && status == stored.status()) {
            if (!record.observedAt().equals(stored.observedAt())) {
                jdbc.sql("update patient set observed_at = :observed where id = :id")
                        .param("id", stored.id())
                        .param("observed", at(record.observedAt()))
                        .update();
            }
            return false;
        }
        bind(jdbc.sql("""
                update patient set status = :status, given_name = :given, family_name = :family, birth_date = :birth, sex = :sex,
                    language = :language, interpreter_needed = :interpreter, zone = :zone, state = :state, source = :source,
                    observed_at = :observed, updated_at = :now
                where id = :id"""), stored.id(), stored.key(), person)
                .param("status", status.code())
                .param("source", record.source())
                .param("observed", at(record.observedAt()))
                .update();
        if (!person.givenName().equals(stored.givenName())
                || !person.familyName().equals(stored.familyName())
                || !Objects.equals(person.birthDate(), stored.birthDate())) {
            tokens.replace(stored.id(), NameTokens.of(person.givenName(), person.familyName(), person.birthDate()));
        }
        return true;
    }

    /**
     * @param source none where no feed said so
     * @return whether that was news
     */
    boolean died(UUID patient, Instant when, @Nullable String source) {
        Stored before = lock(surviving(patient)).orElseThrow();
        UUID id = before.id();
        if (before.status() == PatientStatus.DECEASED) {
            if (deathTakenBack(id)) {
                event(id, DIED, source, null);
            }
            return false;
        }
        jdbc.sql("update patient set status = 'deceased', deceased_at = :when, updated_at = :now where id = :id")
                .param("id", id)
                .param("when", at(when))
                .param("now", now())
                .update();
        event(id, DIED, source, before.status());
        return true;
    }

    private UUID surviving(UUID patient) {
        return jdbc.sql("select surviving_patient(?)")
                .param(patient)
                .query(UUID.class)
                .single();
    }

    /** Whether, at last, a source said that the patient lives after all. */
    boolean deathTakenBack(UUID patient) {
        return lastOfDeath(patient)
                .filter(last -> last.kind().equals(DEATH_TAKEN_BACK))
                .isPresent();
    }

    /** Whether another source said that the patient has died: what this one does not say takes nothing back. */
    boolean deathSaidElsewhere(UUID patient, String source) {
        return lastOfDeath(patient)
                .filter(last -> last.kind().equals(DIED) && last.source() != null && !source.equals(last.source()))
                .isPresent();
    }

    void takeDeathBack(UUID patient, String source) {
        event(patient, DEATH_TAKEN_BACK, source, null);
    }

    private record OfDeath(String kind, @Nullable String source) {}

    private Optional<OfDeath> lastOfDeath(UUID patient) {
        return jdbc.sql("""
                select kind, detail ->> 'source' as source from identity_event
                where patient_id = ? and kind in ('died', 'death-retracted') order by at desc, id desc limit 1""")
                .param(patient)
                .query((row, n) -> new OfDeath(row.getString("kind"), row.getString("source")))
                .optional();
    }

    /** @return whether that was news */
    boolean dispute(Stored stored, String source) {
        int disputed =
                jdbc.sql("""
                update patient set status = 'disputed', updated_at = :now where id = :id and status in ('active', 'test')""").param("id", stored.id()).param("now", now()).update();
        if (disputed == 1) {
            event(stored.id(), "disputed", source, stored.status());
        }
        return disputed == 1;
    }

    private void event(UUID patient, String kind, String source) {
        event(patient, kind, source, null);
    }

    /** @param before what the record was before, for when it is settled */
    private void event(UUID patient, String kind, @Nullable String source, @Nullable PatientStatus before) {
        jdbc.sql("""
                insert into identity_event (id, patient_id, kind, actor, at, detail)
                values (:id, :patient, :kind, :actor, :at,
                    jsonb_strip_nulls(jsonb_build_object('source', :source::text, 'before', :before::text)))""")
                .param("id", TimeOrderedId.next())
                .param("patient", patient)
                .param("kind", kind)
                .param("actor", Actor.current().toString())
                .param("at", now())
                .param("source", source, Types.VARCHAR)
                .param("before", before == null ? null : before.code(), Types.VARCHAR)
                .update();
    }

    private JdbcClient.StatementSpec bind(JdbcClient.StatementSpec sql, UUID id, DataKeyId key, Person person) {
        LocalDate birthDate = person.birthDate();
        return sql.param("id", id)
                .param("given", encryption.encrypt(key, field("given_name", id), person.givenName()))
                .param("family", encryption.encrypt(key, field("family_name", id), person.familyName()))
                .param(
                        "birth",
                        birthDate == null
                                ? null
                                : encryption.encrypt(key, field("birth_date", id), birthDate.toString()),
                        Types.BINARY)
                .param("sex", person.sex(), Types.VARCHAR)
                .param("language", person.language(), Types.VARCHAR)
                .param("interpreter", person.interpreterNeeded())
                .param("zone", person.zone(), Types.VARCHAR)
                .param("state", person.state(), Types.VARCHAR)
                .param("now", now());
    }

    private Stored stored(ResultSet row, int number) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        var key = new DataKeyId(row.getObject("key_id", UUID.class));
        String birthDate = open(row, key, id, "birth_date");
        OffsetDateTime observed = row.getObject("observed_at", OffsetDateTime.class);
        return new Stored(
                id,
                key,
                new OrgUnitId(row.getObject("org_unit_id", UUID.class)),
                PatientStatus.ofCode(row.getString("status")),
                row.getObject("merged_into", UUID.class),
                observed == null ? null : observed.toInstant(),
                new Person(
                        Objects.requireNonNullElse(open(row, key, id, "given_name"), ""),
                        Objects.requireNonNullElse(open(row, key, id, "family_name"), ""),
                        birthDate == null ? null : LocalDate.parse(birthDate),
                        row.getString("sex"),
                        row.getString("language"),
                        row.getBoolean("interpreter_needed"),
                        row.getString("zone"),
                        row.getString("state")));
    }

    private @Nullable String open(ResultSet row, DataKeyId key, UUID id, String column) throws SQLException {
        byte[] value = row.getBytes(column);
        return value == null ? null : encryption.decrypt(key, field(column, id), value);
    }

    private static PatientStatus status(PatientStatus before, boolean test) {
        return switch (before) {
            case ACTIVE -> test ? PatientStatus.TEST : before;
            case TEST -> test ? before : PatientStatus.ACTIVE;
            default -> before;
        };
    }

    private static Encryption.Field field(String column, UUID id) {
        return new Encryption.Field("patient", column, id);
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static @Nullable OffsetDateTime at(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
