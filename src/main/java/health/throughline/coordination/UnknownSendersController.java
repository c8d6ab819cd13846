package health.throughline.coordination;

import health.throughline.access.Caller;
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
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Numbers of which it is not known whose they are, over HTTP: a person reads, then links or dismisses them. All of it is audited. */
@RestController
@RequestMapping("/api/v1/unknown-senders")
class UnknownSendersController {

    private static final int MOST_LINES = 50;

    private final UnknownSenders senders;
    private final Patients patients;
    private final People people;
    private final Audit audit;

    UnknownSendersController(UnknownSenders senders, Patients patients, People people, Audit audit) {
        this.senders = senders;
        this.patients = patients;
        this.people = people;
        this.audit = audit;
    }

    /** @param sharedBy whose record has the number; none for a number nobody has */
    @Schema(name = "UnknownSender")
    record Summary(UUID id, String number, Instant lastAt, int waiting, List<People.Name> sharedBy) {}

    @Schema(name = "UnknownSenderPage")
    record Page(List<Summary> items, @Nullable String next) {}

    @Schema(name = "UnknownLine")
    record Line(UUID id, Instant at, String text, boolean waits) {}

    @Schema(name = "UnknownThread")
    record Detail(UUID id, String number, List<People.Name> sharedBy, List<Line> lines) {}

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
                sharedBy(id),
                senders.messages(id, MOST_LINES).stream()
                        .map(line -> new Line(line.id(), line.at(), line.text(), line.waits()))
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
