package health.throughline.organization;

import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

@Repository
class JdbcOpenUnits implements OpenUnits {

    private final JdbcClient jdbc;

    JdbcOpenUnits(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    @Transactional
    public void mark(OrgUnitId unit) {
        jdbc.sql("update org_unit set journeys_due = true where id = ?")
                .param(unit.value())
                .update();
    }

    @Override
    @Transactional
    public void markWithThoseBelow(OrgUnitId unit) {
        jdbc.sql("""
                        update org_unit u set journeys_due = true from org_unit a
                        where a.id = ? and starts_with(u.path, a.path) and u.phase <> 'off'
                        """).param(unit.value()).update();
    }

    @Override
    @Transactional(readOnly = true)
    public List<Marked> marked() {
        return jdbc.sql("select id, version from org_unit where journeys_due")
                .query((row, n) -> new Marked(new OrgUnitId(row.getObject(1, UUID.class)), row.getInt(2)))
                .list();
    }

    @Override
    @Transactional
    public void lookedThrough(Marked unit) {
        jdbc.sql("update org_unit set journeys_due = false where id = ? and version = ?")
                .params(unit.unit().value(), unit.version())
                .update();
    }
}
