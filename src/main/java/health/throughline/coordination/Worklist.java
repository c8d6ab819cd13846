package health.throughline.coordination;

import health.throughline.TimeOrderedId;
import health.throughline.access.Caller;
import health.throughline.access.Conflict;
import health.throughline.access.Invalid;
import health.throughline.access.NotFound;
import health.throughline.audit.Audit;
import health.throughline.channel.CardNumbers;
import health.throughline.coordination.JdbcTasks.Task;
import health.throughline.encryption.DataKeyId;
import health.throughline.encryption.Encryption;
import health.throughline.patient.PatientId;
import health.throughline.patient.Patients;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.TaskService;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** What people do with tasks: take, give back, finish. A task is one person's at a time; finishing moves the journey on in the same transaction. */
@Service
class Worklist {

    private static final int PAGE = 50;

    private final JdbcTasks tasks;
    private final TaskForms forms;
    private final TaskService engineTasks;
    private final Patients patients;
    private final Encryption encryption;
    private final Audit audit;
    private final JsonMapper json;
    private final Clock clock;

    Worklist(
            JdbcTasks tasks,
            TaskForms forms,
            TaskService engineTasks,
            Patients patients,
            Encryption encryption,
            Audit audit,
            JsonMapper json,
            Clock clock) {
        this.tasks = tasks;
        this.forms = forms;
        this.engineTasks = engineTasks;
        this.patients = patients;
        this.encryption = encryption;
        this.audit = audit;
        this.json = json;
        this.clock = clock;
    }

    @Transactional(readOnly = true)
    public List<Task> page(String state, Caller caller, @Nullable UUID patient, @Nullable UUID after, int limit) {
        Task last = after == null ? null : find(after);
        return switch (state) {
            case "open" -> tasks.open(List.of("open", "claimed"), null, patient, last, limit);
            case "claimed" -> tasks.open(List.of("claimed"), null, patient, last, limit);
            case "mine" -> tasks.open(List.of("claimed"), caller.getName(), patient, last, limit);
            case "closed" -> tasks.closed(patient, last, limit);
            default ->
                throw new Invalid(
                        "state", "There is no state \"" + state + "\": ask for open, claimed, mine or closed");
        };
    }

    static int limit(@Nullable Integer asked) {
        if (asked == null) {
            return PAGE;
        }
        if (asked < 1 || asked > 100) {
            throw new Invalid("limit", "A page holds 1 to 100 items");
        }
        return asked;
    }

    Task find(UUID id) {
        return tasks.find(id).orElseThrow(() -> new NotFound("task", id));
    }

    @Transactional
    public void claim(UUID id, Caller caller) {
        Task task = lock(id);
        if (caller.getName().equals(task.assignee())) {
            return;
        }
        mustBeOpen(task);
        mustBeFree(task, caller);
        tasks.assign(task, caller.getName(), caller.getName(), clock.instant());
        audit.record(Audit.Entry.done("task.claim", "task", id, task.patient()));
    }

    @Transactional
    public void release(UUID id, Caller caller) {
        Task task = lock(id);
        mustBeOpen(task);
        if (task.assignee() == null) {
            return;
        }
        mustBeFree(task, caller);
        tasks.assign(task, null, caller.getName(), clock.instant());
        audit.record(Audit.Entry.done("task.release", "task", id, task.patient()));
    }

    /** @param version the task as the person saw it: what changed meanwhile is shown before it is lost */
    @Transactional
    public void complete(UUID id, Map<String, Object> data, int version, Caller caller) {
        complete(id, data, version, caller, null);
    }

    /** @param seconds how long the person had it in hand, where that was measured */
    @Transactional
    public void complete(UUID id, Map<String, Object> data, int version, Caller caller, @Nullable Integer seconds) {
        Task task = lock(id);
        mustBeOpen(task);
        mustBeFree(task, caller);
        if (task.version() != version) {
            throw new Conflict(
                    "The task changed while you had it open. Look at it again; what you filled in is still in the"
                            + " form.");
        }
        TaskForms.Accepted accepted = forms.check(forms.of(task), masked(data));
        Instant now = clock.instant();
        store(task, accepted.answers(), caller, seconds, now);
        Object outcome = accepted.variables().get("outcome");
        tasks.close(task, "completed", outcome == null ? null : outcome.toString(), caller.getName(), now);
        audit.record(Audit.Entry.done("task.complete", "task", id, task.patient())
                .with("outcome", outcome == null ? "" : outcome.toString()));
        if (task.engineTask() != null) {
            moveOn(task.engineTask(), accepted.variables());
        }
    }

    private void moveOn(String engineTask, Map<String, Object> variables) {
        try {
            engineTasks.complete(engineTask, variables);
        } catch (OptimisticLockingException e) {
            throw new OptimisticLockingFailureException("The journey moved on at the same moment", e);
        }
    }

    private void store(Task task, Map<String, Object> answers, Caller caller, @Nullable Integer seconds, Instant now) {
        UUID submission = TimeOrderedId.next();
        DataKeyId key = task.patient() == null ? encryption.systemKey() : patients.keyOf(new PatientId(task.patient()));
        byte[] sealed = encryption.encrypt(
                key, new Encryption.Field("task_submission", "answers", submission), json.writeValueAsString(answers));
        tasks.submitted(submission, task.id(), caller.getName(), seconds, key.value(), sealed, now);
    }

    private Task lock(UUID id) {
        return tasks.lock(id).orElseThrow(() -> new NotFound("task", id));
    }

    private static void mustBeOpen(Task task) {
        if (!task.state().equals("open") && !task.state().equals("claimed")) {
            throw new Conflict("The task is closed already"
                    + (CarriedTasks.CARRIED.equals(task.outcome())
                            ? ": its journey ended, and what the patient said stands in a new task."
                            : task.state().equals("cancelled") ? ": it was no longer needed." : "."));
        }
    }

    private static void mustBeFree(Task task, Caller caller) {
        if (task.assignee() != null && !task.assignee().equals(caller.getName())) {
            throw new Conflict(task.assignee() + " has this task. Ask them to give it back, or take another.");
        }
    }

    /** What a form is told of a payment card is not kept (K20). */
    private static Map<String, Object> masked(Map<String, Object> data) {
        Map<String, Object> masked = new LinkedHashMap<>();
        data.forEach((key, value) -> masked.put(key, value instanceof String text ? CardNumbers.mask(text) : value));
        return masked;
    }
}
