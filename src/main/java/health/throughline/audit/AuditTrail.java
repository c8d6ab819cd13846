package health.throughline.audit;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the audit, newest first. Rows about a patient show only to those who may see the patient. */
public interface AuditTrail {

    /** @param after the id of the last row already seen; rows before it follow */
    List<Row> rows(@Nullable UUID patient, @Nullable UUID after, int most);

    /** One thing done or seen. */
    record Row(
            UUID id,
            Instant at,
            String actorKind,
            String actor,
            String action,
            String entityType,
            String entityId,
            @Nullable UUID patient,
            String outcome,
            Map<String, String> detail) {}
}
