package health.throughline.coordination;

import health.throughline.access.Caller;
import health.throughline.access.Conflict;
import health.throughline.access.Invalid;
import health.throughline.access.NotFound;
import health.throughline.access.Role;
import health.throughline.audit.Audit;
import health.throughline.consent.Purpose;
import health.throughline.conversation.ConversationHistory;
import health.throughline.conversation.Talk;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The inbox over HTTP: what patients write, and what a person says to them. Every read is audited. */
@RestController
@RequestMapping("/api/v1/conversations")
class ConversationsController {

    private static final int LONGEST_TEXT = 1000;
    private static final int LONGEST_NOTE = 4000;
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]{8,100}");

    private final Talk talk;
    private final ConversationHistory history;
    private final JdbcThreads threads;
    private final JdbcTasks tasks;
    private final People people;
    private final AsProduct product;
    private final Audit audit;
    private final Clock clock;

    ConversationsController(
            Talk talk,
            ConversationHistory history,
            JdbcThreads threads,
            JdbcTasks tasks,
            People people,
            AsProduct product,
            Audit audit,
            Clock clock) {
        this.talk = talk;
        this.history = history;
        this.threads = threads;
        this.tasks = tasks;
        this.people = people;
        this.product = product;
        this.audit = audit;
        this.clock = clock;
    }

    @Schema(name = "ThreadSummary")
    record Summary(
            People.Name patient,
            @Nullable String language,
            Instant activeAt,
            @Nullable String lastText,
            @Nullable String lastBy,
            @Nullable String takenBy,
            @Nullable String calledBy,
            int openTasks) {}

    @Schema(name = "ThreadPage")
    record Page(List<Summary> items, @Nullable String next) {}

    @Schema(name = "TakenOver")
    record Taken(String by, Instant since, boolean mine) {}

    /** @param kind message, reply or note */
    @Schema(name = "ThreadLine")
    record Line(
            UUID id,
            Instant at,
            String kind,
            String authorKind,
            String author,
            @Nullable String channel,
            String text,
            @Nullable String state,
            @Nullable String meaning,
            @Nullable String why,
            boolean planned,
            List<AttachmentsController.Shown> attachments) {}

    @Schema(name = "ThreadTask")
    record OpenTask(UUID id, String title, @Nullable String assignee, Instant dueAt) {}

    @Schema(name = "Thread")
    record Detail(
            People.Card patient,
            @Nullable Taken takenOver,
            @Nullable String calledBy,
            List<OpenTask> tasks,
            List<Line> lines,
            @Nullable String next) {}

    @Schema(name = "Words")
    record Words(@Nullable String text, @Nullable String purpose) {}

    /**
     * @param outcome may, not-now or may-not
     * @param worded as the patient would read it: with who writes, where that is added
     */
    @Schema(name = "Foreseen")
    record Foreseen(
            String outcome,
            @Nullable Instant until,
            String reason,
            String sentence,
            @Nullable String to,
            String worded,
            int segments,
            int characters) {}

    @Schema(name = "Said")
    record Said(UUID message, @Nullable Instant until, String why) {}

    @GetMapping
    @Transactional
    Page page(
            @RequestParam(defaultValue = "needs-person") String show,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable Integer limit,
            @AuthenticationPrincipal Caller caller) {
        int size = Worklist.limit(limit);
        List<JdbcThreads.Row> found = threads.page(show(show), caller.getName(), cursor(after), size, clock.instant());
        audit.record(Audit.Entry.done("conversation.list", "conversation", show, null)
                .with("count", String.valueOf(found.size())));
        JdbcThreads.Row last = found.size() == size ? found.getLast() : null;
        return new Page(
                found.stream().flatMap(row -> summary(row).stream()).toList(),
                last == null ? null : last.activeAt() + "~" + last.id());
    }

    private static JdbcThreads.Show show(String code) {
        return switch (code) {
            case "needs-person" -> JdbcThreads.Show.NEEDS_PERSON;
            case "mine" -> JdbcThreads.Show.MINE;
            case "all" -> JdbcThreads.Show.ALL;
            default -> throw new Invalid("show", "Ask for needs-person, mine or all");
        };
    }

    private static JdbcThreads.@Nullable Cursor cursor(@Nullable String after) {
        if (after == null) {
            return null;
        }
        int at = after.indexOf('~');
        try {
            return new JdbcThreads.Cursor(
                    Instant.parse(after.substring(0, Math.max(at, 0))), UUID.fromString(after.substring(at + 1)));
        } catch (DateTimeParseException | IllegalArgumentException e) {
            throw new Invalid("after", "Give back what the former page named as next");
        }
    }

    private Optional<Summary> summary(JdbcThreads.Row row) {
        return people.profile(row.patient()).map(patient -> {
            Optional<ConversationHistory.Entry> last =
                    history.of(patient.id(), clock.instant().plusSeconds(1), 1).stream()
                            .filter(entry -> !entry.planned())
                            .findFirst();
            return new Summary(
                    new People.Name(patient.id().value(), People.fullName(patient)),
                    patient.language(),
                    row.activeAt(),
                    last.map(ConversationsController::shown).orElse(null),
                    last.map(ConversationHistory.Entry::authorKind).orElse(null),
                    row.takenBy(),
                    row.calledBy(),
                    row.openTasks());
        });
    }

    @GetMapping("/{patient}")
    @Transactional
    Detail read(
            @PathVariable UUID patient,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable Integer limit,
            @AuthenticationPrincipal Caller caller) {
        PatientProfile profile = visible(patient);
        audit.record(Audit.Entry.done(
                "conversation.read", "conversation", patient, profile.id().value()));
        int size = Worklist.limit(limit);
        Instant before = before(after);
        List<Line> lines = new ArrayList<>();
        history.of(profile.id(), before, size).forEach(entry -> lines.add(line(entry)));
        talk.notes(profile.id(), before, size).forEach(note -> lines.add(line(note)));
        List<Line> page = lines.stream()
                .filter(line -> line.at().isBefore(before) || line.planned() && after == null)
                .sorted(Comparator.comparing(Line::planned)
                        .reversed()
                        .thenComparing(Line::at, Comparator.reverseOrder()))
                .limit(size)
                .toList();
        return new Detail(
                People.card(profile),
                taken(profile.id(), caller),
                threads.calledBy(profile.id().value(), clock.instant()),
                tasks.ofPatient(profile.id().value()).stream()
                        .filter(JdbcTasks.Task::isOpen)
                        .map(task -> new OpenTask(task.id(), task.title(), task.assignee(), task.dueAt()))
                        .toList(),
                page,
                page.size() == size ? page.getLast().at().toString() : null);
    }

    private Instant before(@Nullable String after) {
        try {
            return after == null ? clock.instant().plus(Duration.ofSeconds(1)) : Instant.parse(after);
        } catch (DateTimeParseException e) {
            throw new Invalid("after", "Give back what the former page named as next");
        }
    }

    private static String shown(ConversationHistory.Entry entry) {
        return entry.text().isBlank() && !entry.attachments().isEmpty() ? "(a picture)" : entry.text();
    }

    private static Line line(ConversationHistory.Entry entry) {
        return new Line(
                entry.id(),
                entry.at(),
                entry.fromPatient() ? "reply" : "message",
                entry.authorKind(),
                entry.author(),
                entry.channel(),
                entry.text(),
                entry.state(),
                entry.meaning(),
                entry.why(),
                entry.planned(),
                entry.attachments().stream()
                        .map(AttachmentsController.Shown::of)
                        .toList());
    }

    private static Line line(Talk.Note note) {
        return new Line(
                note.id(),
                note.at(),
                "note",
                "person",
                note.author(),
                null,
                note.text(),
                null,
                null,
                null,
                false,
                List.of());
    }

    private @Nullable Taken taken(PatientId patient, Caller caller) {
        return talk.takenOver(patient)
                .map(takeover ->
                        new Taken(takeover.by(), takeover.since(), takeover.by().equals(caller.getName())))
                .orElse(null);
    }

    @PostMapping("/{patient}/preview")
    Foreseen preview(@PathVariable UUID patient, @RequestBody Words words) {
        PatientId id = product.asCaller(() -> visible(patient)).id();
        String text = text(words.text(), LONGEST_TEXT);
        Purpose purpose = purpose(words.purpose());
        return product.run(() -> {
            audit.record(Audit.Entry.done("conversation.preview", "conversation", patient, id.value()));
            Talk.Foreseen foreseen = talk.foresee(id, text, purpose);
            return new Foreseen(
                    foreseen.outcome(),
                    foreseen.until(),
                    foreseen.reason(),
                    foreseen.sentence(),
                    foreseen.to(),
                    foreseen.worded(),
                    foreseen.segments(),
                    foreseen.worded().codePointCount(0, foreseen.worded().length()));
        });
    }

    @PostMapping("/{patient}/messages")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Said say(
            @PathVariable UUID patient,
            @RequestBody Words words,
            @RequestHeader("Idempotency-Key") String key,
            @AuthenticationPrincipal Caller caller) {
        PatientId id = product.asCaller(() -> visible(patient)).id();
        String text = text(words.text(), LONGEST_TEXT);
        Purpose purpose = purpose(words.purpose());
        mustBeKey(key);
        return product.run(() -> {
            mustNotBeOthers(id, caller);
            Talk.Outcome outcome = talk.say(new Talk.Words(id, text, purpose, caller.getName(), key));
            return switch (outcome) {
                case Talk.Going going -> {
                    audit.record(Audit.Entry.done("conversation.say", "message", going.message(), id.value()));
                    tasks.openOfCause(PersonTasks.talkOf(id.value()))
                            .ifPresent(task ->
                                    tasks.close(task, "completed", "answered", caller.getName(), clock.instant()));
                    yield new Said(going.message(), going.until(), going.why());
                }
                case Talk.NotSaid no -> throw new Conflict(no.why());
                case Talk.KeyUsed used -> throw keyUsed();
            };
        });
    }

    @Schema(name = "Note")
    record NewNote(@Nullable String text) {}

    @PostMapping("/{patient}/notes")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Transactional
    void note(
            @PathVariable UUID patient,
            @RequestBody NewNote note,
            @RequestHeader("Idempotency-Key") String key,
            @AuthenticationPrincipal Caller caller) {
        PatientId id = visible(patient).id();
        String text = text(note.text(), LONGEST_NOTE);
        mustBeKey(key);
        UUID noteId =
                UUID.nameUUIDFromBytes((caller.getName() + ":" + id + ":" + key).getBytes(StandardCharsets.UTF_8));
        if (!talk.note(noteId, id, caller.getName(), text)) {
            throw keyUsed();
        }
        audit.record(Audit.Entry.done("conversation.note", "conversation_note", noteId, id.value()));
    }

    @PostMapping("/{patient}/takeover")
    Taken takeOver(@PathVariable UUID patient, @AuthenticationPrincipal Caller caller) {
        PatientId id = product.asCaller(() -> visible(patient)).id();
        return product.run(() -> {
            Talk.Takeover takeover = talk.takeOver(id, caller.getName());
            if (!takeover.by().equals(caller.getName())) {
                throw new Conflict(takeover.by() + " has taken this conversation over. Ask them to hand it back.");
            }
            audit.record(Audit.Entry.done("conversation.takeover", "conversation", id, id.value()));
            return new Taken(takeover.by(), takeover.since(), true);
        });
    }

    @PostMapping("/{patient}/return")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void giveBack(@PathVariable UUID patient, @AuthenticationPrincipal Caller caller) {
        PatientId id = product.asCaller(() -> visible(patient)).id();
        product.run(() -> {
            if (caller.role() != Role.SUPERVISOR) {
                mustNotBeOthers(id, caller);
            }
            talk.giveBack(id, caller.getName());
            audit.record(Audit.Entry.done("conversation.return", "conversation", id, id.value()));
            return id;
        });
    }

    private PatientProfile visible(UUID patient) {
        return people.profile(patient).orElseThrow(() -> new NotFound("patient", patient));
    }

    private void mustNotBeOthers(PatientId patient, Caller caller) {
        talk.takenOver(patient)
                .filter(takeover -> !takeover.by().equals(caller.getName()))
                .ifPresent(takeover -> {
                    throw new Conflict(takeover.by()
                            + " has taken this conversation over. Ask them, or a supervisor, to hand it back.");
                });
    }

    private static Invalid keyUsed() {
        return new Invalid("Idempotency-Key", "Other words were sent under this key. Use a new one.");
    }

    private static void mustBeKey(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new Invalid("Idempotency-Key", "Give 8 to 100 letters, digits, - or _, new for each message");
        }
    }

    private static Purpose purpose(@Nullable String code) {
        return switch (code == null ? "operational" : code.toLowerCase(Locale.ROOT)) {
            case "operational" -> Purpose.OPERATIONAL;
            case "care" -> Purpose.CARE;
            default -> throw new Invalid("purpose", "A person's text is operational or care");
        };
    }

    private static String text(@Nullable String text, int longest) {
        if (text == null || text.isBlank()) {
            throw new Invalid("text", "Write something");
        }
        String said = text.strip();
        if (said.codePointCount(0, said.length()) > longest) {
            throw new Invalid("text", "Keep it to " + longest + " characters");
        }
        boolean unprintable =
                said.chars().anyMatch(character -> Character.isISOControl(character) && character != '\n');
        boolean broken = said.codePoints()
                .anyMatch(point -> Character.getType(point) == Character.SURROGATE
                        || point >= 0x202A && point <= 0x202E
                        || point >= 0x2066 && point <= 0x2069);
        if (unprintable || broken) {
            throw new Invalid("text", "It holds characters that no phone shows; write it anew");
        }
        return said;
    }
}
