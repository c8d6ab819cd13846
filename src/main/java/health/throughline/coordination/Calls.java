package health.throughline.coordination;

import health.throughline.TimeOrderedId;
import health.throughline.access.Caller;
import health.throughline.access.Conflict;
import health.throughline.access.Invalid;
import health.throughline.access.NotFound;
import health.throughline.access.Role;
import health.throughline.audit.Audit;
import health.throughline.channel.Channel;
import health.throughline.consent.ConsentLedger;
import health.throughline.conversation.ConversationChanged;
import health.throughline.conversation.Talk;
import health.throughline.coordination.JdbcCalls.Call;
import health.throughline.coordination.JdbcTasks.Task;
import health.throughline.patient.Numbers;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Opens and ends calls. Ending one completes the task by its form and moves the journey on, in one transaction. */
@Service
class Calls {

    private static final int URGENT = 100;
    private static final int BATCH = 50;

    private final JdbcCalls calls;
    private final JdbcTasks tasks;
    private final Worklist worklist;
    private final TaskForms forms;
    private final Numbers numbers;
    private final ConsentLedger ledger;
    private final Talk talk;
    private final PersonTasks personTasks;
    private final ApplicationEventPublisher events;
    private final Audit audit;
    private final CoordinationSettings settings;
    private final Clock clock;

    Calls(
            JdbcCalls calls,
            JdbcTasks tasks,
            Worklist worklist,
            TaskForms forms,
            Numbers numbers,
            ConsentLedger ledger,
            Talk talk,
            PersonTasks personTasks,
            ApplicationEventPublisher events,
            Audit audit,
            CoordinationSettings settings,
            Clock clock) {
        this.calls = calls;
        this.tasks = tasks;
        this.worklist = worklist;
        this.forms = forms;
        this.numbers = numbers;
        this.ledger = ledger;
        this.talk = talk;
        this.personTasks = personTasks;
        this.events = events;
        this.audit = audit;
        this.settings = settings;
        this.clock = clock;
    }

    /** What became of the task with the end of a call. */
    enum Then {
        COMPLETED,
        STAYS,
        COMES_BACK,
        WAS_CLOSED
    }

    /** @param sentence for the coordinator */
    record Ended(Call call, Then then, String sentence) {}

    /** Claims the task for the caller, where nobody has it. The same person again gets the call that is open. */
    @Transactional
    public Call open(UUID taskId, Caller caller) {
        worklist.claim(taskId, caller);
        Task task = worklist.find(taskId);
        UUID patient = task.patient();
        if (!task.isOpen()) {
            throw new Conflict("The task is closed already: there is nothing to call about.");
        }
        if (patient == null) {
            throw new Conflict("This task is about no single patient: there is nobody to call.");
        }
        Instant now = clock.instant();
        calls.lockForgotten(patient, now, 1).forEach(this::abandon);
        UUID id = calls.insert(patient, taskId, caller.getName(), now, now.plus(settings.callLimit()))
                .orElse(null);
        if (id == null) {
            return alreadyOpen(patient, taskId, caller, now);
        }
        audit.record(Audit.Entry.done("call.open", "call", id, patient).with("task", taskId.toString()));
        events.publishEvent(new ConversationChanged(patient));
        return find(id);
    }

    private Call alreadyOpen(UUID patient, UUID task, Caller caller, Instant now) {
        Call open = calls.open(patient, now).orElse(null);
        if (open != null && open.by().equals(caller.getName()) && task.equals(open.task())) {
            return open;
        }
        throw new Conflict(
                open == null
                        ? "A call to this patient ended at this moment. Try again."
                        : open.by().equals(caller.getName())
                                ? "You are on the phone with this patient about another task. End that call first."
                                : open.by() + " is on the phone with this patient.");
    }

    /** A person's own call is never kept back by what somebody refused; they are told of it (K5). */
    Optional<String> warning(PatientProfile patient) {
        return ledger.history(patient.party()).stream()
                .findFirst()
                .filter(latest -> latest.action().equals("revoke"))
                .map(latest -> "The patient refused automated messages ("
                        + (latest.how().equals("staff")
                                ? "told to staff"
                                : latest.how().replace('-', ' '))
                        + "). You may call; ask whether that is all right.");
    }

    Call find(UUID id) {
        return calls.find(id).orElseThrow(() -> new NotFound("call", id));
    }

    /** What may be chosen at the end of a call about that task. */
    List<CallOutcome> outcomes(@Nullable Task task) {
        return CallOutcome.offeredBy(
                task == null || !task.isOpen() ? Set.of() : TaskForms.choices(forms.of(task), "outcome"));
    }

    /**
     * The same outcome by the same person again changes nothing. A call that was taken for ended is still theirs to end.
     *
     * @param number which of several was called, for a wrong number
     */
    @Transactional
    public Ended end(UUID id, CallOutcome outcome, @Nullable String note, @Nullable String number, Caller caller) {
        Call call = calls.lock(id).orElseThrow(() -> new NotFound("call", id));
        if (!call.by().equals(caller.getName()) && caller.role() != Role.SUPERVISOR) {
            throw new Conflict(call.by() + " made this call, and ends it.");
        }
        if (call.closedAt() != null && !JdbcCalls.ABANDONED.equals(call.outcome())) {
            if (outcome.code().equals(call.outcome())) {
                return new Ended(call, Then.WAS_CLOSED, "This was taken down already.");
            }
            throw new Conflict("The call was ended already. Open another to take down something else.");
        }
        Instant now = clock.instant();
        int seconds = (int) Duration.between(call.openedAt(), now).toSeconds();
        calls.close(call, outcome.code(), caller.getName(), seconds, now);
        audit.record(Audit.Entry.done("call.end", "call", id, call.patient()).with("outcome", outcome.code()));
        if (outcome == CallOutcome.WRONG_NUMBER) {
            wrongNumber(call, number, caller, now);
        }
        Ended ended = settle(call, outcome, note, seconds, caller, now);
        talk.called(new PatientId(call.patient()), outcome.contact());
        talk.goOn(new PatientId(call.patient()), JdbcCalls.REASON);
        return ended;
    }

    private Ended settle(
            Call call, CallOutcome outcome, @Nullable String note, int seconds, Caller caller, Instant now) {
        Task task = call.task() == null ? null : tasks.lock(call.task()).orElse(null);
        if (note != null && !note.isBlank() && (task == null || !task.isOpen() || !completes(task, outcome))) {
            talk.note(TimeOrderedId.next(), new PatientId(call.patient()), caller.getName(), note);
        }
        if (task == null || !task.isOpen()) {
            return afterAll(call, task, outcome);
        }
        Set<String> choices = TaskForms.choices(forms.of(task), "outcome");
        Set<String> fields = TaskForms.fields(forms.of(task));
        if (outcome.isReached() && outcome.answers(choices, fields).isEmpty()) {
            throw new Invalid("outcome", "This task has no such ending. Choose one that is offered");
        }
        if (outcome == CallOutcome.WRONG_NUMBER) {
            return new Ended(
                    find(call.id()),
                    Then.STAYS,
                    "Nothing goes to that number any more. The task is still yours: try another number, or find the right one.");
        }
        if (!completes(task, outcome)) {
            Duration within = task.priority() >= URGENT ? settings.tryAgainUrgentlyAfter() : settings.tryAgainAfter();
            tasks.putOff(task, now.plus(within), caller.getName(), now);
            return new Ended(find(call.id()), Then.COMES_BACK, "The task is back in the list, to be tried again.");
        }
        Map<String, Object> data =
                new LinkedHashMap<>(outcome.answers(choices, fields).orElseThrow());
        if (note != null && !note.isBlank() && fields.contains("note")) {
            data.put("note", note.strip());
        }
        worklist.complete(task.id(), data, task.version(), caller, seconds);
        return new Ended(find(call.id()), Then.COMPLETED, "Taken down; the task is done.");
    }

    private boolean completes(Task task, CallOutcome outcome) {
        return outcome.answers(TaskForms.choices(forms.of(task), "outcome"), TaskForms.fields(forms.of(task)))
                .isPresent();
    }

    /** The patient answered by text, or the visit changed, while they were on the phone: what they said there must not be lost. */
    private Ended afterAll(Call call, @Nullable Task task, CallOutcome outcome) {
        if (task != null && (outcome == CallOutcome.REACHED_CANCEL || outcome == CallOutcome.REACHED_MOVE)) {
            personTasks.saidOnThePhone(task, call.id(), outcome == CallOutcome.REACHED_CANCEL);
            return new Ended(
                    find(call.id()),
                    Then.WAS_CLOSED,
                    "The task was closed while you spoke. A new one holds what the patient said.");
        }
        return new Ended(find(call.id()), Then.WAS_CLOSED, "Taken down. The task was closed while you spoke.");
    }

    private void wrongNumber(Call call, @Nullable String number, Caller caller, Instant now) {
        if (number == null) {
            throw new Invalid("number", "Say which number was the wrong one");
        }
        var patient = new PatientId(call.patient());
        try {
            if (!numbers.wrong(patient, number)) {
                throw new Invalid("number", "The patient has no such number");
            }
            numbers.find(Channel.SMS, number)
                    .or(() -> numbers.find(Channel.VOICE, number))
                    .ifPresent(address -> ledger.revoke(
                            null,
                            address,
                            null,
                            new ConsentLedger.Statement(
                                    "wrong-number", caller.getName(), null, "address", "call:" + call.id(), now)));
        } catch (IllegalArgumentException e) {
            throw new Invalid("number", "This " + e.getMessage());
        }
    }

    private void abandon(Call call) {
        Instant now = clock.instant();
        int seconds = (int) Duration.between(call.openedAt(), call.endsAt()).toSeconds();
        calls.close(call, JdbcCalls.ABANDONED, "throughline", seconds, now);
        events.publishEvent(new ConversationChanged(call.patient()));
        talk.goOn(new PatientId(call.patient()), JdbcCalls.REASON);
    }

    /** A call nobody ended does not keep the patient's messages for ever. */
    @Scheduled(fixedDelay = 5_000)
    @Transactional
    public void endForgotten() {
        calls.lockForgotten(null, clock.instant(), BATCH).forEach(this::abandon);
    }
}
