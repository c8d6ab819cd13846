package health.throughline.coordination;

import health.throughline.TimeOrderedId;
import health.throughline.conversation.SendPause;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** Calls people make to patients. While one is open, automation to the patient waits. */
@Repository
class JdbcCalls implements SendPause {

    static final String REASON = "call-open";
    static final String ABANDONED = "abandoned";
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Clock clock;

    JdbcCalls(JdbcClient jdbc, JsonMapper json, Clock clock) {
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
    }

    /** @param endsAt when it is taken for ended, should nobody end it */
    record Call(
            UUID id,
            UUID patient,
            @Nullable UUID task,
            String by,
            Instant openedAt,
            Instant endsAt,
            @Nullable Instant closedAt,
            @Nullable String outcome,
            @Nullable Integer seconds) {}

    @Override
    public Optional<Pause> pause(UUID patient) {
        return open(patient, clock.instant()).map(call -> new Pause(REASON, LOOK_AGAIN));
    }

    Optional<Call> open(UUID patient, Instant now) {
        return jdbc.sql("select * from call_log where patient_id = ? and closed_at is null and ends_at > ?")
                .params(patient, utc(now))
                .query(JdbcCalls::call)
                .optional();
    }

    /** @return none where another call to the patient is open */
    Optional<UUID> insert(UUID patient, UUID task, String by, Instant now, Instant endsAt) {
        UUID id = TimeOrderedId.next();
        int inserted = jdbc.sql("""
                        insert into call_log (id, patient_id, task_id, opened_by, opened_at, ends_at) values (?, ?, ?, ?, ?, ?)
                        on conflict do nothing
                        """)
                .params(id, patient, task, by, utc(now), utc(endsAt))
                .update();
        if (inserted == 0) {
            return Optional.empty();
        }
        happened(id, "opened", by, Map.of(), now);
        return Optional.of(id);
    }

    Optional<Call> find(UUID id) {
        return jdbc.sql("select * from call_log where id = ?")
                .param(id)
                .query(JdbcCalls::call)
                .optional();
    }

    Optional<Call> lock(UUID id) {
        return jdbc.sql("select * from call_log where id = ? for update")
                .param(id)
                .query(JdbcCalls::call)
                .optional();
    }

    /** Those that nobody ended in time; the reader holds them. */
    List<Call> lockForgotten(@Nullable UUID patient, Instant now, int limit) {
        return jdbc.sql("""
                        select * from call_log where closed_at is null and ends_at <= :now
                        and (cast(:patient as uuid) is null or patient_id = :patient)
                        order by ends_at limit :limit for update skip locked
                        """)
                .param("now", utc(now))
                .param("patient", patient)
                .param("limit", limit)
                .query(JdbcCalls::call)
                .list();
    }

    void close(Call call, String outcome, String actor, int seconds, Instant now) {
        jdbc.sql("update call_log set closed_at = ?, outcome = ?, seconds = ? where id = ?")
                .params(utc(now), outcome, seconds, call.id())
                .update();
        happened(call.id(), "closed", actor, Map.of("outcome", outcome, "seconds", seconds), now);
    }

    /** The newest first. */
    List<Call> ofPatient(UUID patient, Instant before, int limit) {
        return jdbc.sql(
                        "select * from call_log where patient_id = ? and opened_at < ? order by opened_at desc, id desc limit ?")
                .params(patient, utc(before), limit)
                .query(JdbcCalls::call)
                .list();
    }

    private void happened(UUID call, String kind, String actor, Map<String, Object> detail, Instant now) {
        jdbc.sql("insert into call_event (id, call_id, kind, actor, at, detail) values (?, ?, ?, ?, ?, ?::jsonb)")
                .params(TimeOrderedId.next(), call, kind, actor, utc(now), json.writeValueAsString(detail))
                .update();
    }

    private static Call call(ResultSet row, int number) throws SQLException {
        OffsetDateTime closed = row.getObject("closed_at", OffsetDateTime.class);
        return new Call(
                row.getObject("id", UUID.class),
                row.getObject("patient_id", UUID.class),
                row.getObject("task_id", UUID.class),
                row.getString("opened_by"),
                row.getObject("opened_at", OffsetDateTime.class).toInstant(),
                row.getObject("ends_at", OffsetDateTime.class).toInstant(),
                closed == null ? null : closed.toInstant(),
                row.getString("outcome"),
                row.getObject("seconds", Integer.class));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
