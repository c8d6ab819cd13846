package health.throughline.coordination;

import health.throughline.access.Caller;
import health.throughline.audit.Audit;
import health.throughline.care.Appointment;
import health.throughline.care.AppointmentId;
import health.throughline.care.Appointments;
import health.throughline.care.VisitTypes;
import health.throughline.conversation.ConversationHistory;
import health.throughline.coordination.JdbcTasks.Task;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** The worklist over HTTP. */
@RestController
@RequestMapping("/api/v1/tasks")
class TasksController {

    private static final DateTimeFormatter SAID_AT = DateTimeFormatter.ofPattern("EEE d MMM, HH:mm", Locale.ENGLISH);
    private static final int LATEST_SAID = 10;
    private static final int LATEST_CALLS = 5;
    private static final Duration CALLS_SINCE = Duration.ofDays(14);

    private final Worklist worklist;
    private final JdbcTasks tasks;
    private final TaskForms forms;
    private final People people;
    private final Appointments appointments;
    private final VisitTypes visitTypes;
    private final ConversationHistory history;
    private final JdbcCalls calls;
    private final Organization organization;
    private final Audit audit;
    private final Clock clock;

    TasksController(
            Worklist worklist,
            JdbcTasks tasks,
            TaskForms forms,
            People people,
            Appointments appointments,
            VisitTypes visitTypes,
            ConversationHistory history,
            JdbcCalls calls,
            Organization organization,
            Audit audit,
            Clock clock) {
        this.worklist = worklist;
        this.tasks = tasks;
        this.forms = forms;
        this.people = people;
        this.appointments = appointments;
        this.visitTypes = visitTypes;
        this.history = history;
        this.calls = calls;
        this.organization = organization;
        this.audit = audit;
        this.clock = clock;
    }

    @Schema(name = "UnitName")
    record UnitName(UUID id, String name) {}

    @Schema(name = "TaskSummary")
    record Summary(
            UUID id,
            String title,
            String reason,
            People.@Nullable Name patient,
            @Nullable String language,
            UnitName orgUnit,
            @Nullable String queue,
            int priority,
            Instant dueAt,
            boolean overdue,
            String state,
            @Nullable String assignee,
            Instant createdAt,
            int version) {}

    @Schema(name = "TaskPage")
    record Page(List<Summary> items, @Nullable String next) {}

    @Schema(name = "TaskForm")
    record Form(String key, JsonNode schema) {}

    @Schema(name = "TaskEvent")
    record Event(Instant at, String kind, String actor, String sentence) {}

    @Schema(name = "TaskAppointment")
    record Visit(
            UUID id,
            @Nullable Instant startAt,
            @Nullable String startLocal,
            String zone,
            @Nullable String location,
            @Nullable String visitType,
            String status,
            @Nullable String answer) {}

    @Schema(name = "Task")
    record Detail(
            UUID id,
            String title,
            String reason,
            People.@Nullable Name patient,
            @Nullable String language,
            UnitName orgUnit,
            @Nullable String queue,
            int priority,
            Instant dueAt,
            boolean overdue,
            String state,
            @Nullable String assignee,
            Instant createdAt,
            int version,
            List<String> tried,
            @Nullable String suggestion,
            Map<String, Object> facts,
            @Nullable Form form,
            List<Event> events,
            @Nullable Visit appointment,
            People.@Nullable Card patientCard,
            @Nullable OpenCall call) {}

    /** Somebody is on the phone with the patient. */
    @Schema(name = "OpenCall")
    record OpenCall(UUID id, String by) {}

    @Schema(name = "Completion")
    record Completion(Map<String, Object> data, int version) {}

    @GetMapping
    @Transactional
    Page page(
            @RequestParam(defaultValue = "open") String state,
            @RequestParam(required = false) @Nullable UUID patient,
            @RequestParam(required = false) @Nullable UUID after,
            @RequestParam(required = false) @Nullable Integer limit,
            @AuthenticationPrincipal Caller caller) {
        int size = Worklist.limit(limit);
        List<Task> found = worklist.page(state, caller, patient, after, size);
        audit.record(Audit.Entry.done("task.list", "task", state, patient).with("count", String.valueOf(found.size())));
        String next = found.size() == size ? found.getLast().id().toString() : null;
        return new Page(found.stream().map(this::summary).toList(), next);
    }

    @GetMapping("/{id}")
    @Transactional
    Detail read(@PathVariable UUID id) {
        Task task = worklist.find(id);
        audit.record(Audit.Entry.done("task.read", "task", id, task.patient()));
        return detail(task);
    }

    @PostMapping("/{id}/claim")
    @Transactional
    Detail claim(@PathVariable UUID id, @AuthenticationPrincipal Caller caller) {
        worklist.claim(id, caller);
        return detail(worklist.find(id));
    }

    @PostMapping("/{id}/release")
    @Transactional
    Detail release(@PathVariable UUID id, @AuthenticationPrincipal Caller caller) {
        worklist.release(id, caller);
        return detail(worklist.find(id));
    }

    @PostMapping("/{id}/complete")
    @Transactional
    Detail complete(@PathVariable UUID id, @RequestBody Completion completion, @AuthenticationPrincipal Caller caller) {
        worklist.complete(id, completion.data(), completion.version(), caller);
        return detail(worklist.find(id));
    }

    private Summary summary(Task task) {
        return new Summary(
                task.id(),
                task.title(),
                task.reason(),
                people.name(task.patient()).orElse(null),
                task.language(),
                unit(task.orgUnit()),
                task.queue(),
                task.priority(),
                task.dueAt(),
                overdue(task),
                task.state(),
                task.assignee(),
                task.createdAt(),
                task.version());
    }

    private boolean overdue(Task task) {
        boolean open = task.state().equals("open") || task.state().equals("claimed");
        return open && task.dueAt().isBefore(clock.instant());
    }

    private UnitName unit(UUID id) {
        return new UnitName(
                id, organization.find(new OrgUnitId(id)).map(OrgUnit::name).orElse(""));
    }

    private Detail detail(Task task) {
        PatientProfile profile =
                Optional.ofNullable(task.patient()).flatMap(people::profile).orElse(null);
        Appointment visit = task.subject() == null
                ? null
                : appointments.find(new AppointmentId(task.subject())).orElse(null);
        boolean open = task.state().equals("open") || task.state().equals("claimed");
        Summary summary = summary(task);
        return new Detail(
                summary.id(),
                summary.title(),
                summary.reason(),
                summary.patient(),
                summary.language(),
                summary.orgUnit(),
                summary.queue(),
                summary.priority(),
                summary.dueAt(),
                summary.overdue(),
                summary.state(),
                summary.assignee(),
                summary.createdAt(),
                summary.version(),
                tried(task, profile, visit),
                Reasons.suggestion(task.reason()),
                task.facts(),
                open ? new Form(task.formKey() == null ? TaskForms.FOLLOW_UP : task.formKey(), forms.of(task)) : null,
                tasks.happenings(task.id()).stream().map(TasksController::event).toList(),
                visit == null ? null : visit(visit),
                profile == null ? null : People.card(profile),
                task.patient() == null
                        ? null
                        : calls.open(task.patient(), clock.instant())
                                .map(call -> new OpenCall(call.id(), call.by()))
                                .orElse(null));
    }

    /** What was said both ways, the oldest first, so that nobody has to ask the patient again. */
    private List<String> tried(Task task, @Nullable PatientProfile profile, @Nullable Appointment visit) {
        if (profile == null) {
            return Stream.concat(
                            Stream.ofNullable(task.facts().get("inbound")),
                            tasks.happenings(task.id()).stream()
                                    .filter(happening -> happening.kind().equals(Pager.WROTE_AGAIN))
                                    .map(happening -> happening.detail().get("inbound"))
                                    .limit(LATEST_SAID))
                    .map(inbound -> UUID.fromString(String.valueOf(inbound)))
                    .flatMap(inbound -> history.inboundText(inbound).stream())
                    .map(text -> "They wrote: “" + text + "”")
                    .toList();
        }
        ZoneId zone = visit != null ? visit.zone() : profile.zone() != null ? profile.zone() : ZoneId.of("UTC");
        List<Tried> tried = new ArrayList<>(
                history.of(new PatientId(profile.id().value()), clock.instant().plusSeconds(1), LATEST_SAID).stream()
                        .filter(entry -> entry.fromPatient()
                                || task.journeyInstance() == null
                                || task.journeyInstance().equals(entry.journeyInstance()))
                        .limit(LATEST_SAID)
                        .map(entry -> new Tried(entry.at(), sentence(entry, zone)))
                        .toList());
        calls.ofPatient(profile.id().value(), clock.instant(), LATEST_CALLS).stream()
                .filter(call -> call.outcome() != null
                        && call.openedAt().isAfter(clock.instant().minus(CALLS_SINCE)))
                .map(call -> new Tried(call.openedAt(), sentence(call, zone)))
                .forEach(tried::add);
        List<String> sentences = new ArrayList<>(tried.stream()
                .sorted(java.util.Comparator.comparing(Tried::at))
                .map(Tried::sentence)
                .toList());
        if (task.facts().get("because") instanceof String because) {
            sentences.add(Reasons.because(because));
        }
        return sentences;
    }

    private record Tried(Instant at, String sentence) {}

    private static String sentence(JdbcCalls.Call call, ZoneId zone) {
        String how = CallOutcome.ofCode(call.outcome()).map(CallOutcome::label).orElse("nobody said how it ended");
        return SAID_AT.format(call.openedAt().atZone(zone)) + ": " + call.by() + " called, "
                + how.toLowerCase(Locale.ENGLISH);
    }

    private static String sentence(ConversationHistory.Entry entry, ZoneId zone) {
        String when = SAID_AT.format(entry.at().atZone(zone));
        if (entry.fromPatient()) {
            String how = entry.channel().equals("voice") ? "answered a call" : "wrote";
            return when + ": the patient " + how + " “" + entry.text() + "”";
        }
        String what = switch (String.valueOf(entry.template())) {
            case "appointment-reminder" -> "Reminder";
            case "visit-confirmed" -> "Thanks for confirming";
            case "change-requested" -> "Word that the request was passed on";
            default -> "Message";
        };
        return when + ": " + what + " by " + channel(entry.channel()) + ", " + state(entry.state());
    }

    private static String channel(String code) {
        return switch (code) {
            case "sms" -> "text";
            case "voice" -> "call";
            default -> code;
        };
    }

    private static String state(String state) {
        return switch (state) {
            case "queued", "leased", "attempting" -> "on its way";
            case "accepted", "sent" -> "sent";
            case "delivered", "read" -> "delivered";
            case "unknown" -> "nobody knows whether it arrived";
            case "suppressed" -> "held back";
            default -> "not delivered";
        };
    }

    private static Event event(JdbcTasks.Happening happening) {
        String outcome = happening.detail().get("outcome") == null
                ? ""
                : ": " + happening.detail().get("outcome").toString().replace('_', ' ');
        String sentence = switch (happening.kind()) {
            case "created" -> "The task was made";
            case "claimed" -> happening.actor() + " took it";
            case "released" -> happening.actor() + " gave it back";
            case "completed" -> happening.actor() + " finished it" + outcome;
            case "put_off" -> happening.actor() + " did not reach the patient; it is to be tried again";
            case "cancelled" ->
                CarriedTasks.CARRIED.equals(happening.detail().get("outcome"))
                        ? "Its journey ended; what the patient said stands in a new task"
                        : "It was no longer needed";
            case "paged" -> detail(happening, "who") + " was paged";
            case "page-failed" ->
                "The page to " + detail(happening, "who") + " did not arrive: " + detail(happening, "because");
            case "acknowledged" -> detail(happening, "who") + " answered the page and takes it";
            case "called-already" ->
                "Somebody is being called for this patient already; nobody is paged about this one while that goes on";
            case Pager.WROTE_AGAIN -> "They wrote of danger again";
            case "chain-ended" -> "Nobody on call has answered twice; paging goes on every quarter of an hour";
            case Pager.NO_ON_CALL -> "Nobody was paged: no one is on call for this unit";
            case "paging-ended" -> "Paging ended after twelve hours";
            case PersonTasks.JOINED ->
                "More came from the same address, to be read with this: " + detail(happening, "because");
            case "safety-failed" -> "The automatic answer did not arrive: " + detail(happening, "because");
            case "returned" -> detail(happening, "who") + " is away; it went back to the queue";
            default -> happening.kind();
        };
        return new Event(happening.at(), happening.kind(), happening.actor(), sentence);
    }

    private static String detail(JdbcTasks.Happening happening, String name) {
        return String.valueOf(happening.detail().getOrDefault(name, "somebody"));
    }

    private Visit visit(Appointment visit) {
        return new Visit(
                visit.id().value(),
                visit.startAt(),
                visit.startLocal() == null ? null : visit.startLocal().toString(),
                visit.zone().getId(),
                visit.location() == null
                        ? null
                        : organization.find(visit.location()).map(OrgUnit::name).orElse(null),
                visit.visitType() == null ? null : visitTypes.display(visit.source(), visit.visitType()),
                visit.status().code(),
                visit.answer() == null ? null : visit.answer().code());
    }
}
