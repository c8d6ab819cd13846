package health.throughline.conversation;

import health.throughline.consent.ConsentLedger;
import health.throughline.consent.ConsentLedger.Keyword;
import health.throughline.conversation.JdbcInbound.Finding;
import health.throughline.conversation.JdbcInbound.Work;
import health.throughline.conversation.JdbcQuestions.Question;
import health.throughline.conversation.ReplyHandler.Handled;
import health.throughline.conversation.ReplyReader.Meaning;
import health.throughline.conversation.ReplyReader.Reading;
import health.throughline.patient.AddressId;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Works one inbound message off: who wrote, what about, what was meant, and who takes it from here. Fixed words come before any reading;
 * whatever nobody takes goes to a person.
 */
@Component
class Replies {

    private static final Duration NOT_YET_LOOK_AGAIN = Duration.ofSeconds(2);
    private static final Duration OLDER_FIRST_LOOK_AGAIN = Duration.ofMillis(300);

    private final JdbcInbound inbound;
    private final JdbcQuestions questions;
    private final JdbcMessages messages;
    private final Patients patients;
    private final ConsentLedger ledger;
    private final ReplyReader reader;
    private final ReplyHandler handler;
    private final SafetyAnswer safetyAnswer;
    private final StaffReplies staffReplies;
    private final Engagements engagements;
    private final ApplicationEventPublisher events;
    private final ConversationSettings settings;
    private final Clock clock;

    Replies(
            JdbcInbound inbound,
            JdbcQuestions questions,
            JdbcMessages messages,
            Patients patients,
            ConsentLedger ledger,
            ReplyReader reader,
            ReplyHandler handler,
            SafetyAnswer safetyAnswer,
            StaffReplies staffReplies,
            Engagements engagements,
            ApplicationEventPublisher events,
            ConversationSettings settings,
            Clock clock) {
        this.inbound = inbound;
        this.questions = questions;
        this.messages = messages;
        this.patients = patients;
        this.ledger = ledger;
        this.reader = reader;
        this.handler = handler;
        this.safetyAnswer = safetyAnswer;
        this.staffReplies = staffReplies;
        this.engagements = engagements;
        this.events = events;
        this.settings = settings;
        this.clock = clock;
    }

    /** What is known about the writer before the words are read. */
    private record Writer(
            @Nullable PatientProfile patient,
            @Nullable Question question,
            @Nullable UUID thread,
            int people) {
        @Nullable
        UUID patientId() {
            return patient == null ? null : patient.id().value();
        }

        @Nullable
        UUID orgUnit() {
            return patient == null ? null : patient.orgUnit().value();
        }

        @Nullable
        UUID journey() {
            return question == null ? null : question.journeyInstance();
        }
    }

    @Transactional
    public void workOff(UUID id) {
        Work work = inbound.lock(id).orElse(null);
        if (work == null) {
            return;
        }
        Instant now = clock.instant();
        if (inbound.olderWaits(work)) {
            inbound.later(id, now.plus(OLDER_FIRST_LOOK_AGAIN));
            return;
        }
        String text = inbound.body(work);
        Optional<String> staff = staffReplies.taken(new AddressId(work.address()), text);
        if (staff.isPresent()) {
            finish(work, new Writer(null, null, null, 0), "handled", "page-answered", staff.get(), null, now);
            return;
        }
        Writer writer = writer(work, now);
        Keyword keyword = ledger.keyword(text);
        switch (keyword) {
            case OPT_OUT -> optedOut(work, writer, "exact-word", now);
            case CANCEL -> {
                optedOut(work, writer, "exact-word", now);
                person(
                        work,
                        writer,
                        "cancel-keyword",
                        "cancel",
                        false,
                        null,
                        "Wrote CANCEL, which the carrier takes as an opt-out. Ask whether the visit itself should be cancelled.",
                        now);
            }
            case OPT_IN -> {
                if (writer.question() != null
                        && text.strip().toLowerCase(Locale.ROOT).startsWith("yes")) {
                    read(work, writer, text, now);
                } else {
                    person(
                            work,
                            writer,
                            "opt-in-keyword",
                            "opt-in",
                            false,
                            null,
                            "Asked to get texts again. Record what they agree to; the opt-out stands until then.",
                            now);
                }
            }
            case HELP ->
                finish(
                        work,
                        writer,
                        "handled",
                        "help",
                        "The carrier answers HELP with who we are and how to stop.",
                        null,
                        now);
            case NONE -> read(work, writer, text, now);
        }
    }

    /** What cannot be worked off after many tries is set aside where a person sees it; nothing is dropped. */
    @Transactional
    public void park(UUID id) {
        inbound.lock(id).ifPresent(work -> {
            inbound.finish(
                    id,
                    "parked",
                    new Finding(null, null, null, null, null, null, "unclear", "parked"),
                    clock.instant());
            events.publishEvent(new ReplyNeedsPerson(
                    id,
                    null,
                    null,
                    null,
                    "parked",
                    "unclear",
                    null,
                    false,
                    "A message came in that could not be processed. Read it in the inbox."));
        });
    }

    private Writer writer(Work work, Instant now) {
        AddressId address = new AddressId(work.address());
        Question question = questions.open(work.address(), now).orElse(null);
        List<PatientId> reached = patients.reachedAt(address);
        PatientId who =
                question != null ? new PatientId(question.patient()) : reached.size() == 1 ? reached.get(0) : null;
        PatientProfile profile = who == null ? null : patients.find(who).orElse(null);
        UUID thread = profile == null ? null : messages.thread(profile.id(), profile.orgUnit(), address, now);
        return new Writer(profile, question, thread, reached.size());
    }

    private void read(Work work, Writer writer, String text, Instant now) {
        Locale language = Optional.ofNullable(writer.patient())
                .map(PatientProfile::language)
                .map(Locale::forLanguageTag)
                .orElse(null);
        String asked = writer.question() == null ? null : writer.question().kind();
        LocalDateTime about =
                writer.question() == null ? null : writer.question().about();
        Reading reading = reader.read(text, new ReplyReader.Context(asked, language, about));
        if (reading.redFlag()) {
            String told = safetyAnswer.give(work, writer.patient(), reading.language());
            person(work, writer, "red-flag", "red-flag", true, reading.language(), reading.because() + " " + told, now);
            return;
        }
        switch (reading.meaning()) {
            case OPT_OUT -> {
                ledger.revoke(
                        null,
                        new AddressId(work.address()),
                        null,
                        new ConsentLedger.Statement(
                                "sms-wording",
                                "patient",
                                text,
                                "address",
                                "inbound:" + work.inbound(),
                                work.receivedAt()));
                optedOut(work, writer, reading.because(), now);
                if (reading.wishes().stream().anyMatch(wish -> wish != Meaning.OPT_OUT)) {
                    person(
                            work,
                            writer,
                            "opt-out-and-more",
                            Meaning.OPT_OUT.code(),
                            false,
                            reading.language(),
                            "Refused further texts and said something about the visit besides. Texts have stopped; read it, and call.",
                            now);
                }
            }
            case WRONG_NUMBER -> {
                ledger.revoke(
                        null,
                        new AddressId(work.address()),
                        null,
                        new ConsentLedger.Statement(
                                "wrong-number",
                                "patient",
                                text,
                                "address",
                                "inbound:" + work.inbound(),
                                work.receivedAt()));
                passOn(work, writer, Meaning.WRONG_NUMBER, now);
                person(work, writer, "wrong-number", "wrong-number", false, reading.language(), reading.because(), now);
            }
            case COURTESY -> finish(work, writer, "handled", "courtesy", reading.because(), reading.language(), now);
            default -> answer(work, writer, reading, now);
        }
    }

    private void answer(Work work, Writer writer, Reading reading, Instant now) {
        String meaning = reading.meaning().code();
        if (writer.patient() == null) {
            String reason = writer.people() == 0 ? "unknown-sender" : "shared-number";
            String sentence = writer.people() == 0
                    ? "Somebody wrote from a number no patient has."
                    : "Somebody wrote from a number that " + writer.people() + " patients share.";
            person(work, writer, reason, meaning, false, reading.language(), sentence, now);
            return;
        }
        if (writer.question() == null) {
            person(
                    work,
                    writer,
                    "no-open-question",
                    meaning,
                    false,
                    reading.language(),
                    "Wrote without being asked. " + reading.because(),
                    now);
            return;
        }
        switch (passOn(work, writer, reading.meaning(), now)) {
            case TAKEN -> {
                questions.close(writer.question().id(), "answered", now);
                finish(work, writer, "handled", meaning, reading.because(), reading.language(), now);
            }
            case NOT_YET -> {
                if (work.tries() >= settings.inboundTries()) {
                    person(work, writer, "nobody-waits", meaning, false, reading.language(), reading.because(), now);
                } else {
                    inbound.later(work.inbound(), now.plus(NOT_YET_LOOK_AGAIN));
                }
            }
            case NOBODY_WAITS ->
                person(work, writer, "nobody-waits", meaning, false, reading.language(), reading.because(), now);
        }
    }

    private Handled passOn(Work work, Writer writer, Meaning meaning, Instant now) {
        Question question = writer.question();
        if (question == null || writer.patient() == null) {
            return Handled.NOBODY_WAITS;
        }
        return handler.handle(new ReplyHandler.PatientReplied(
                work.inbound(),
                writer.patient().id().value(),
                question.message(),
                question.kind(),
                meaning,
                question.journeyInstance(),
                question.processInstance()));
    }

    private void optedOut(Work work, Writer writer, String because, Instant now) {
        passOn(work, writer, Meaning.OPT_OUT, now);
        if (writer.question() != null) {
            questions.close(writer.question().id(), "opted-out", now);
        }
        finish(work, writer, "handled", Meaning.OPT_OUT.code(), because, null, now);
    }

    private void person(
            Work work,
            Writer writer,
            String reason,
            String meaning,
            boolean urgent,
            @Nullable String language,
            String sentence,
            Instant now) {
        finish(work, writer, "with_person", meaning, reason, language, now);
        events.publishEvent(new ReplyNeedsPerson(
                work.inbound(),
                writer.patientId(),
                writer.orgUnit(),
                writer.journey(),
                reason,
                meaning,
                language,
                urgent,
                sentence));
    }

    private void finish(
            Work work,
            Writer writer,
            String state,
            String meaning,
            String reason,
            @Nullable String language,
            Instant now) {
        inbound.finish(
                work.inbound(),
                state,
                new Finding(
                        writer.patientId(),
                        writer.thread(),
                        writer.question() == null ? null : writer.question().id(),
                        writer.journey(),
                        writer.orgUnit(),
                        language,
                        meaning,
                        reason),
                now);
        engagements.replied(writer.patientId(), inbound.channel(work), meaning, now);
        UUID patient = writer.patientId();
        if (patient != null) {
            events.publishEvent(new ConversationChanged(patient));
        }
    }
}
