package health.throughline.conversation;

import health.throughline.channel.Address;
import health.throughline.channel.Channel;
import health.throughline.channel.ChatVisitors;
import health.throughline.channel.InboundMessage.Doubt;
import health.throughline.consent.ConsentLedger;
import health.throughline.consent.ConsentLedger.Keyword;
import health.throughline.consent.ConsentLedger.Manner;
import health.throughline.conversation.JdbcInbound.Finding;
import health.throughline.conversation.JdbcInbound.Said;
import health.throughline.conversation.JdbcInbound.Work;
import health.throughline.conversation.JdbcQuestions.Item;
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
import java.util.stream.Stream;
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

    private static final String PARKED = "parked";
    private static final String CHAT = "chat";
    private static final Duration NOT_YET_LOOK_AGAIN = Duration.ofSeconds(2);
    private static final String NO_MORE_THERE =
            " It refuses further mail: nothing goes to that address any more; other ways stay open.";
    private static final String WRONG_NUMBER_UNVOUCHED =
            "Said in a call that the number is the wrong one; the carrier does not vouch for it, so it may have been"
                    + " somebody else. Messages to the number have stopped.";
    private static final String NO_MORE_EITHER =
            " It refuses further mail: no mail goes to the address it names any more, and nothing to where the mail went"
                    + " that it answers.";
    private static final String NO_MORE = " They also refused further messages: none go any more.";
    /** So long is a name below a word; what is longer may say something besides. */
    private static final int A_NAME = 40;

    private static final Duration OLDER_FIRST_LOOK_AGAIN = Duration.ofMillis(300);

    private final JdbcInbound inbound;
    private final JdbcQuestions questions;
    private final JdbcMessages messages;
    private final Patients patients;
    private final ChatVisitors visitors;
    private final ConsentLedger ledger;
    private final Refusals refusals;
    private final ReplyReader reader;
    private final ReplyHandler handler;
    private final SeveralOpen several;
    private final JdbcTakeovers takeovers;
    private final SafetyAnswer safetyAnswer;
    private final Courtesies courtesies;
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
            ChatVisitors visitors,
            ConsentLedger ledger,
            Refusals refusals,
            ReplyReader reader,
            ReplyHandler handler,
            SeveralOpen several,
            JdbcTakeovers takeovers,
            SafetyAnswer safetyAnswer,
            Courtesies courtesies,
            StaffReplies staffReplies,
            Engagements engagements,
            ApplicationEventPublisher events,
            ConversationSettings settings,
            Clock clock) {
        this.inbound = inbound;
        this.questions = questions;
        this.messages = messages;
        this.patients = patients;
        this.visitors = visitors;
        this.ledger = ledger;
        this.refusals = refusals;
        this.reader = reader;
        this.handler = handler;
        this.several = several;
        this.takeovers = takeovers;
        this.safetyAnswer = safetyAnswer;
        this.courtesies = courtesies;
        this.staffReplies = staffReplies;
        this.engagements = engagements;
        this.events = events;
        this.settings = settings;
        this.clock = clock;
    }

    /** @param sharedBy the hospital of those who share the number, where it is not known who of them wrote */
    private record Writer(
            @Nullable PatientProfile patient,
            @Nullable Question question,
            @Nullable UUID thread,
            List<PatientId> reached,
            @Nullable UUID sharedBy) {
        @Nullable
        UUID patientId() {
            return patient == null ? null : patient.id().value();
        }

        @Nullable
        UUID orgUnit() {
            return patient == null ? sharedBy : patient.orgUnit().value();
        }

        @Nullable
        UUID journey() {
            return question == null
                    ? null
                    : question.only().map(Item::journeyInstance).orElse(null);
        }
    }

    @Transactional
    public void workOff(UUID id) {
        Work work = inbound.lock(id).orElse(null);
        if (work == null) {
            return;
        }
        Instant now = clock.instant();
        Said said = inbound.said(work);
        if (inbound.olderWaits(work) && !danger(work, said, now)) {
            inbound.stillBehind(id, now.plus(OLDER_FIRST_LOOK_AGAIN));
            return;
        }
        String text = said.body();
        // anybody can write a colleague's address after From
        Optional<String> staff =
                said.isOfWhomItNames() ? staffReplies.taken(new AddressId(work.address()), text) : Optional.empty();
        if (staff.isPresent()) {
            finish(
                    work,
                    new Writer(null, null, null, List.of(), null),
                    "handled",
                    "page-answered",
                    staff.get(),
                    null,
                    now);
            return;
        }
        Writer writer = writer(work, said, now);
        if (said.automatic()) {
            finish(work, writer, "handled", "automatic", "A machine wrote it; it answers nothing.", null, now);
            return;
        }
        Channel channel = channelOf(work);
        Keyword keyword = keyword(channel, said);
        if (said.doubt() != null && !mayBeWorkedOff(said, said.doubt(), keyword, writer)) {
            inDoubt(work, writer, said, said.doubt(), keyword, now);
            return;
        }
        switch (keyword) {
            case OPT_OUT -> {
                optedOut(work, writer, "exact-word", now);
                courtesies.confirm(work, channel, text, writer.patient(), null);
            }
            case CANCEL -> {
                optedOut(work, writer, "exact-word", now);
                courtesies.confirm(work, channel, text, writer.patient(), null);
                PatientProfile patient = writer.patient();
                String asked = patient == null ? "" : courtesies.askAboutTheVisit(work, channel, patient);
                person(
                        work,
                        writer,
                        "cancel-keyword",
                        "cancel",
                        false,
                        null,
                        "Wrote CANCEL, which the carrier takes as an opt-out. Ask whether the visit itself should be"
                                + " cancelled."
                                + asked,
                        now);
            }
            case OPT_IN -> {
                if ((writer.question() != null || takenOver(writer, said).isPresent()) && saysYes(said)) {
                    read(work, writer, said, now);
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
                        courtesies.help(work, channel, text, writer.patient()),
                        null,
                        now);
            case NONE -> read(work, writer, said, now);
        }
        if (said.pictures() > 0) {
            lookedAt(work);
        }
    }

    /** The words were understood; what a picture shows nobody but a person sees. */
    private void lookedAt(Work work) {
        inbound.settledButForPerson(work.inbound())
                .ifPresent(found -> events.publishEvent(new ReplyNeedsPerson(
                        work.inbound(),
                        new AddressId(work.address()),
                        found.patient(),
                        found.orgUnit(),
                        found.journeyInstance(),
                        ReplyNeedsPerson.PICTURE,
                        found.meaning(),
                        found.language(),
                        false,
                        "Sent a picture besides the words, which were understood ("
                                + found.meaning().replace('-', ' ') + "). Look at it.")));
    }

    /** Whoever may be in danger waits behind nothing, least of all behind what cannot be worked off. */
    private boolean danger(Work work, Said said, Instant now) {
        return !said.automatic()
                && said.choice() == null
                && ledger.keyword(said.body()) == Keyword.NONE
                && reader.read(said.body(), contextOf(writer(work, said, now))).redFlag();
    }

    private static boolean mayBeWorkedOff(Said said, Doubt doubt, Keyword keyword, Writer writer) {
        return switch (doubt) {
            case UNPROVEN, UNPROVEN_AND_MANY, ELSEWHERE_IN_DOUBT -> false;
            case MAY_BE_AUTOMATIC, INCOMPLETE -> keyword == Keyword.OPT_OUT;
            // about what that mail asked and nothing else, and in the name of nobody else whom we know
            case ELSEWHERE ->
                writer.question() != null
                        && !namesAnother(writer)
                        && (keyword == Keyword.NONE
                                || keyword == Keyword.OPT_OUT
                                || keyword == Keyword.OPT_IN && saysYes(said));
        };
    }

    private static boolean saysYes(Said said) {
        return said.body().strip().toLowerCase(Locale.ROOT).startsWith("yes");
    }

    /** Whether it comes in the name of somebody else than the mail was for that it answers. */
    private static boolean namesAnother(Writer writer) {
        PatientProfile patient = writer.patient();
        return !writer.reached().isEmpty()
                && (patient == null || !writer.reached().contains(patient.id()));
    }

    /** What is said in somebody's name is theirs to hear of. */
    private Writer named(Work work, Writer writer, Said said, Instant now) {
        if (said.isOfWhomItNames() || !namesAnother(writer)) {
            return writer;
        }
        PatientId who = writer.reached().size() == 1 ? writer.reached().getFirst() : null;
        return as(who, null, new AddressId(work.address()), writer.reached(), now);
    }

    /** A person reads it and nothing is answered by it; a refusal holds at once, and danger is no matter of proof. */
    private void inDoubt(Work work, Writer writer, Said said, Doubt doubt, Keyword keyword, Instant now) {
        String text = said.body();
        Reading reading = reading(work, said, new ReplyReader.Context(null, language(writer), null));
        boolean danger = keyword == Keyword.NONE && reading.redFlag();
        // two machines that warn each other would do so without end
        String told = danger && !doubt.ofMachines()
                ? safetyAnswer.give(work, writer.patient(), reading.language()) + " "
                : "";
        boolean inWords = keyword == Keyword.NONE
                && (danger && reading.wishes().contains(Meaning.OPT_OUT)
                        || List.of(Meaning.OPT_OUT, Meaning.WRONG_NUMBER).contains(reading.meaning()));
        // a machine's words may read like a refusal; the one word that is all there is does not
        boolean believed =
                doubt != Doubt.MAY_BE_AUTOMATIC || refusesInOnePart(work, said).isPresent();
        boolean refuses = believed && (keyword == Keyword.OPT_OUT || inWords);
        Channel channel = channelOf(work);
        if (refuses && inWords && said.choice() == null) {
            boolean wrong = reading.meaning() == Meaning.WRONG_NUMBER;
            revoke(work, said, wrong ? Meaning.WRONG_NUMBER.code() : ConsentLedger.how(channel, Manner.WORDING));
        }
        String noMore = doubt.isFromElsewhere() ? NO_MORE_EITHER : doubt.ofSender() ? NO_MORE_THERE : NO_MORE;
        person(
                work,
                named(work, writer, said, now),
                danger ? "red-flag" : reasonOf(doubt),
                keyword == Keyword.OPT_OUT
                        ? Meaning.OPT_OUT.code()
                        : reading.meaning().code(),
                danger,
                reading.language(),
                (danger ? reading.because() + " " + told : "") + sentenceOf(doubt) + (refuses ? noMore : ""),
                now);
        if (refuses && !danger && said.choice() == null && doubt != Doubt.UNPROVEN_AND_MANY) {
            courtesies.confirm(work, channel, text, writer.patient(), reading.language());
        }
    }

    private void revoke(Work work, Said said, String how) {
        refusals.keep(new Refusals.Refusal(
                channelOf(work),
                said.doubt(),
                new AddressId(work.address()),
                Optional.ofNullable(said.answers()).flatMap(inbound::sentTo).map(AddressId::new),
                how,
                said.body(),
                work.inbound(),
                work.saidAt()));
    }

    /** Under which the ledger keeps what was said in that message. */
    static String evidence(String inbound) {
        return "inbound:" + inbound;
    }

    private static String reasonOf(Doubt doubt) {
        return switch (doubt) {
            case UNPROVEN, UNPROVEN_AND_MANY, ELSEWHERE, ELSEWHERE_IN_DOUBT -> ReplyNeedsPerson.UNPROVEN_SENDER;
            case MAY_BE_AUTOMATIC -> ReplyNeedsPerson.MAY_BE_AUTOMATIC;
            case INCOMPLETE -> "not-read-whole";
        };
    }

    private static String sentenceOf(Doubt doubt) {
        return switch (doubt) {
            case UNPROVEN, UNPROVEN_AND_MANY ->
                "Nothing proves that this mail comes from the address it names. It answered nothing by itself: ask the"
                        + " patient by another way whether they wrote it.";
            case ELSEWHERE, ELSEWHERE_IN_DOUBT ->
                "This mail answers one of ours to another address than it names, and nothing proves that it comes from"
                        + " there. It answered nothing by itself: ask the patient by another way whether they wrote it.";
            case MAY_BE_AUTOMATIC -> "This may be an automatic reply. It answered nothing by itself: read it.";
            case INCOMPLETE ->
                "Not all of this mail could be read. It answered nothing by itself: the whole of it lies in the mailbox.";
        };
    }

    private Channel channelOf(Work work) {
        return Channel.ofCode(inbound.means(work).channel());
    }

    /** A bare CANCEL ends messages only where a carrier says so (K4); elsewhere it is about the visit. Who says "help" in a call wants help. */
    private Keyword keyword(Channel channel, Said said) {
        Keyword keyword = said.choice() == null ? ledger.keyword(said.body()) : Keyword.NONE;
        boolean spoken = channel.equals(Channel.VOICE) && keyword == Keyword.HELP;
        return spoken || keyword == Keyword.CANCEL && !ledger.carrierAnswers(channel, said.body())
                ? Keyword.NONE
                : keyword;
    }

    /**
     * What cannot be worked off after many tries is set aside where a person sees it; nothing is dropped. As nothing has read it for
     * danger, somebody reads it at once.
     *
     * @param whose whether to find out who it is from: left out where that is what fails
     */
    @Transactional
    public void park(UUID id, boolean whose) {
        inbound.lock(id).ifPresent(work -> {
            Instant now = clock.instant();
            AddressId address = new AddressId(work.address());
            List<PatientId> reached = whose ? patients.reachedAt(address) : List.of();
            Writer writer = as(reached.size() == 1 ? reached.getFirst() : null, null, address, reached, now);
            inbound.finish(
                    id,
                    "parked",
                    new Finding(
                            writer.patientId(),
                            writer.thread(),
                            null,
                            null,
                            writer.orgUnit(),
                            null,
                            Meaning.UNCLEAR.code(),
                            PARKED),
                    now);
            events.publishEvent(
                    new ReplyNeedsPerson(
                            id,
                            address,
                            writer.patientId(),
                            writer.orgUnit(),
                            null,
                            PARKED,
                            Meaning.UNCLEAR.code(),
                            null,
                            true,
                            "A message came in that could not be processed, nor read for danger. Read it in the inbox at once."));
        });
    }

    private Writer writer(Work work, Said said, Instant now) {
        AddressId address = new AddressId(work.address());
        boolean elsewhere = said.doubt() != null && said.doubt().isFromElsewhere();
        // whoever has a return address of ours speaks of what that mail asked, and of nothing that is asked of whom
        // they name
        Question question = Optional.ofNullable(said.answers())
                .flatMap(message -> questions.ofMessage(message, now))
                .or(() -> elsewhere ? Optional.empty() : questions.open(work.address(), now))
                .orElse(null);
        List<PatientId> reached = patients.reachedAt(address);
        PatientId who = question != null
                ? new PatientId(question.latest().patient())
                : reached.size() == 1 ? reached.get(0) : null;
        return as(who, question, address, reached, now);
    }

    private Writer as(
            @Nullable PatientId who,
            @Nullable Question question,
            AddressId address,
            List<PatientId> reached,
            Instant now) {
        PatientProfile profile = who == null ? null : patients.find(who).orElse(null);
        UUID thread = profile == null ? null : messages.thread(profile.id(), profile.orgUnit(), address, now);
        return new Writer(profile, question, thread, reached, profile == null ? hospitalOf(address, reached) : null);
    }

    /** The one hospital of all who share a number, or of the site somebody writes on; none where there are several, or none. */
    private @Nullable UUID hospitalOf(AddressId address, List<PatientId> reached) {
        if (reached.isEmpty()) {
            Address who = patients.address(address);
            return who.channel().code().equals(CHAT) ? visitors.unitOf(who).orElse(null) : null;
        }
        List<UUID> hospitals = reached.stream()
                .flatMap(id -> patients.find(id).stream())
                .map(patient -> patient.orgUnit().value())
                .distinct()
                .toList();
        return hospitals.size() == 1 ? hospitals.getFirst() : null;
    }

    private void read(Work work, Writer writer, Said said, Instant now) {
        String text = said.body();
        Reading reading = reading(work, said, contextOf(writer));
        if (reading.redFlag()) {
            String told = safetyAnswer.give(work, writer.patient(), reading.language());
            boolean refuses = reading.wishes().contains(Meaning.OPT_OUT);
            if (refuses) {
                revoke(work, said, ConsentLedger.how(channelOf(work), Manner.WORDING));
            }
            person(
                    work,
                    writer,
                    "red-flag",
                    "red-flag",
                    true,
                    reading.language(),
                    reading.because() + " " + told + (refuses ? NO_MORE : ""),
                    now);
            return;
        }
        switch (reading.meaning()) {
            case OPT_OUT -> {
                Channel channel = channelOf(work);
                if (said.choice() == null) {
                    revoke(work, said, ConsentLedger.how(channel, Manner.WORDING));
                }
                optedOut(work, writer, reading.because(), now);
                if (said.choice() == null) {
                    // what was pressed is confirmed where it was pressed
                    courtesies.confirm(work, channel, text, writer.patient(), reading.language());
                }
                if (Meaning.OPT_OUT_UNVOUCHED.equals(said.choice())) {
                    person(
                            work,
                            writer,
                            Meaning.OPT_OUT_UNVOUCHED,
                            Meaning.OPT_OUT.code(),
                            false,
                            reading.language(),
                            "Asked in a call for no more messages; the carrier does not vouch for the number, so it may"
                                    + " have been somebody else. Messages have stopped.",
                            now);
                }
                if (reading.wishes().stream().anyMatch(wish -> wish != Meaning.OPT_OUT)) {
                    person(
                            work,
                            writer,
                            "opt-out-and-more",
                            Meaning.OPT_OUT.code(),
                            false,
                            reading.language(),
                            "Refused further texts and said something about the visit besides. Texts have stopped;"
                                    + " read it, and call.",
                            now);
                }
            }
            case WRONG_NUMBER -> {
                revoke(work, said, Meaning.WRONG_NUMBER.code());
                boolean vouched = !Meaning.WRONG_NUMBER_UNVOUCHED.equals(said.choice());
                if (vouched) {
                    passOnToAll(work, writer, Meaning.WRONG_NUMBER);
                }
                person(
                        work,
                        writer,
                        vouched ? Meaning.WRONG_NUMBER.code() : Meaning.WRONG_NUMBER_UNVOUCHED,
                        Meaning.WRONG_NUMBER.code(),
                        false,
                        reading.language(),
                        vouched ? reading.because() : WRONG_NUMBER_UNVOUCHED,
                        now);
            }
            case COURTESY -> finish(work, writer, "handled", "courtesy", reading.because(), reading.language(), now);
            default -> answer(work, writer, said, reading, now);
        }
    }

    private static ReplyReader.Context contextOf(Writer writer) {
        Question question = writer.question();
        String asked = question == null ? null : question.latest().kind();
        LocalDateTime about =
                question == null ? null : question.only().map(Item::about).orElse(null);
        return new ReplyReader.Context(asked, language(writer), about);
    }

    private Reading reading(Work work, Said said, ReplyReader.Context context) {
        if (said.isPictureAlone()) {
            return new Reading(Meaning.UNCLEAR, false, null, "Sent a picture without words.", List.of());
        }
        if (said.choice() != null) {
            return new Reading(Meaning.ofCode(said.choice()), false, null, "Chose it by a key or a button.", List.of());
        }
        if (ledger.keyword(said.body()) == Keyword.CANCEL) {
            return new Reading(Meaning.CANCEL, false, null, "Wrote the one word cancel.", List.of());
        }
        Reading read = reader.read(said.body(), context);
        Optional<String> besides = refusesInOnePart(work, said);
        boolean refuses = read.meaning() == Meaning.UNCLEAR && ledger.refuses(said.body()) || besides.isPresent();
        if (!refuses || read.meaning() == Meaning.WRONG_NUMBER) {
            return read;
        }
        if (read.redFlag()) {
            return new Reading(read.meaning(), true, read.language(), read.because(), List.of(Meaning.OPT_OUT));
        }
        boolean mayBeMore = besides.filter(text -> text.length() > A_NAME).isPresent();
        List<Meaning> wishes = Stream.of(
                        List.of(Meaning.OPT_OUT, mayBeMore ? Meaning.UNCLEAR : read.meaning()), read.wishes())
                .flatMap(List::stream)
                .filter(wish -> mayBeMore || wish != Meaning.UNCLEAR && wish != Meaning.COURTESY)
                .distinct()
                .toList();
        return new Reading(Meaning.OPT_OUT, false, read.language(), "Wants no more messages.", wishes);
    }

    /** The one word may be the subject of a mail, which is its first line, or all that is below it. @return the other part */
    private Optional<String> refusesInOnePart(Work work, Said said) {
        String body = said.body().strip();
        int end = body.indexOf('\n');
        if (end < 0 || said.choice() != null || !channelOf(work).equals(Channel.EMAIL)) {
            return Optional.empty();
        }
        String first = body.substring(0, end).strip();
        String rest = body.substring(end).strip();
        return ledger.keyword(first) == Keyword.OPT_OUT
                ? Optional.of(rest)
                : Optional.of(first).filter(other -> ledger.keyword(rest) == Keyword.OPT_OUT);
    }

    /** Who talks in person with the writer, or with somebody else reached there: then replies are theirs, not the journey's. */
    private Optional<TakenOver> takenOver(Writer writer, Said said) {
        List<PatientId> there = said.isOfWhomItNames() ? writer.reached() : List.of();
        return Stream.concat(Stream.ofNullable(writer.patient()).map(PatientProfile::id), there.stream())
                .distinct()
                .flatMap(id -> takeovers.inForce(id).map(takeover -> new TakenOver(id, takeover.by())).stream())
                .findFirst();
    }

    private record TakenOver(PatientId patient, String by) {}

    private void answer(Work work, Writer writer, Said said, Reading reading, Instant now) {
        String meaning = reading.meaning().code();
        Optional<TakenOver> takeover = takenOver(writer, said);
        if (takeover.isPresent()) {
            PatientId who = takeover.get().patient();
            person(
                    work,
                    as(who, writer.question(), new AddressId(work.address()), writer.reached(), now),
                    ReplyNeedsPerson.TAKEN_OVER,
                    meaning,
                    false,
                    reading.language(),
                    "Wrote to " + takeover.get().by() + ", who talks with the patient.",
                    now);
            return;
        }
        if (writer.patient() == null) {
            String reason = writer.reached().isEmpty() ? "unknown-sender" : "shared-number";
            String sentence = writer.reached().isEmpty()
                    ? "Somebody wrote from a number no patient has."
                    : "Somebody wrote from a number that " + writer.reached().size() + " patients share.";
            person(work, writer, reason, meaning, false, reading.language(), sentence, now);
            return;
        }
        if (said.isPictureAlone()) {
            person(
                    work,
                    writer,
                    ReplyNeedsPerson.PICTURE,
                    meaning,
                    false,
                    null,
                    "Sent a picture without words. Look at it.",
                    now);
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
        Question question = writer.question();
        if (question.only().isEmpty() || question.wasListed()) {
            several(work, writer, question, said.body(), reading, now);
            return;
        }
        switch (passOn(work, question.latest(), reading.meaning())) {
            case TAKEN -> {
                questions.close(question, question.latest(), "answered", now);
                finish(work, writer, "handled", meaning, reading.because(), reading.language(), now);
            }
            case NOT_YET -> later(work, writer, reading, now);
            case NOBODY_WAITS ->
                person(work, writer, "nobody-waits", meaning, false, reading.language(), reading.because(), now);
        }
    }

    private void several(Work work, Writer writer, Question question, String text, Reading reading, Instant now) {
        SeveralOpen.Result result = several.answer(work, question, text, reading, language(writer), now);
        Writer whose =
                as(new PatientId(result.patient()), question, new AddressId(work.address()), writer.reached(), now);
        switch (result) {
            case SeveralOpen.Settled settled ->
                finish(work, whose, "handled", settled.meaning().code(), settled.because(), reading.language(), now);
            case SeveralOpen.Asked asked ->
                finish(
                        work,
                        whose,
                        "handled",
                        asked.meaning().code(),
                        "We asked which of the visits was meant.",
                        reading.language(),
                        now);
            case SeveralOpen.ForPerson person ->
                person(
                        work,
                        whose,
                        person.reason(),
                        reading.meaning().code(),
                        false,
                        reading.language(),
                        person.because(),
                        now);
            case SeveralOpen.NotYet early -> later(work, whose, reading, now);
        }
    }

    private void later(Work work, Writer writer, Reading reading, Instant now) {
        if (work.tries() >= settings.inboundTries()) {
            person(
                    work,
                    writer,
                    "nobody-waits",
                    reading.meaning().code(),
                    false,
                    reading.language(),
                    reading.because(),
                    now);
        } else {
            inbound.later(work.inbound(), now.plus(NOT_YET_LOOK_AGAIN));
        }
    }

    private static @Nullable Locale language(Writer writer) {
        return Optional.ofNullable(writer.patient())
                .map(PatientProfile::language)
                .map(Locale::forLanguageTag)
                .orElse(null);
    }

    private Handled passOn(Work work, Item item, Meaning meaning) {
        return handler.handle(new ReplyHandler.PatientReplied(
                work.inbound(),
                item.patient(),
                item.message(),
                item.kind(),
                meaning,
                item.journeyInstance(),
                item.processInstance()));
    }

    /** What holds for the address holds for everybody asked there. */
    private void passOnToAll(Work work, Writer writer, Meaning meaning) {
        if (writer.question() != null) {
            writer.question().items().forEach(item -> passOn(work, item, meaning));
        }
    }

    private void optedOut(Work work, Writer writer, String because, Instant now) {
        passOnToAll(work, writer, Meaning.OPT_OUT);
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
                new AddressId(work.address()),
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
        Question question = writer.question();
        engagements.replied(
                writer.patientId(),
                inbound.means(work),
                meaning,
                question == null ? null : question.latest().message(),
                now);
        UUID patient = writer.patientId();
        if (patient != null) {
            messages.touch(new PatientId(patient), now);
            events.publishEvent(new ConversationChanged(patient));
        }
    }
}
