package health.throughline.organization;

import health.throughline.organization.OrgUnit.Kind;
import health.throughline.organization.OrgUnit.Phase;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** The tables org_unit, org_unit_version and org_unit_identifier. Needs the caller's transaction. */
@Repository
class JdbcUnits {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    JdbcUnits(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    Units load() {
        var ids = new HashMap<Units.ExternalId, OrgUnitId>();
        jdbc.sql("select source, type, external_id, org_unit_id from org_unit_identifier")
                .query(row -> {
                    ids.put(
                            new Units.ExternalId(
                                    row.getString("source"), row.getString("type"), row.getString("external_id")),
                            new OrgUnitId(row.getObject("org_unit_id", UUID.class)));
                });
        return Units.of(all(), ids);
    }

    List<OrgUnit> all() {
        return jdbc.sql("select * from org_unit order by path")
                .query(JdbcUnits::unit)
                .list();
    }

    Optional<OrgUnit> find(OrgUnitId id) {
        return jdbc.sql("select * from org_unit where id = ?")
                .param(id.value())
                .query(JdbcUnits::unit)
                .optional();
    }

    Optional<OrgUnit> findByPath(String path) {
        return jdbc.sql("select * from org_unit where path = ?")
                .param(path)
                .query(JdbcUnits::unit)
                .optional();
    }

    Optional<OrgUnit> findByExternalId(Units.ExternalId id) {
        return jdbc.sql("""
                        select u.* from org_unit u join org_unit_identifier i on i.org_unit_id = u.id
                        where i.source = ? and i.type = ? and i.external_id = ?
                        """)
                .params(id.source(), id.type(), id.value())
                .query(JdbcUnits::unit)
                .optional();
    }

    void lock(OrgUnitId id) {
        jdbc.sql("select 1 from org_unit where id = ? for update")
                .param(id.value())
                .query(Integer.class)
                .optional();
    }

    /** False where the id is already taken. */
    boolean insert(OrgUnit unit, Instant now) {
        return bind(jdbc.sql("""
                        insert into org_unit (id, parent_id, kind, path, name, patient_safe_name, zone, phone, address_line, city,
                                              state, postal_code, parking, phase, updated_at)
                        values (:id, :parent, :kind, :path, :name, :patientSafeName, :zone, :phone, :addressLine, :city,
                                :state, :postalCode, :parking, :phase, :now)
                        on conflict (id) do nothing
                        """), unit, now).update() == 1;
    }

    void update(OrgUnit unit, Instant now) {
        bind(jdbc.sql("""
                        update org_unit set parent_id = :parent, kind = :kind, path = :path, name = :name,
                            patient_safe_name = :patientSafeName, zone = :zone, phone = :phone, address_line = :addressLine,
                            city = :city, state = :state, postal_code = :postalCode, parking = :parking, phase = :phase,
                            version = version + 1, updated_at = :now
                        where id = :id
                        """), unit, now).update();
    }

    /** Everything below a unit follows it to its new path. */
    void move(String from, String to) {
        jdbc.sql(
                        "update org_unit set path = :to || substr(path, length(:from) + 1) where starts_with(path, :from) and path <> :from")
                .param("from", from)
                .param("to", to)
                .update();
    }

    void addVersion(OrgUnit unit, String by, Instant now, @Nullable String reason) {
        jdbc.sql("""
                        insert into org_unit_version (org_unit_id, version, content, changed_by, changed_at, reason)
                        select id, version, :content::jsonb, :by, :now, :reason from org_unit where id = :id
                        """)
                .param("content", json.writeValueAsString(content(unit)))
                .param("by", by)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("reason", reason)
                .param("id", unit.id().value())
                .update();
    }

    boolean allow(OrgUnitId unit, UUID patient, String by, Instant now) {
        return jdbc.sql("""
                        insert into phase_allow_list (org_unit_id, patient_id, added_by, added_at) values (?, ?, ?, ?)
                        on conflict do nothing
                        """)
                        .params(unit.value(), patient, by, now.atOffset(ZoneOffset.UTC))
                        .update()
                == 1;
    }

    boolean disallow(OrgUnitId unit, UUID patient) {
        return jdbc.sql("delete from phase_allow_list where org_unit_id = ? and patient_id = ?")
                        .params(unit.value(), patient)
                        .update()
                == 1;
    }

    List<UUID> allowed(OrgUnitId unit) {
        return jdbc.sql("select patient_id from phase_allow_list where org_unit_id = ? order by added_at, patient_id")
                .param(unit.value())
                .query(UUID.class)
                .list();
    }

    void identify(OrgUnitId unit, Units.ExternalId id) {
        jdbc.sql("""
                        insert into org_unit_identifier (source, type, external_id, org_unit_id) values (?, ?, ?, ?)
                        on conflict (source, type, external_id) do update set org_unit_id = excluded.org_unit_id
                        where org_unit_identifier.org_unit_id <> excluded.org_unit_id
                        """).params(id.source(), id.type(), id.value(), unit.value()).update();
    }

    private static StatementSpec bind(StatementSpec statement, OrgUnit unit, Instant now) {
        var values = content(unit);
        values.put("id", unit.id().value());
        values.put("parent", unit.parent() == null ? null : unit.parent().value());
        values.put("now", now.atOffset(ZoneOffset.UTC));
        return statement.params(values);
    }

    private static Map<String, @Nullable Object> content(OrgUnit unit) {
        var values = new HashMap<String, @Nullable Object>();
        values.put("parent", unit.parent() == null ? null : unit.parent().toString());
        values.put("kind", unit.kind().name().toLowerCase(Locale.ROOT));
        values.put("path", unit.path());
        values.put("name", unit.name());
        values.put("patientSafeName", unit.patientSafeName());
        values.put("zone", unit.zone().getId());
        values.put("phone", unit.phone());
        values.put("addressLine", unit.addressLine());
        values.put("city", unit.city());
        values.put("state", unit.state());
        values.put("postalCode", unit.postalCode());
        values.put("parking", unit.parking());
        values.put("phase", unit.phase().name().toLowerCase(Locale.ROOT));
        return values;
    }

    private static OrgUnit unit(ResultSet row, int number) throws SQLException {
        UUID parent = row.getObject("parent_id", UUID.class);
        return new OrgUnit(
                new OrgUnitId(row.getObject("id", UUID.class)),
                parent == null ? null : new OrgUnitId(parent),
                Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                row.getString("path"),
                row.getString("name"),
                row.getString("patient_safe_name"),
                ZoneId.of(row.getString("zone")),
                row.getString("phone"),
                row.getString("address_line"),
                row.getString("city"),
                row.getString("state"),
                row.getString("postal_code"),
                row.getString("parking"),
                Phase.valueOf(row.getString("phase").toUpperCase(Locale.ROOT)));
    }
}
