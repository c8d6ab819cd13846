package health.throughline.organization;

import java.util.List;
import java.util.Locale;
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
        jdbc.sql("update org_unit set journeys_due = true, journeys_mark = journeys_mark + 1 where id = ?")
                .param(unit.value())
                .update();
    }

    @Override
    @Transactional
    public void markWithThoseBelow(OrgUnitId unit) {
        jdbc.sql("""
                        update org_unit u set journeys_due = true, journeys_mark = u.journeys_mark + 1 from org_unit a
                        where a.id = ? and starts_with(u.path, a.path) and u.phase <> 'off'
                        """).param(unit.value()).update();
    }

    @Override
    @Transactional(readOnly = true)
    public List<Marked> marked() {
        return jdbc.sql("select id, journeys_mark, phase from org_unit where journeys_due")
                .query((row, n) -> new Marked(
                        new OrgUnitId(row.getObject(1, UUID.class)),
                        row.getInt(2),
                        OrgUnit.Phase.valueOf(row.getString(3).toUpperCase(Locale.ROOT))))
                .list();
    }

    @Override
    @Transactional
    public void lookedThrough(Marked unit) {
        jdbc.sql("update org_unit set journeys_due = false where id = ? and journeys_mark = ?")
                .params(unit.unit().value(), unit.mark())
                .update();
    }
}
