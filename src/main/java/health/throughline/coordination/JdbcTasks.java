package health.throughline.coordination;

import health.throughline.TimeOrderedId;
import health.throughline.journey.JourneyTasks;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The worklist's own table: what the engine asks of people, and what the conversation does. */
@Repository
class JdbcTasks implements JourneyTasks {

    private static final UUID NOBODY = new UUID(0, 0);

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final ApplicationEventPublisher events;

    JdbcTasks(JdbcClient jdbc, JsonMapper json, ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.json = json;
        this.events = events;
    }

    record Task(
            UUID id,
            String queue,
            UUID orgUnit,
            @Nullable UUID patient,
            @Nullable UUID journeyInstance,
            @Nullable String subjectType,
            @Nullable UUID subject,
            String title,
            String reason,
            Map<String, Object> facts,
            int priority,
            @Nullable String language,
            Instant dueAt,
            String state,
            @Nullable String assignee,
            @Nullable String engineTask,
            @Nullable String formKey,
            @Nullable String outcome,
            int version,
            Instant createdAt) {

        boolean isOpen() {
            return state.equals("open") || state.equals("claimed");
        }
    }

    record NewTask(
            UUID orgUnit,
            @Nullable UUID patient,
            @Nullable UUID journeyInstance,
            @Nullable String subjectType,
            @Nullable UUID subject,
            String title,
            String reason,
            Map<String, Object> facts,
            int priority,
            @Nullable String language,
            Instant dueAt,
            @Nullable String engineTask,
            String formKey,
            @Nullable String dedupeKey) {}

    record Happening(Instant at, String kind, String actor, Map<String, Object> detail) {}

    private static final String SELECT =
            "select t.*, q.name as queue_name from task t join queue q on q.id = t.queue_id ";

    /** @return none where an open task of the same cause stands already */
    Optional<UUID> insert(NewTask task, Instant now) {
        UUID id = TimeOrderedId.next();
        Optional<Boolean> shadow = jdbc.sql("""
                        insert into task (id, queue_id, org_unit_id, patient_id, journey_instance_id, subject_type, subject_id, title,
                            reason_code, facts, priority, language, due_at, state, engine_task_id, form_key, dedupe_key, created_at,
                            shadow)
                        values (:id, :queue, :unit, :patient, :journey, :subjectType, :subject, :title,
                            :reason, :facts::jsonb, :priority, :language, :due, 'open', :engineTask, :form, :dedupe, :now,
                            -- the department only pretends, and nothing of the journey ever really reached the patient
                            cast(:journey as uuid) is not null
                                and exists (select 1 from org_unit u where u.id = :unit
                                    and (u.phase = 'shadow' or u.phase = 'allow_list' and not exists (
                                        select 1 from phase_allow_list l where l.org_unit_id = u.id and l.patient_id = :patient)))
                                and not exists (select 1 from dispatch d
                                    where d.journey_instance_id = cast(:journey as uuid) and d.sent_at is not null))
                        on conflict do nothing returning shadow
                        """)
                .param("id", id)
                .param("queue", queue(task.orgUnit()))
                .param("unit", task.orgUnit())
                .param("patient", task.patient())
                .param("journey", task.journeyInstance())
                .param("subjectType", task.subjectType())
                .param("subject", task.subject())
                .param("title", task.title())
                .param("reason", task.reason())
                .param("facts", json.writeValueAsString(task.facts()))
                .param("priority", task.priority())
                .param("language", task.language())
                .param("due", utc(task.dueAt()))
                .param("engineTask", task.engineTask())
                .param("form", task.formKey())
                .param("dedupe", task.dedupeKey())
                .param("now", utc(now))
                .query(Boolean.class)
                .optional();
        if (shadow.isEmpty()) {
            return Optional.empty();
        }
        happened(id, "created", "throughline", Map.of("reason", task.reason()), now);
        if (!shadow.get()) {
            events.publishEvent(new TaskChanged(id, TaskChanged.Kind.CREATED, task.orgUnit()));
        }
        return Optional.of(id);
    }

    private UUID queue(UUID unit) {
        jdbc.sql("insert into queue (id, org_unit_id, name) values (?, ?, 'Care coordination') on conflict do nothing")
                .params(TimeOrderedId.next(), unit)
                .update();
        return jdbc.sql("select id from queue where org_unit_id = ? order by name limit 1")
                .param(unit)
                .query(UUID.class)
                .single();
    }

    Optional<Task> find(UUID id) {
        return jdbc.sql(SELECT + "where t.id = ?").param(id).query(this::task).optional();
    }

    Optional<Task> lock(UUID id) {
        return jdbc.sql(SELECT + "where t.id = ? for update of t")
                .param(id)
                .query(this::task)
                .optional();
    }

    Optional<Task> ofEngine(String engineTask) {
        return jdbc.sql(SELECT + "where t.engine_task_id = ?")
                .param(engineTask)
                .query(this::task)
                .optional();
    }

    /** The one that stands for a cause, locked. */
    Optional<Task> openOfCause(String dedupeKey) {
        return jdbc.sql(SELECT + "where t.dedupe_key = ? and t.state in ('open', 'claimed') for update of t")
                .param(dedupeKey)
                .query(this::task)
                .optional();
    }

    /** What the engine asked of people for a journey, the newest first, locked. */
    List<Task> givenByJourney(UUID journeyInstance) {
        return jdbc.sql(SELECT + """
                        where t.journey_instance_id = ? and t.engine_task_id is not null
                        order by t.id desc limit 100 for update of t
                        """).param(journeyInstance).query(this::task).list();
    }

    /** Locked. */
    List<Task> openOfVisit(UUID patient, UUID appointment) {
        return jdbc.sql(SELECT + """
                        where t.patient_id = ? and t.subject_type = 'appointment' and t.subject_id = ?
                          and t.state in ('open', 'claimed') order by t.id for update of t
                        """)
                .params(patient, appointment)
                .query(this::task)
                .list();
    }

    List<Task> openForReason(String reason) {
        return jdbc.sql(SELECT
                        + "where t.reason_code = ? and t.state in ('open', 'claimed') order by t.id for update of t")
                .param(reason)
                .query(this::task)
                .list();
    }

    /** Open work: the most pressing first, keyset by (priority, due, id). */
    List<Task> open(
            List<String> states, @Nullable String assignee, @Nullable UUID patient, @Nullable Task after, int limit) {
        return jdbc.sql(SELECT + """
                        where t.state in (:states) and not t.shadow
                          and (cast(:assignee as text) is null or t.assignee = :assignee)
                          and (cast(:patient as uuid) is null or t.patient_id in (select merged_group(:patient)))
                          and (not :paged or (-t.priority, t.due_at, t.id) > (-cast(:priority as int), cast(:due as timestamptz), cast(:after as uuid)))
                        order by t.priority desc, t.due_at, t.id limit :limit
                        """)
                .param("states", states)
                .param("assignee", assignee)
                .param("patient", patient)
                .param("paged", after != null)
                .param("priority", after == null ? 0 : after.priority())
                .param("due", after == null ? utc(Instant.EPOCH) : utc(after.dueAt()))
                .param("after", after == null ? NOBODY : after.id())
                .param("limit", limit)
                .query(this::task)
                .list();
    }

    /** Closed work: newest first. */
    List<Task> closed(@Nullable UUID patient, @Nullable Task after, int limit) {
        return jdbc.sql(SELECT + """
                        where t.state in ('completed', 'cancelled') and not t.shadow
                          and (cast(:patient as uuid) is null or t.patient_id in (select merged_group(:patient)))
                          and (cast(:after as uuid) is null or t.id < :after)
                        order by t.id desc limit :limit
                        """)
                .param("patient", patient)
                .param("after", after == null ? null : after.id())
                .param("limit", limit)
                .query(this::task)
                .list();
    }

    /** Work that would have arisen in a department in shadow, by reason. */
    Map<String, Integer> shadows(UUID unit, Instant since) {
        Map<String, Integer> counts = new java.util.TreeMap<>();
        jdbc.sql(
                        "select reason_code, count(*) from task where shadow and org_unit_id = ? and created_at >= ? group by reason_code")
                .params(unit, utc(since))
                .query(row -> {
                    counts.put(row.getString(1), row.getInt(2));
                });
        return counts;
    }

    List<Task> ofPatient(UUID patient) {
        return jdbc.sql(SELECT + "where t.patient_id = ? and not t.shadow order by t.id desc limit 100")
                .param(patient)
                .query(this::task)
                .list();
    }

    @Override
    @Transactional(readOnly = true)
    public List<TaskOfJourney> of(UUID journeyInstance) {
        return jdbc.sql("select id, title, state from task where journey_instance_id = ? order by id desc limit 100")
                .param(journeyInstance)
                .query((row, n) -> new TaskOfJourney(row.getObject(1, UUID.class), row.getString(2), row.getString(3)))
                .list();
    }

    /** Whoever is paged about a task is paged again as soon as nobody has it any more. */
    void assign(Task task, @Nullable String assignee, String actor, Instant now) {
        jdbc.sql("update task set state = ?, assignee = ?, version = version + 1 where id = ?")
                .params(java.util.Arrays.asList(assignee == null ? "open" : "claimed", assignee, task.id()))
                .update();
        if (assignee == null) {
            pagedFrom(task, now);
        }
        happened(task.id(), assignee == null ? "released" : "claimed", actor, Map.of(), now);
        events.publishEvent(new TaskChanged(task.id(), TaskChanged.Kind.CHANGED, task.orgUnit()));
    }

    void close(Task task, String state, @Nullable String outcome, String actor, Instant now) {
        jdbc.sql("update task set state = ?, outcome = ?, closed_at = ?, version = version + 1 where id = ?")
                .params(java.util.Arrays.asList(state, outcome, utc(now), task.id()))
                .update();
        happened(task.id(), state, actor, outcome == null ? Map.of() : Map.of("outcome", outcome), now);
        events.publishEvent(new TaskChanged(task.id(), TaskChanged.Kind.CLOSED, task.orgUnit()));
    }

    private void pagedFrom(Task task, Instant due) {
        jdbc.sql("update task set page_due_at = ? where id = ? and page_due_at is not null")
                .params(utc(due), task.id())
                .update();
    }

    /** It is in the list again, due later: the patient was not reached. */
    void putOff(Task task, Instant due, String actor, Instant now) {
        jdbc.sql("update task set state = 'open', assignee = null, due_at = ?, version = version + 1 where id = ?")
                .params(utc(due), task.id())
                .update();
        pagedFrom(task, due);
        happened(task.id(), "put_off", actor, Map.of(), now);
        events.publishEvent(new TaskChanged(task.id(), TaskChanged.Kind.CHANGED, task.orgUnit()));
    }

    /** @param seconds how long the person had it in hand, where that was measured */
    void submitted(
            UUID submission, UUID task, String by, @Nullable Integer seconds, UUID key, byte[] answers, Instant now) {
        jdbc.sql("""
                        insert into task_submission (id, task_id, submitted_by, submitted_at, seconds_spent, key_id, answers)
                        values (:id, :task, :by, :now, :seconds, :key, :answers)
                        """)
                .param("id", submission)
                .param("task", task)
                .param("by", by)
                .param("now", utc(now))
                .param("seconds", seconds)
                .param("key", key)
                .param("answers", answers)
                .update();
    }

    /** Takes down what happened with a task besides its state; open pages are told. */
    void noted(UUID task, String kind, Map<String, Object> detail, Instant now) {
        happened(task, kind, "throughline", detail, now);
        find(task)
                .ifPresent(
                        known -> events.publishEvent(new TaskChanged(task, TaskChanged.Kind.CHANGED, known.orgUnit())));
    }

    private void happened(UUID task, String kind, String actor, Map<String, Object> detail, Instant now) {
        jdbc.sql("insert into task_event (id, task_id, kind, actor, at, detail) values (?, ?, ?, ?, ?, ?::jsonb)")
                .params(TimeOrderedId.next(), task, kind, actor, utc(now), json.writeValueAsString(detail))
                .update();
    }

    List<Happening> happenings(UUID task) {
        return jdbc.sql("select at, kind, actor, detail from task_event where task_id = ? order by at, id")
                .param(task)
                .query((row, n) -> new Happening(
                        row.getObject("at", OffsetDateTime.class).toInstant(),
                        row.getString("kind"),
                        row.getString("actor"),
                        map(row.getString("detail"))))
                .list();
    }

    private Map<String, Object> map(String text) {
        return json.readValue(text, new TypeReference<>() {});
    }

    private Task task(ResultSet row, int number) throws SQLException {
        return new Task(
                row.getObject("id", UUID.class),
                row.getString("queue_name"),
                row.getObject("org_unit_id", UUID.class),
                row.getObject("patient_id", UUID.class),
                row.getObject("journey_instance_id", UUID.class),
                row.getString("subject_type"),
                row.getObject("subject_id", UUID.class),
                row.getString("title"),
                row.getString("reason_code"),
                map(row.getString("facts")),
                row.getInt("priority"),
                row.getString("language"),
                row.getObject("due_at", OffsetDateTime.class).toInstant(),
                row.getString("state"),
                row.getString("assignee"),
                row.getString("engine_task_id"),
                row.getString("form_key"),
                row.getString("outcome"),
                row.getInt("version"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
