package health.throughline.audit;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

@Repository
class JdbcAuditTrail implements AuditTrail {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    JdbcAuditTrail(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    @Override
    @Transactional(readOnly = true)
    public List<Row> rows(@Nullable UUID patient, @Nullable UUID after, int most) {
        return jdbc.sql("select " + ChainedRow.COLUMNS + """
                         from audit a
                        where (:patient::uuid is null or a.patient_id = :patient::uuid)
                          and (:after::uuid is null or (a.at, a.id) < (select b.at, b.id from audit b where b.id = :after::uuid))
                        order by a.at desc, a.id desc limit :most
                        """)
                .param("patient", patient)
                .param("after", after)
                .param("most", most)
                .query((result, number) -> row(ChainedRow.of(result)))
                .list();
    }

    private Row row(ChainedRow row) {
        Map<String, String> detail = json.readValue(row.detail(), new TypeReference<Map<String, String>>() {});
        return new Row(
                row.id(),
                row.at(),
                row.actorKind(),
                row.actor(),
                row.action(),
                row.entityType(),
                row.entityId(),
                row.patient(),
                row.outcome(),
                detail);
    }
}
