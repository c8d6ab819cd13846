package health.throughline.coordination;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Absences, and the work that goes back to its queue as one begins. */
@Repository
class JdbcAbsences {

    private static final int BATCH = 20;

    private static final String SELECT = """
            select a.*, u.display_name from staff_absence a join staff_user u on u.username = a.username
            """;

    private final JdbcClient jdbc;
    private final JdbcTasks tasks;
    private final Clock clock;

    JdbcAbsences(JdbcClient jdbc, JdbcTasks tasks, Clock clock) {
        this.jdbc = jdbc;
        this.tasks = tasks;
        this.clock = clock;
    }

    record Stored(UUID id, String username, String displayName, Instant from, Instant until, String enteredBy) {}

    /** Of a user the asker may see; by the unit, since users are not kept from each other. */
    Optional<UUID> unitOf(String username) {
        return jdbc.sql("select org_unit_id from staff_user where username = ? and unit_in_scope(org_unit_id)")
                .param(username)
                .query(UUID.class)
                .optional();
    }

    void insert(UUID id, String username, UUID unit, Instant from, Instant until, String by, Instant now) {
        jdbc.sql("""
                        insert into staff_absence (id, username, org_unit_id, starts_at, ends_at, entered_by, entered_at)
                        values (?, ?, ?, ?, ?, ?, ?)
                        """)
                .params(id, username, unit, utc(from), utc(until), by, utc(now))
                .update();
    }

    Optional<Stored> find(UUID id) {
        return jdbc.sql(SELECT + "where a.id = ?")
                .param(id)
                .query(JdbcAbsences::stored)
                .optional();
    }

    List<Stored> notOver(Instant now) {
        return jdbc.sql(SELECT + "where a.cancelled_at is null and a.ends_at > ? order by a.starts_at, a.id limit 200")
                .param(utc(now))
                .query(JdbcAbsences::stored)
                .list();
    }

    boolean cancel(UUID id, String by, Instant now) {
        return jdbc.sql("""
                        update staff_absence set cancelled_at = ?, cancelled_by = ?
                        where id = ? and cancelled_at is null and ends_at > ?
                        """).params(utc(now), by, id, utc(now)).update() == 1;
    }

    /** Once for each absence: what somebody takes while they are marked away is theirs, they are there after all. */
    @Scheduled(fixedDelay = 1000)
    @Transactional
    public void giveBack() {
        Instant now = clock.instant();
        List<Stored> begun = jdbc.sql(SELECT + """
                        where a.returned_at is null and a.cancelled_at is null and a.starts_at <= ? and a.ends_at > ?
                        order by a.starts_at limit ? for update of a skip locked
                        """)
                .params(utc(now), utc(now), BATCH)
                .query(JdbcAbsences::stored)
                .list();
        for (Stored absence : begun) {
            List<UUID> theirs = jdbc.sql("select id from task where state = 'claimed' and assignee = ? order by id")
                    .param(absence.username())
                    .query(UUID.class)
                    .list();
            theirs.forEach(id -> tasks.lock(id)
                    .filter(task -> absence.username().equals(task.assignee()))
                    .ifPresent(task -> {
                        tasks.noted(id, "returned", Map.of("who", absence.displayName()), now);
                        tasks.assign(task, null, "throughline", now);
                    }));
            jdbc.sql("update staff_absence set returned_at = ? where id = ?")
                    .params(utc(now), absence.id())
                    .update();
        }
    }

    private static Stored stored(ResultSet row, int number) throws SQLException {
        return new Stored(
                row.getObject("id", UUID.class),
                row.getString("username"),
                row.getString("display_name"),
                row.getObject("starts_at", OffsetDateTime.class).toInstant(),
                row.getObject("ends_at", OffsetDateTime.class).toInstant(),
                row.getString("entered_by"));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
