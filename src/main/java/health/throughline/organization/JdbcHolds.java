package health.throughline.organization;

import health.throughline.TimeOrderedId;
import health.throughline.audit.Actor;
import health.throughline.audit.Audit;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Never cached: a hold counts from its commit. Attempts that start share a lock; placing a hold takes it alone, so it waits for those that
 * are starting and every later one waits for it, and then sees it.
 */
@Repository
class JdbcHolds implements Holds {

    /** Names the advisory lock; held to the end of a transaction, by many attempts or by one hold. */
    private static final int STARTING = 0x484F4C44;

    private static final String SELECT = """
            select h.*, (select u.name from org_unit u where u.id::text = h.scope_value) as place from hold h
            """;

    private final JdbcClient jdbc;
    private final Audit audit;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    JdbcHolds(JdbcClient jdbc, Audit audit, ApplicationEventPublisher events, Clock clock) {
        this.jdbc = jdbc;
        this.audit = audit;
        this.events = events;
        this.clock = clock;
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public Optional<Placed> keepingBack(Sending sending) {
        // a statement of its own: what the next one sees is what was committed once this one has the lock
        jdbc.sql("select pg_advisory_xact_lock_shared(?, 0)").param(STARTING).query(row -> {});
        return covering(sending).stream().findFirst();
    }

    @Override
    @Transactional
    public List<Placed> covering(Sending sending) {
        OrgUnitId location = sending.location();
        return jdbc.sql(SELECT + """
                        where h.lifted_at is null and hold_in_force(h, :now)
                          and hold_covers(h, :unit, :journey, :channel, :location)
                        order by h.placed_until desc nulls first, h.placed_from, h.id
                        """)
                .param("now", now())
                .param("unit", sending.unit().value())
                .param("journey", sending.journey(), java.sql.Types.VARCHAR)
                .param("channel", sending.channel())
                .param("location", location == null ? null : location.value(), java.sql.Types.OTHER)
                .query(JdbcHolds::placed)
                .list();
    }

    @Override
    @Transactional
    public Placed place(OrgUnitId owner, Scope scope, String value, String reason, @Nullable Instant until) {
        jdbc.sql("select pg_advisory_xact_lock(?, 0)").param(STARTING).query(row -> {});
        UUID id = TimeOrderedId.next();
        jdbc.sql("""
                        insert into hold (id, org_unit_id, scope, scope_value, placed_by, reason, placed_from, placed_until)
                        values (:id, :owner, :scope, :value, :by, :reason, :now, :until)
                        """)
                .param("id", id)
                .param("owner", owner.value())
                .param("scope", scope.code())
                .param("value", value)
                .param("by", Actor.current().name())
                .param("reason", reason)
                .param("now", now())
                .param("until", until == null ? null : until.atOffset(ZoneOffset.UTC))
                .update();
        audit.record(Audit.Entry.done("hold.place", "hold", id, null)
                .with("scope", scope.code())
                .with("value", value)
                .with("org_unit", owner.toString()));
        events.publishEvent(new HoldPlaced(id));
        return find(id).orElseThrow();
    }

    @Override
    @Transactional
    public boolean lift(UUID hold, @Nullable String reason) {
        boolean lifted = jdbc.sql("""
                                update hold set lifted_at = :now, lifted_by = :by, lift_reason = :reason
                                where id = :id and lifted_at is null
                                """)
                        .param("now", now())
                        .param("by", Actor.current().name())
                        .param("reason", reason)
                        .param("id", hold)
                        .update()
                == 1;
        if (lifted) {
            audit.record(Audit.Entry.done("hold.lift", "hold", hold, null));
            events.publishEvent(new HoldLifted(hold));
        }
        return lifted;
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<Placed> find(UUID hold) {
        return jdbc.sql(SELECT + "where h.id = ?")
                .param(hold)
                .query(JdbcHolds::placed)
                .optional();
    }

    @Override
    @Transactional(readOnly = true)
    public List<Placed> inForce() {
        return jdbc.sql(SELECT + "where h.lifted_at is null and hold_in_force(h, ?) order by h.placed_from, h.id")
                .param(now())
                .query(JdbcHolds::placed)
                .list();
    }

    @Override
    @Transactional(readOnly = true)
    public List<Placed> latest(int limit) {
        return jdbc.sql(SELECT + "order by h.placed_from desc, h.id desc limit ?")
                .param(limit)
                .query(JdbcHolds::placed)
                .list();
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static Placed placed(ResultSet row, int number) throws SQLException {
        return new Placed(
                row.getObject("id", UUID.class),
                new OrgUnitId(row.getObject("org_unit_id", UUID.class)),
                Scope.valueOf(row.getString("scope").toUpperCase(Locale.ROOT)),
                row.getString("scope_value"),
                row.getString("place"),
                row.getString("reason"),
                row.getString("placed_by"),
                row.getObject("placed_from", OffsetDateTime.class).toInstant(),
                instant(row, "placed_until"),
                instant(row, "lifted_at"),
                row.getString("lifted_by"),
                row.getString("lift_reason"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
