package health.throughline.coordination;

import health.throughline.access.Conflict;
import health.throughline.access.Invalid;
import health.throughline.access.NotFound;
import health.throughline.audit.Audit;
import health.throughline.conversation.ConversationHistory;
import health.throughline.patient.Identities;
import health.throughline.patient.Identities.Outcome;
import health.throughline.patient.PatientFeed;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Which records are one person, and whose number it is: mended by staff, every act audited. */
@RestController
@RequestMapping("/api/v1/patients/{id}")
class IdentityController {

    private static final Pattern CODE = Pattern.compile("[a-z0-9]+(-[a-z0-9]+){0,9}");
    private static final int LONGEST_CODE = 60;
    private static final int LONGEST_VALUE = 200;

    private final People people;
    private final Identities identities;
    private final PatientFeed feed;
    private final ConversationHistory conversation;
    private final PersonTasks tasks;
    private final Audit audit;
    private final Clock clock;

    IdentityController(
            People people,
            Identities identities,
            PatientFeed feed,
            ConversationHistory conversation,
            PersonTasks tasks,
            Audit audit,
            Clock clock) {
        this.people = people;
        this.identities = identities;
        this.feed = feed;
        this.conversation = conversation;
        this.tasks = tasks;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * @param into the record that goes on
     * @param reason a code such as same-person
     */
    @Schema(name = "Merge")
    record Merge(@Nullable UUID into, @Nullable String reason) {}

    /** @param reason a code such as wrong-merge or wrong-person-linked */
    @Schema(name = "IdentityAct")
    record Act(@Nullable String reason) {}

    /** @param system phone, sms or email */
    @Schema(name = "VerifiedContactPoint")
    record Reach(
            @Nullable String system,
            @Nullable String value,
            @Nullable String use) {}

    @Schema(name = "Identity")
    record Identity(UUID id, String status, List<People.Summary> merged, List<Happening> history) {}

    @Schema(name = "IdentityEvent")
    record Happening(
            Instant at,
            String kind,
            String actor,
            @Nullable UUID other,
            @Nullable String reason) {}

    @Schema(name = "Disclosures")
    record Disclosures(List<ConversationHistory.Disclosure> items) {}

    @GetMapping("/identity")
    @Transactional
    Identity read(@PathVariable UUID id) {
        PatientProfile patient = patient(id);
        audit.record(
                Audit.Entry.done("patient.identity", "patient", id, patient.id().value()));
        return identity(patient);
    }

    @PostMapping("/merge")
    @Transactional
    Identity merge(@PathVariable UUID id, @RequestBody Merge merge) {
        patient(id);
        UUID into = merge.into();
        if (into == null) {
            throw new Invalid("into", "Say which record goes on");
        }
        PatientProfile surviving = people.profile(into).orElseThrow(() -> new NotFound("patient", into));
        done(identities.merge(new PatientId(id), new PatientId(into), code(merge.reason())));
        audit.record(Audit.Entry.done("patient.merge", "patient", id, into).with("into", into.toString()));
        return identity(surviving);
    }

    @PostMapping("/unmerge")
    @Transactional
    Identity unmerge(@PathVariable UUID id, @RequestBody Act act) {
        patient(id);
        done(identities.unmerge(new PatientId(id), code(act.reason())));
        audit.record(Audit.Entry.done("patient.unmerge", "patient", id, id));
        return identity(patient(id));
    }

    /** Freezes the record and makes the privacy task. */
    @PostMapping("/freeze")
    @Transactional
    Identity freeze(@PathVariable UUID id, @RequestBody Act act) {
        patient(id);
        done(identities.freeze(new PatientId(id), code(act.reason())));
        PatientProfile frozen = patient(id);
        tasks.privacy(frozen, conversation.disclosures(frozen.id()).size(), "privacy:" + id);
        audit.record(Audit.Entry.done("patient.freeze", "patient", id, id));
        return identity(frozen);
    }

    @PostMapping("/settle")
    @Transactional
    Identity settle(@PathVariable UUID id, @RequestBody Act act) {
        patient(id);
        done(identities.settle(new PatientId(id), code(act.reason())));
        audit.record(Audit.Entry.done("patient.settle", "patient", id, id));
        return identity(patient(id));
    }

    /** What was told about the patient, and to which address. */
    @GetMapping("/disclosures")
    @Transactional
    Disclosures disclosures(@PathVariable UUID id) {
        PatientProfile patient = patient(id);
        audit.record(Audit.Entry.done(
                "patient.disclosures", "patient", id, patient.id().value()));
        return new Disclosures(identities.standsFor(patient.id()).stream()
                .flatMap(record -> conversation.disclosures(record).stream())
                .toList());
    }

    /** A person has heard from the patient how to reach them: it stands from now on, against what the EHR sends again. */
    @PostMapping("/contact-points")
    @Transactional
    People.Card verified(@PathVariable UUID id, @RequestBody Reach reach) {
        PatientProfile patient = patient(id);
        String system = reach.system() == null ? "phone" : reach.system();
        if (!List.of("phone", "sms", "email").contains(system)) {
            throw new Invalid("system", "A contact point is a phone, sms or email");
        }
        String value = reach.value() == null ? "" : reach.value().strip();
        if (value.isEmpty() || value.length() > LONGEST_VALUE) {
            throw new Invalid("value", "Give the number or address, at most " + LONGEST_VALUE + " characters");
        }
        try {
            feed.verified(
                    patient.id(),
                    "staff",
                    new PatientFeed.Telecom(system, value, reach.use() == null ? "mobile" : reach.use(), 1, null, null),
                    clock.instant());
        } catch (IllegalArgumentException e) {
            throw new Invalid("value", String.valueOf(e.getMessage()));
        }
        audit.record(Audit.Entry.done(
                "patient.contact-point", "patient", id, patient.id().value()));
        return People.card(patient(id));
    }

    private PatientProfile patient(UUID id) {
        return people.profile(id).orElseThrow(() -> new NotFound("patient", id));
    }

    private static void done(Outcome outcome) {
        if (outcome instanceof Outcome.Refused refused) {
            throw new Conflict(refused.sentence());
        }
    }

    private static String code(@Nullable String reason) {
        if (reason == null
                || reason.length() > LONGEST_CODE
                || !CODE.matcher(reason).matches()) {
            throw new Invalid("reason", "Give a code in lower case, for example same-person or wrong-merge");
        }
        return reason;
    }

    private Identity identity(PatientProfile patient) {
        return new Identity(
                patient.id().value(),
                patient.status().code(),
                identities.standsFor(patient.id()).stream()
                        .filter(record -> !record.equals(patient.id()))
                        .flatMap(record -> people.record(record.value()).stream())
                        .toList(),
                identities.history(patient.id()).stream()
                        .map(each -> new Happening(
                                each.at(),
                                each.kind(),
                                each.actor(),
                                each.other() == null ? null : each.other().value(),
                                each.reason()))
                        .toList());
    }
}
