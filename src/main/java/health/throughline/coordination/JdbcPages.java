package health.throughline.coordination;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The paging side of a task's row: when the next page is due and the how-manieth it is. */
@Repository
class JdbcPages {

    /** Whether somebody answered task {@code t}'s last page by phone, and it has not gone to anybody since. */
    private static final String ANSWERED = """
            (select e.kind from task_event e where e.task_id = t.id and e.kind in ('paged', 'acknowledged')
             order by e.at desc limit 1) is not distinct from 'acknowledged'""";

    private final JdbcClient jdbc;

    JdbcPages(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    record Paged(UUID id, UUID orgUnit, @Nullable UUID patient, int step, Instant createdAt) {}

    /**
     * One open task whose next page is due, a patient's before that of somebody nobody knows; nobody else has it before {@code again}, when
     * it is due once more unless it was paged until then. A claimed one rests.
     */
    @Transactional
    public Optional<Paged> take(Instant now, Instant again) {
        return jdbc.sql("""
                        update task set page_due_at = ? where id = (
                            select id from task where state = 'open' and page_due_at <= ?
                            order by patient_id is null, page_due_at limit 1 for update skip locked)
                        returning id, org_unit_id, patient_id, page_step, created_at
                        """)
                .params(utc(again), utc(now))
                .query(JdbcPages::paged)
                .optional();
    }

    /** Whether that page is still to go, locked: nobody took the task, and nobody was paged since. */
    boolean stillDue(Paged task) {
        return jdbc.sql("""
                        select 1 from task where id = ? and state = 'open' and page_step = ? and page_due_at is not null for update
                        """)
                .params(task.id(), task.step())
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    /**
     * Whether people are being called for the task's patient about another one, or are about to be. One that waits itself does not
     * count, and of two that begin together the older goes ahead: so no two wait for each other.
     *
     * @param within how long before this one the other was made at most
     * @param soon a page that is due until then is about to go
     */
    boolean calledAlready(UUID task, Duration within, Instant soon) {
        return jdbc.sql("""
                        select exists (select 1 from task t join task mine on mine.patient_id = t.patient_id and mine.id <> t.id
                            where mine.id = :task and t.reason_code = 'red-flag' and t.state = 'open' and t.page_due_at is not null
                              and not %s
                              and t.created_at > mine.created_at - make_interval(secs => :within)
                              and (t.page_step >= 0
                                  or t.page_due_at <= :soon and (t.created_at, t.id) < (mine.created_at, mine.id)))
                        """.formatted(ANSWERED))
                .param("task", task)
                .param("within", within.toSeconds())
                .param("soon", utc(soon))
                .query(Boolean.class)
                .single();
    }

    /** About how many others that belong to no patient the task's unit is calling people, or is about to; none for a patient's. */
    int strangersBefore(UUID task, Duration within, Instant soon) {
        return jdbc.sql("""
                        select count(*) from task t join task mine on mine.org_unit_id = t.org_unit_id and mine.id <> t.id
                        where mine.id = :task and mine.patient_id is null and t.patient_id is null
                          and t.reason_code = 'red-flag' and t.state = 'open' and t.page_due_at is not null and not %s
                          and t.created_at > mine.created_at - make_interval(secs => :within)
                          and (t.page_step >= 0 or t.page_due_at <= :soon and (t.created_at, t.id) < (mine.created_at, mine.id))
                        """.formatted(ANSWERED))
                .param("task", task)
                .param("within", within.toSeconds())
                .param("soon", utc(soon))
                .query(Integer.class)
                .single();
    }

    /** The task that calls people about whoever wrote this, where nobody knows them and nobody has it in hand yet. */
    Optional<UUID> ofStranger(UUID inbound) {
        return jdbc.sql("""
                        select t.id from inbound_work mine join inbound_work w on w.address_id = mine.address_id and w.inbound_id <> mine.inbound_id
                            join task t on t.dedupe_key = 'inbound:' || w.inbound_id
                        where mine.inbound_id = ? and w.received_at > mine.received_at - interval '12 hours' and t.patient_id is null and t.reason_code = 'red-flag' and t.state = 'open'
                          and t.page_due_at is not null and not %s
                        order by t.created_at desc limit 1 for update of t
                        """.formatted(ANSWERED))
                .param(inbound)
                .query(UUID.class)
                .optional();
    }

    /** @param name as the chain has it, of whoever answered a page by phone */
    record Holder(@Nullable String username, @Nullable String name) {}

    /** Who has the latest other red flag of the patient in hand. */
    Optional<Holder> holder(UUID task, Duration within) {
        return jdbc.sql("""
                        select t.assignee as username, (select e.detail ->> 'who' from task_event e
                            where e.task_id = t.id and e.kind = 'acknowledged' order by e.at desc limit 1) as name
                        from task t join task mine on mine.patient_id = t.patient_id and mine.id <> t.id
                        where mine.id = :task and t.reason_code = 'red-flag'
                          and (t.state = 'claimed' or t.state = 'open' and %s)
                          and t.created_at > mine.created_at - make_interval(secs => :within)
                        order by t.created_at desc, t.id desc limit 1
                        """.formatted(ANSWERED))
                .param("task", task)
                .param("within", within.toSeconds())
                .query(Holder.class)
                .optional();
    }

    void next(UUID task, int step, Instant due) {
        jdbc.sql("update task set page_step = ?, page_due_at = ? where id = ?")
                .params(step, utc(due), task)
                .update();
    }

    /** Where nobody has been paged since, the next is due now. */
    void sooner(UUID task, int step, Instant now) {
        jdbc.sql("update task set page_due_at = ? where id = ? and page_step = ? and page_due_at > ?")
                .params(utc(now), task, step, utc(now))
                .update();
    }

    /** Nobody is paged before then, unless it is given back. */
    void rest(UUID task, Instant until) {
        jdbc.sql("update task set page_due_at = ? where id = ?")
                .params(utc(until), task)
                .update();
    }

    void over(UUID task) {
        jdbc.sql("update task set page_due_at = null where id = ?").param(task).update();
    }

    /** The task about which that phone was paged last; one that is still open before any other. */
    Optional<UUID> lastTo(UUID address, Instant since) {
        return jdbc.sql("""
                        select t.id from task_event e join task t on t.id = e.task_id
                        where e.kind = 'paged' and e.detail ->> 'address' = :address and e.at > :since
                        order by (t.state = 'open' and t.page_due_at is not null) desc, e.at desc limit 1
                        """)
                .param("address", address.toString())
                .param("since", utc(since))
                .query(UUID.class)
                .optional();
    }

    String whoWasPaged(UUID task, int step) {
        return jdbc.sql("""
                        select detail ->> 'who' from task_event
                        where task_id = ? and kind = 'paged' and (detail ->> 'step')::int = ? limit 1
                        """).params(task, step).query(String.class).optional().orElse("on call");
    }

    Optional<UUID> ofInbound(String inbound) {
        return jdbc.sql("select id from task where dedupe_key = ? order by created_at desc limit 1")
                .param("inbound:" + inbound)
                .query(UUID.class)
                .optional();
    }

    private static Paged paged(ResultSet row, int number) throws SQLException {
        return new Paged(
                row.getObject("id", UUID.class),
                row.getObject("org_unit_id", UUID.class),
                row.getObject("patient_id", UUID.class),
                row.getInt("page_step"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
