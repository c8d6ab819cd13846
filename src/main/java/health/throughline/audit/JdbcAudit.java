package health.throughline.audit;

import health.throughline.TimeOrderedId;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** Appends audit rows, and notes each as waiting for the sequencer. */
@Repository
class JdbcAudit implements Audit {

    private final JdbcClient jdbc;
    private final Clock clock;
    private final JsonMapper json;

    JdbcAudit(JdbcClient jdbc, Clock clock, JsonMapper json) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.json = json;
    }

    @Override
    @Transactional
    public void record(Entry entry) {
        Actor actor = Actor.current();
        UUID id = TimeOrderedId.next();
        var at = clock.instant().atOffset(ZoneOffset.UTC);
        // One round trip for both rows: this stands in every transaction that touches a patient.
        jdbc.sql("""
                        with waiting as (insert into audit_unchained (audit_id, at) values (:id, :at))
                        insert into audit (id, at, actor_kind, actor, action, entity_type, entity_id, patient_id, outcome, detail)
                        values (:id, :at, :kind, :actor, :action, :entityType, :entityId, :patient, :outcome, :detail::jsonb)
                        """)
                .param("id", id)
                .param("at", at)
                .param("kind", actor.kind().name().toLowerCase(Locale.ROOT))
                .param("actor", actor.name())
                .param("action", entry.action())
                .param("entityType", entry.entityType())
                .param("entityId", entry.entityId())
                .param("patient", entry.patient())
                .param("outcome", entry.outcome())
                .param("detail", json.writeValueAsString(new TreeMap<>(entry.detail())))
                .update();
    }
}
