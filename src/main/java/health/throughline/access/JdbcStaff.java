package health.throughline.access;

import health.throughline.audit.Actor;
import health.throughline.organization.OrgUnitId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The table staff_user. */
@Repository
class JdbcStaff implements Staff {

    /** A user as stored. */
    record StaffUser(Caller caller, String passwordHash, boolean enabled) {

        @Override
        public String toString() {
            return caller.getName();
        }
    }

    private final JdbcClient jdbc;

    JdbcStaff(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    @Transactional(readOnly = true)
    public boolean mayWork(String username) {
        return find(username).map(StaffUser::enabled).orElse(false);
    }

    @Transactional(readOnly = true)
    public Optional<StaffUser> find(String username) {
        return jdbc.sql("select * from staff_user where username = ?")
                .param(username)
                .query((row, number) -> new StaffUser(
                        new Caller(
                                new Actor(Actor.Kind.STAFF, row.getString("username")),
                                row.getString("display_name"),
                                Role.of(row.getString("role")),
                                Set.of(),
                                new OrgUnitId(row.getObject("org_unit_id", UUID.class))),
                        row.getString("password_hash"),
                        row.getBoolean("enabled")))
                .optional();
    }

    @Transactional
    public UUID save(
            UUID id, String username, String displayName, Role role, OrgUnitId unit, String passwordHash, Instant now) {
        return jdbc.sql("""
                        insert into staff_user (id, username, display_name, password_hash, role, org_unit_id, created_at)
                        values (?, ?, ?, ?, ?, ?, ?)
                        on conflict (username) do update set display_name = excluded.display_name,
                            password_hash = excluded.password_hash, role = excluded.role, org_unit_id = excluded.org_unit_id
                        returning id
                        """)
                .params(
                        id,
                        username,
                        displayName,
                        passwordHash,
                        role.code(),
                        unit.value(),
                        now.atOffset(ZoneOffset.UTC))
                .query(UUID.class)
                .single();
    }

    @Transactional
    public boolean setEnabled(String username, boolean enabled) {
        return jdbc.sql("update staff_user set enabled = ? where username = ?")
                        .params(enabled, username)
                        .update()
                == 1;
    }
}
