package health.throughline.care;

import health.throughline.TimeOrderedId;
import health.throughline.encryption.DataKeyId;
import health.throughline.encryption.Encryption;
import health.throughline.encryption.KeyedHash;
import health.throughline.patient.PatientId;
import health.throughline.patient.Patients;
import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

@Repository
@Transactional
class JdbcSourceRecords implements SourceRecords {

    /** Rows of one statement, so that its parameters stay small. */
    private static final int BATCH = 500;

    private static final int BUFFER = 8192;

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
        var deflater = new Deflater();
        try {
            for (int from = 0; from < versions.size(); from += BATCH) {
                List<Version> batch = versions.subList(from, Math.min(versions.size(), from + BATCH));
                insert(source, batch, now, deflater, version -> {
                    PatientId patient = version.patient();
                    return patient == null ? systemKey : keys.computeIfAbsent(patient, patients::keyOf);
                });
            }
        } finally {
            deflater.end();
        }
    }

    private void insert(
            String source,
            List<Version> batch,
            OffsetDateTime now,
            Deflater deflater,
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
                    key, new Encryption.Field("source_record", "raw", ids[n]), deflated(deflater, version.raw()));
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
    public Map<Alias, Key> find(String source, Collection<Alias> aliases) {
        var found = new HashMap<Alias, Key>();
        if (aliases.isEmpty()) {
            return found;
        }
        jdbc.sql("""
                select w.identifier, a.type, a.external_id from source_alias a
                join unnest(:types::text[], :identifiers::text[], :hashes::bytea[]) as w (type, identifier, alias_hash)
                    on a.type = w.type and a.alias_hash = w.alias_hash
                where a.source = :source""")
                .param("types", aliases.stream().map(Alias::type).toArray(String[]::new))
                .param("identifiers", aliases.stream().map(Alias::identifier).toArray(String[]::new))
                .param("hashes", aliases.stream().map(this::hash).toArray(byte[][]::new))
                .param("source", source)
                .query(row -> {
                    String type = row.getString("type");
                    found.put(
                            new Alias(type, row.getString("identifier")), new Key(type, row.getString("external_id")));
                });
        return found;
    }

    @Override
    public void identify(String source, Map<Alias, Key> aliases) {
        if (aliases.isEmpty()) {
            return;
        }
        // in one order, so that two writers of the same names wait and do not lock each other out
        var ordered = aliases.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(
                        Comparator.comparing(Alias::type).thenComparing(Alias::identifier)))
                .toList();
        jdbc.sql("""
                insert into source_alias (source, type, alias_hash, external_id)
                select :source, type, alias_hash, external_id
                from unnest(:types::text[], :hashes::bytea[], :ids::text[]) as g (type, alias_hash, external_id)
                on conflict do nothing""")
                .param("source", source)
                .param("types", ordered.stream().map(one -> one.getKey().type()).toArray(String[]::new))
                .param("hashes", ordered.stream().map(one -> hash(one.getKey())).toArray(byte[][]::new))
                .param(
                        "ids",
                        ordered.stream().map(one -> one.getValue().externalId()).toArray(String[]::new))
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

    private byte[] hash(Alias alias) {
        return hash.of("source_alias", alias.identifier());
    }

    private static String[] texts(List<Version> batch, java.util.function.Function<Version, String> text) {
        return batch.stream().map(text).toArray(String[]::new);
    }

    private static byte[] deflated(Deflater deflater, byte[] raw) {
        deflater.reset();
        deflater.setInput(raw);
        deflater.finish();
        var deflated = new ByteArrayOutputStream(Math.max(256, raw.length / 3));
        var buffer = new byte[BUFFER];
        while (!deflater.finished()) {
            deflated.write(buffer, 0, deflater.deflate(buffer));
        }
        return deflated.toByteArray();
    }
}
