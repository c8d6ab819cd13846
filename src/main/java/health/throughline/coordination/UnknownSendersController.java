package health.throughline.coordination;

import health.throughline.access.Caller;
import health.throughline.access.Conflict;
import health.throughline.access.Invalid;
import health.throughline.access.NotFound;
import health.throughline.audit.Audit;
import health.throughline.conversation.UnknownSenders;
import health.throughline.patient.AddressId;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
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

/** Numbers of which it is not known whose they are, over HTTP: a person reads, then links or dismisses them. All of it is audited. */
@RestController
@RequestMapping("/api/v1/unknown-senders")
class UnknownSendersController {

    private static final int MOST_LINES = 50;
    private static final int LONGEST_ANSWER = 1000;
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]{8,100}");

    private final UnknownSenders senders;
    private final Patients patients;
    private final People people;
    private final AsProduct product;
    private final Audit audit;

    UnknownSendersController(UnknownSenders senders, Patients patients, People people, AsProduct product, Audit audit) {
        this.senders = senders;
        this.patients = patients;
        this.people = people;
        this.product = product;
        this.audit = audit;
    }

    /** @param sharedBy whose record has the number; none for a number nobody has */
    @Schema(name = "UnknownSender")
    record Summary(UUID id, String number, String channel, Instant lastAt, int waiting, List<People.Name> sharedBy) {}

    @Schema(name = "UnknownSenderPage")
    record Page(List<Summary> items, @Nullable String next) {}

    @Schema(name = "UnknownLine")
    record Line(
            UUID id,
            Instant at,
            String text,
            boolean waits,
            @Nullable String by,
            List<AttachmentsController.Shown> attachments) {}

    @Schema(name = "UnknownThread")
    record Detail(UUID id, String number, String channel, List<People.Name> sharedBy, List<Line> lines) {}

    @Schema(name = "AnswerToUnknown")
    record Answer(@Nullable String text) {}

    @Schema(name = "AnsweredUnknown")
    record Answered(UUID message) {}

    @Schema(name = "SenderLink")
    record Link(@Nullable UUID patient) {}

    @GetMapping
    @Transactional
    Page page(
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable Integer limit) {
        int size = Worklist.limit(limit);
        List<UnknownSenders.Sender> found = senders.waiting(cursor(after), size);
        audit.record(
                Audit.Entry.done("sender.list", "sender", "waiting", null).with("count", String.valueOf(found.size())));
        UnknownSenders.Sender last = found.size() == size ? found.getLast() : null;
        return new Page(
                found.stream().map(this::summary).toList(), last == null ? null : last.lastAt() + "~" + last.id());
    }

    private static UnknownSenders.@Nullable Cursor cursor(@Nullable String after) {
        if (after == null) {
            return null;
        }
        int at = Math.max(after.indexOf('~'), 0);
        try {
            return new UnknownSenders.Cursor(
                    Instant.parse(after.substring(0, at)), UUID.fromString(after.substring(at + 1)));
        } catch (DateTimeParseException | IllegalArgumentException e) {
            throw new Invalid("after", "Give back what the former page named as next");
        }
    }

    private Summary summary(UnknownSenders.Sender sender) {
        return new Summary(
                sender.id().value(),
                patients.address(sender.id()).value(),
                patients.address(sender.id()).channel().code(),
                sender.lastAt(),
                sender.waiting(),
                sharedBy(sender.id()));
    }

    private List<People.Name> sharedBy(AddressId sender) {
        return patients.reachedAt(sender).stream()
                .flatMap(id -> people.name(id.value()).stream())
                .toList();
    }

    @GetMapping("/{sender}")
    @Transactional
    Detail read(@PathVariable UUID sender) {
        AddressId id = waiting(sender);
        audit.record(Audit.Entry.done("sender.read", "sender", sender, null));
        return new Detail(
                sender,
                patients.address(id).value(),
                patients.address(id).channel().code(),
                sharedBy(id),
                senders.messages(id, MOST_LINES).stream()
                        .map(line -> new Line(
                                line.id(),
                                line.at(),
                                line.text(),
                                line.waits(),
                                line.by(),
                                line.attachments().stream()
                                        .map(AttachmentsController.Shown::of)
                                        .toList()))
                        .toList());
    }

    @PostMapping("/{sender}/link")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Transactional
    void link(@PathVariable UUID sender, @RequestBody Link link, @AuthenticationPrincipal Caller caller) {
        AddressId id = waiting(sender);
        UUID wanted = link.patient();
        PatientProfile patient = wanted == null ? null : people.profile(wanted).orElse(null);
        if (patient == null) {
            throw new Invalid("patient", "Choose the patient who writes from this number");
        }
        senders.link(id, new PatientId(patient.id().value()), caller.getName());
        audit.record(
                Audit.Entry.done("sender.link", "sender", sender, patient.id().value()));
    }

    /** Talks with them where they are, before it is known who they are. */
    @PostMapping("/{sender}/messages")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Answered answer(
            @PathVariable UUID sender,
            @RequestBody Answer answer,
            @RequestHeader("Idempotency-Key") String key,
            @AuthenticationPrincipal Caller caller) {
        AddressId id = product.asCaller(() -> waiting(sender));
        String text = answer.text() == null ? "" : answer.text().strip();
        if (text.isEmpty() || text.codePointCount(0, text.length()) > LONGEST_ANSWER) {
            throw new Invalid("text", "Write something, in at most " + LONGEST_ANSWER + " characters");
        }
        if (!KEY.matcher(key).matches()) {
            throw new Invalid("Idempotency-Key", "Give 8 to 100 letters, digits, - or _, new for each message");
        }
        return product.run(() -> {
            try {
                UUID message = senders.answer(id, text, caller.getName(), key);
                audit.record(Audit.Entry.done("sender.answer", "sender", sender, null)
                        .with("message", message.toString()));
                return new Answered(message);
            } catch (IllegalStateException no) {
                throw new Conflict(String.valueOf(no.getMessage()));
            }
        });
    }

    @PostMapping("/{sender}/nobodys")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Transactional
    void nobodys(@PathVariable UUID sender, @AuthenticationPrincipal Caller caller) {
        AddressId id = waiting(sender);
        senders.nobodys(id, caller.getName());
        audit.record(Audit.Entry.done("sender.nobodys", "sender", sender, null));
    }

    /** Known here only while something of theirs waits that the caller may see. */
    private AddressId waiting(UUID sender) {
        AddressId id = new AddressId(sender);
        if (senders.messages(id, MOST_LINES).stream().noneMatch(UnknownSenders.Line::waits)) {
            throw new NotFound("sender", sender);
        }
        return id;
    }
}
