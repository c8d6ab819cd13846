package health.throughline.care;

import static java.nio.charset.StandardCharsets.UTF_8;

import health.throughline.TimeOrderedId;
import health.throughline.encryption.DataKeyId;
import health.throughline.encryption.Encryption;
import health.throughline.encryption.KeyedHash;
import health.throughline.patient.PatientId;
import health.throughline.patient.Patients;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

@Repository
@Transactional
class JdbcSourceRecords implements SourceRecords {

    /** Rows of one statement, so that its parameters stay small. */
    private static final int BATCH = 500;

    private final JdbcClient jdbc;
    private final Encryption encryption;
    private final KeyedHash hash;
    private final Patients patients;
    private final Clock clock;

    JdbcSourceRecords(JdbcClient jdbc, Encryption encryption, KeyedHash hash, Patients patients, Clock clock) {
        this.jdbc = jdbc;
        this.encryption = encryption;
        this.hash = hash;
        this.patients = patients;
        this.clock = clock;
    }

    @Override
    public Map<Key, Set<String>> versions(String source, Collection<Key> keys) {
        var found = new HashMap<Key, Set<String>>();
        jdbc.sql("""
                select k.type, k.external_id, k.version from source_record_key k
                join unnest(:types::text[], :ids::text[]) as w (type, external_id)
                    on k.type = w.type and k.external_id = w.external_id
                where k.source = :source""")
                .param("types", keys.stream().map(Key::type).toArray(String[]::new))
                .param("ids", keys.stream().map(Key::externalId).toArray(String[]::new))
                .param("source", source)
                .query(row -> {
                    found.computeIfAbsent(
                                    new Key(row.getString("type"), row.getString("external_id")), k -> new HashSet<>())
                            .add(row.getString("version"));
                });
        return found;
    }

    @Override
    public void store(String source, List<Version> versions) {
        OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
        var keys = new HashMap<PatientId, DataKeyId>();
        DataKeyId systemKey = encryption.systemKey();
        for (int from = 0; from < versions.size(); from += BATCH) {
            List<Version> batch = versions.subList(from, Math.min(versions.size(), from + BATCH));
            insert(source, batch, now, version -> {
                PatientId patient = version.patient();
                return patient == null ? systemKey : keys.computeIfAbsent(patient, patients::keyOf);
            });
        }
    }

    private void insert(
            String source,
            List<Version> batch,
            OffsetDateTime now,
            java.util.function.Function<Version, DataKeyId> keyOf) {
        int size = batch.size();
        var ids = new UUID[size];
        var keys = new UUID[size];
        var patientIds = new @Nullable UUID[size];
        var observed = new @Nullable OffsetDateTime[size];
        var raws = new byte[size][];
        for (int n = 0; n < size; n++) {
            Version version = batch.get(n);
            PatientId patient = version.patient();
            Instant observedAt = version.observedAt();
            DataKeyId key = keyOf.apply(version);
            ids[n] = TimeOrderedId.next();
            keys[n] = key.value();
            patientIds[n] = patient == null ? null : patient.value();
            observed[n] = observedAt == null ? null : observedAt.atOffset(ZoneOffset.UTC);
            raws[n] = encryption.encrypt(
                    key, new Encryption.Field("source_record", "raw", ids[n]), compressed(version.raw()));
        }
        jdbc.sql("""
                with given as (
                    select * from unnest(:ids::uuid[], :types::text[], :externals::text[], :versions::text[],
                        :observed::text[], :keys::uuid[], :patients::uuid[], :raws::bytea[])
                        as g (id, type, external_id, version, observed_at, key_id, patient_id, raw)),
                keyed as (
                    insert into source_record_key (source, type, external_id, version, record_id, received_at)
                    select :source, type, external_id, version, id, :now from given)
                insert into source_record (id, received_at, source, type, external_id, version, observed_at, key_id, patient_id, raw)
                select id, :now, :source, type, external_id, version, observed_at::timestamptz, key_id, patient_id, raw from given""")
                .param("ids", ids)
                .param("types", texts(batch, version -> version.key().type()))
                .param("externals", texts(batch, version -> version.key().externalId()))
                .param("versions", texts(batch, Version::version))
                .param(
                        "observed",
                        java.util.Arrays.stream(observed)
                                .map(at -> at == null ? null : at.toString())
                                .toArray(String[]::new))
                .param("keys", keys)
                .param("patients", patientIds)
                .param("raws", raws)
                .param("source", source)
                .param("now", now)
                .update();
    }

    @Override
    public Optional<String> findByIdentifier(String source, String type, String identifier) {
        return jdbc.sql("""
                select external_id from source_alias where source = :source and type = :type and alias_hash = :hash""")
                .param("source", source)
                .param("type", type)
                .param("hash", alias(identifier))
                .query(String.class)
                .optional();
    }

    @Override
    public void identify(String source, Key key, Collection<String> identifiers) {
        if (identifiers.isEmpty()) {
            return;
        }
        jdbc.sql("""
                insert into source_alias (source, type, alias_hash, external_id)
                select :source, :type, a, :id from unnest(:aliases::bytea[]) as a on conflict do nothing""")
                .param("source", source)
                .param("type", key.type())
                .param("id", key.externalId())
                .param("aliases", identifiers.stream().map(this::alias).toArray(byte[][]::new))
                .update();
    }

    @Override
    public void heard(String source) {
        OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
        jdbc.sql("""
                update source_system set last_heard_at = :now
                where id = :source and (last_heard_at is null or last_heard_at < :stale)""")
                .param("now", now)
                .param("stale", now.minusMinutes(1))
                .param("source", source)
                .update();
    }

    private byte[] alias(String identifier) {
        return hash.of("source_alias", identifier);
    }

    private static String[] texts(List<Version> batch, java.util.function.Function<Version, String> text) {
        return batch.stream().map(text).toArray(String[]::new);
    }

    /** Text again, for what is encrypted is text. */
    private static String compressed(String raw) {
        var bytes = new ByteArrayOutputStream(raw.length() / 2);
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(raw.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
