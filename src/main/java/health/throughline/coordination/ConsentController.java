package health.throughline.coordination;

import health.throughline.TimeOrderedId;
import health.throughline.access.Caller;
import health.throughline.access.Invalid;
import health.throughline.access.NotFound;
import health.throughline.audit.Audit;
import health.throughline.channel.CardNumbers;
import health.throughline.channel.Channel;
import health.throughline.consent.ConsentLedger;
import health.throughline.consent.ConsentLedger.Statement;
import health.throughline.consent.Purpose;
import health.throughline.patient.AddressId;
import health.throughline.patient.Numbers;
import health.throughline.patient.Parties;
import health.throughline.patient.PartyId;
import health.throughline.patient.PatientProfile;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What a patient told staff about being written to, and about who else may be told (K3, K5, K8). */
@RestController
@RequestMapping("/api/v1/patients/{id}")
class ConsentController {

    private static final int LONGEST_WORDS = 1000;
    private static final int LONGEST_VALUE = 200;
    private static final List<Channel> PHONE = List.of(Channel.SMS, Channel.VOICE);
    private static final List<Channel> NAMED = List.of(Channel.SMS, Channel.VOICE, Channel.EMAIL);

    private final ConsentLedger ledger;
    private final People people;
    private final Parties parties;
    private final Numbers numbers;
    private final Audit audit;
    private final Clock clock;

    ConsentController(ConsentLedger ledger, People people, Parties parties, Numbers numbers, Audit audit, Clock clock) {
        this.ledger = ledger;
        this.people = people;
        this.parties = parties;
        this.numbers = numbers;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * @param words the patient's own, as heard
     * @param purpose care, operational, billing or marketing; none for all
     * @param channels sms, voice or email, where the patient named some; none for all
     * @param phone where the patient named one number; none for all of theirs
     */
    @Schema(name = "ConsentWords")
    record Words(
            @Nullable String words,
            @Nullable String purpose,
            @Nullable List<String> channels,
            @Nullable String phone) {}

    @Schema(name = "ConsentStatement")
    record Said(String action, String purpose, String how, Instant saidAt, boolean wholeAddress) {}

    @Schema(name = "RelatedPerson")
    record Related(UUID id, @Nullable String name, String authority, boolean inForce, boolean barred) {}

    @Schema(name = "Consent")
    record Consent(List<Said> statements, List<Related> related, boolean consentsAlone) {}

    @Schema(name = "ConsentsAlone")
    record Alone(@Nullable Boolean alone) {}

    /** @param value the one address the patient asked for; none to lift that */
    @Schema(name = "ConfidentialAddress")
    record Confidential(@Nullable String value) {}

    @GetMapping("/consent")
    @Transactional
    Consent read(@PathVariable UUID id) {
        PatientProfile patient = patient(id);
        audit.record(
                Audit.Entry.done("patient.consent", "patient", id, patient.id().value()));
        return consent(patient);
    }

    private Consent consent(PatientProfile patient) {
        LocalDate today = clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
        return new Consent(
                ledger.history(patient.party()).stream()
                        .map(each ->
                                new Said(each.action(), each.purpose(), each.how(), each.saidAt(), each.wholeAddress()))
                        .toList(),
                parties.relatedTo(patient.id()).stream()
                        .map(each -> new Related(
                                each.party().value(),
                                each.name(),
                                each.authority(),
                                each.inForceOn(today),
                                each.barred()))
                        .toList(),
                parties.consentedAlone(patient.id()));
    }

    /** The patient told a person that they want no more of something: it holds from now on. A person may still call them. */
    @PostMapping("/revocations")
    @ResponseStatus(HttpStatus.CREATED)
    @Transactional
    Consent refuse(@PathVariable UUID id, @RequestBody Words words, @AuthenticationPrincipal Caller caller) {
        PatientProfile patient = patient(id);
        Statement statement = statement(words, caller);
        Purpose purpose = purpose(words.purpose());
        if (words.phone() == null) {
            ledger.revoke(patient.party(), null, purpose, statement);
        } else {
            for (AddressId address : addresses(patient, words)) {
                ledger.revoke(patient.party(), address, purpose, statement);
            }
        }
        return consent(patient);
    }

    /** The patient told a person what they agree to. It lifts an earlier refusal of what it names: a number, a purpose. */
    @PostMapping("/grants")
    @ResponseStatus(HttpStatus.CREATED)
    @Transactional
    Consent agree(@PathVariable UUID id, @RequestBody Words words, @AuthenticationPrincipal Caller caller) {
        PatientProfile patient = patient(id);
        Statement statement = statement(words, caller);
        Purpose purpose = purpose(words.purpose());
        if (words.phone() == null) {
            ledger.grant(patient.party(), null, purpose, statement);
        } else {
            for (AddressId address : addresses(patient, words)) {
                ledger.grant(patient.party(), address, purpose, statement);
            }
        }
        return consent(patient);
    }

    /** Nobody else is told about a minor who consented alone (K8). */
    @PostMapping("/consents-alone")
    @Transactional
    Consent alone(@PathVariable UUID id, @RequestBody Alone alone) {
        PatientProfile patient = patient(id);
        if (alone.alone() == null) {
            throw new Invalid("alone", "Say true or false");
        }
        parties.consentsAlone(patient.id(), alone.alone());
        audit.record(Audit.Entry.done(
                        "patient.consents-alone", "patient", id, patient.id().value())
                .with("alone", alone.alone().toString()));
        return consent(patient);
    }

    /** A request to be reached at one address only: it overrides every preference and every fallback (K8). */
    @PostMapping("/confidential")
    @Transactional
    People.Card confidential(@PathVariable UUID id, @RequestBody Confidential confidential) {
        PatientProfile patient = patient(id);
        String value = confidential.value();
        try {
            if (value != null && value.length() > LONGEST_VALUE
                    || !numbers.confidential(patient.id(), value == null ? null : value.strip())) {
                throw new Invalid("value", "The patient has no such number or address. Add it first");
            }
        } catch (IllegalArgumentException e) {
            throw new Invalid("value", "This " + e.getMessage());
        }
        audit.record(Audit.Entry.done(
                        "patient.confidential", "patient", id, patient.id().value())
                .with("set", String.valueOf(value != null)));
        return People.card(patient(id));
    }

    /** Custody, or an order of a court: this person is told nothing about the patient. */
    @PostMapping("/related/{party}/bar")
    @Transactional
    Consent bar(@PathVariable UUID id, @PathVariable UUID party) {
        return barred(id, party, true);
    }

    @PostMapping("/related/{party}/unbar")
    @Transactional
    Consent unbar(@PathVariable UUID id, @PathVariable UUID party) {
        return barred(id, party, false);
    }

    private Consent barred(UUID id, UUID party, boolean barred) {
        PatientProfile patient = patient(id);
        if (!parties.bar(new PartyId(party), patient.id(), barred)) {
            throw new NotFound("related person", party);
        }
        audit.record(Audit.Entry.done(
                barred ? "patient.bar" : "patient.unbar",
                "party",
                party,
                patient.id().value()));
        return consent(patient);
    }

    private Statement statement(Words words, Caller caller) {
        String said = words.words();
        if (said == null || said.isBlank() || said.strip().length() > LONGEST_WORDS) {
            throw new Invalid("words", "Write down what the patient said, at most " + LONGEST_WORDS + " characters");
        }
        List<Channel> channels = channels(words);
        return new Statement(
                "staff",
                caller.getName(),
                CardNumbers.mask(said.strip()),
                words.phone() == null ? "" : "address",
                "staff:" + TimeOrderedId.next(),
                clock.instant(),
                channels.isEmpty()
                        ? "*"
                        : String.join(",", channels.stream().map(Channel::code).toList()),
                null);
    }

    private static List<Channel> channels(Words words) {
        if (words.channels() == null) {
            return List.of();
        }
        List<Channel> named = new ArrayList<>();
        for (String code : words.channels()) {
            named.add(NAMED.stream()
                    .filter(channel -> channel.code().equals(code))
                    .findFirst()
                    .orElseThrow(() -> new Invalid("channels", "A channel is sms, voice or email")));
        }
        return named.stream().distinct().toList();
    }

    private List<AddressId> addresses(PatientProfile patient, Words words) {
        String phone = words.phone() == null ? "" : words.phone();
        List<Channel> named = channels(words);
        try {
            List<AddressId> found = PHONE.stream()
                    .filter(channel -> named.isEmpty() || named.contains(channel))
                    .flatMap(channel -> numbers.find(channel, phone).stream())
                    .filter(address -> patient.reachable().stream()
                            .anyMatch(point -> point.addressId().equals(address)))
                    .toList();
            if (found.isEmpty()) {
                throw new Invalid("phone", "The patient has no such number");
            }
            return found;
        } catch (IllegalArgumentException e) {
            throw new Invalid("phone", "This " + e.getMessage());
        }
    }

    private static @Nullable Purpose purpose(@Nullable String code) {
        try {
            return code == null ? null : Purpose.ofCode(code.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new Invalid("purpose", "A purpose is care, operational, billing or marketing");
        }
    }

    private PatientProfile patient(UUID id) {
        return people.profile(id).orElseThrow(() -> new NotFound("patient", id));
    }
}
