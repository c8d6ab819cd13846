package health.throughline.patient;

import health.throughline.TimeOrderedId;
import health.throughline.encryption.DataKeyId;
import health.throughline.encryption.Encryption;
import health.throughline.encryption.KeyedHash;
import health.throughline.patient.PatientFeed.Identifier;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Keeps the identifiers by which sources name patients; while active each names one patient. */
@Repository
class JdbcIdentifiers {

    private final JdbcClient jdbc;
    private final Encryption encryption;
    private final KeyedHash hash;
    private final Clock clock;

    JdbcIdentifiers(JdbcClient jdbc, Encryption encryption, KeyedHash hash, Clock clock) {
        this.jdbc = jdbc;
        this.encryption = encryption;
        this.hash = hash;
        this.clock = clock;
    }

    /** The patients behind the identifiers, in their order. */
    List<UUID> match(List<Identifier> stated) {
        var owners = owners(stated);
        return stated.stream()
                .map(identifier -> owners.get(key(identifier)))
                .filter(java.util.Objects::nonNull)
                .distinct()
                .toList();
    }

    /** Adds what the patient does not have yet; what belongs to somebody else stays theirs and is told. */
    boolean add(UUID patient, DataKeyId key, List<Identifier> stated, List<String> differences) {
        var owners = owners(stated);
        boolean added = false;
        for (Identifier identifier : stated) {
            UUID owner = owners.putIfAbsent(key(identifier), patient);
            if (owner == null) {
                insert(patient, key, identifier);
                added = true;
            } else if (!owner.equals(patient)) {
                differences.add("An identifier of the system " + identifier.system()
                        + " belongs to another patient here and was left there; settle whose it is.");
            }
        }
        return added;
    }

    private LinkedHashMap<String, UUID> owners(List<Identifier> stated) {
        var owners = new LinkedHashMap<String, UUID>();
        jdbc.sql("""
                select i.assigner, i.patient_id, w.value from patient_identifier i
                join unnest(:assigners::text[], :values::text[], :hashes::bytea[]) as w (assigner, value, value_hash)
                    on i.value_hash = w.value_hash and i.assigner = w.assigner
                where i.active""")
                .param("assigners", stated.stream().map(Identifier::system).toArray(String[]::new))
                .param("values", stated.stream().map(i -> i.value().strip()).toArray(String[]::new))
                .param("hashes", stated.stream().map(this::hash).toArray(byte[][]::new))
                .query((row, n) -> owners.put(
                        row.getString("assigner") + "|" + row.getString("value"),
                        row.getObject("patient_id", UUID.class)))
                .list();
        return owners;
    }

    private void insert(UUID patient, DataKeyId key, Identifier identifier) {
        UUID id = TimeOrderedId.next();
        var field = new Encryption.Field("patient_identifier", "value", id);
        jdbc.sql("""
                insert into patient_identifier (id, patient_id, origin_patient_id, assigner, type, value_hash, value, created_at)
                values (:id, :patient, :patient, :assigner, :type, :hash, :value, :now)""")
                .param("id", id)
                .param("patient", patient)
                .param("assigner", identifier.system())
                .param("type", identifier.type())
                .param("hash", hash(identifier))
                .param(
                        "value",
                        encryption.encrypt(key, field, identifier.value().strip()))
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
    }

    private byte[] hash(Identifier identifier) {
        return hash.of("patient_identifier.value", identifier.value().strip());
    }

    private static String key(Identifier identifier) {
        return identifier.system() + "|" + identifier.value().strip();
    }
}
