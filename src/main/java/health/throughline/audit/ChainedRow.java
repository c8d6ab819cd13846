package health.throughline.audit;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An audit row as the chain sees it: {@code hash = SHA-256(previous hash || encoding)}, the encoding being the columns in their order,
 * each with its length in front (-1 for none), the instant as microseconds and the detail as PostgreSQL prints jsonb.
 */
record ChainedRow(
        UUID id,
        Instant at,
        String actorKind,
        String actor,
        String action,
        String entityType,
        String entityId,
        @Nullable UUID patient,
        String outcome,
        String detail) {

    static final byte[] GENESIS = new byte[32];

    static final String COLUMNS =
            "a.id, a.at, a.actor_kind, a.actor, a.action, a.entity_type, a.entity_id, a.patient_id, a.outcome, a.detail::text as detail";

    static ChainedRow of(ResultSet row) throws SQLException {
        return new ChainedRow(
                row.getObject("id", UUID.class),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("actor_kind"),
                row.getString("actor"),
                row.getString("action"),
                row.getString("entity_type"),
                row.getString("entity_id"),
                row.getObject("patient_id", UUID.class),
                row.getString("outcome"),
                row.getString("detail"));
    }

    byte[] hashAfter(byte[] previous) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(previous);
            return digest.digest(encoding());
        } catch (NoSuchAlgorithmException every) {
            throw new IllegalStateException(every);
        }
    }

    private byte[] encoding() {
        var bytes = new ByteArrayOutputStream(256);
        try (var out = new DataOutputStream(bytes)) {
            write(out, id.toString());
            out.writeLong(ChronoUnit.MICROS.between(Instant.EPOCH, at));
            write(out, actorKind);
            write(out, actor);
            write(out, action);
            write(out, entityType);
            write(out, entityId);
            write(out, patient == null ? null : patient.toString());
            write(out, outcome);
            write(out, detail);
        } catch (IOException never) {
            throw new UncheckedIOException(never);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, @Nullable String value) throws IOException {
        if (value == null) {
            out.writeInt(-1);
            return;
        }
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }
}
