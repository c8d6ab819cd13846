package health.throughline.coordination;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The inbox: one thread for each patient who wrote or was spoken with in person. Reads the conversation's tables; writes none. */
@Repository
class JdbcThreads {

    private static final UUID NOBODY = new UUID(0, 0);

    private final JdbcClient jdbc;

    JdbcThreads(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Which threads are asked for. What needs a person is found from the few open tasks and takeovers, not from all conversations. */
    enum Show {
        NEEDS_PERSON("""
                and c.patient_id in (select t.patient_id from task t where t.state in ('open', 'claimed')
                    union select f.patient_id from takeover f where f.returned_at is null)
                """),
        MINE("""
                and c.patient_id in (select t.patient_id from task t where t.state = 'claimed' and t.assignee = :me
                    union select f.patient_id from takeover f where f.returned_at is null and f.taken_by = :me)
                """),
        ALL("");

        private final String among;

        Show(String among) {
            this.among = among;
        }
    }

    /** @param id the conversation's, for the next page */
    record Row(
            UUID id,
            UUID patient,
            Instant activeAt,
            @Nullable String takenBy,
            @Nullable Instant takenAt,
            @Nullable String calledBy,
            int openTasks) {}

    record Cursor(Instant at, UUID id) {}

    /** Newest first. */
    List<Row> page(Show show, String me, @Nullable Cursor after, int limit, Instant now) {
        return jdbc.sql("""
                        select c.id, c.patient_id, c.active_at, o.taken_by, o.taken_at, k.opened_by,
                            (select count(*) from task t where t.patient_id = c.patient_id and t.state in ('open', 'claimed')) as tasks
                        from conversation c
                        left join takeover o on o.patient_id = c.patient_id and o.returned_at is null
                        left join call_log k on k.patient_id = c.patient_id and k.closed_at is null and k.ends_at > :now
                        where c.active_at is not null
                        """ + show.among + """
                          and (not :paged or (c.active_at, c.id) < (cast(:at as timestamptz), cast(:after as uuid)))
                        order by c.active_at desc, c.id desc limit :limit
                        """)
                .param("now", utc(now))
                .param("me", me)
                .param("paged", after != null)
                .param("at", utc(after == null ? Instant.EPOCH : after.at()))
                .param("after", after == null ? NOBODY : after.id())
                .param("limit", limit)
                .query((row, n) -> {
                    OffsetDateTime taken = row.getObject("taken_at", OffsetDateTime.class);
                    return new Row(
                            row.getObject("id", UUID.class),
                            row.getObject("patient_id", UUID.class),
                            row.getObject("active_at", OffsetDateTime.class).toInstant(),
                            row.getString("taken_by"),
                            taken == null ? null : taken.toInstant(),
                            row.getString("opened_by"),
                            row.getInt("tasks"));
                })
                .list();
    }

    /** Who is on the phone with the patient now. */
    @Nullable
    String calledBy(UUID patient, Instant now) {
        return jdbc.sql("select opened_by from call_log where patient_id = ? and closed_at is null and ends_at > ?")
                .params(patient, utc(now))
                .query(String.class)
                .optional()
                .orElse(null);
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
