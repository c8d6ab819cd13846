package health.throughline.conversation;

import health.throughline.channel.AttemptId;
import health.throughline.channel.OutboundMessage;
import health.throughline.channel.SendOutcome;
import health.throughline.consent.ConsentLedger;
import health.throughline.consent.SendPolicy;
import health.throughline.conversation.JdbcDispatch.Claim;
import health.throughline.conversation.JdbcDispatch.Row;
import health.throughline.conversation.JdbcMessages.Message;
import health.throughline.encryption.DataKeyId;
import health.throughline.encryption.Encryption;
import health.throughline.organization.Holds;
import health.throughline.patient.AddressId;
import health.throughline.patient.PartyId;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Starts attempts and takes their outcomes down. What must hold when an attempt starts is checked in the transaction that starts it; the
 * provider is only called after that has committed.
 */
@Component
class Attempts {

    private static final String POISON = "could-not-be-prepared";
    private static final Pattern REFUSED_BY_THE_PATIENT = Pattern.compile("K3\\..*|K7\\..*|21610");
    private static final Duration ADDRESS_BUSY_LOOK_AGAIN = Duration.ofSeconds(2);
    private static final Duration UNREAD_LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Duration OVERTAKEN_LOOK_AGAIN = Duration.ofSeconds(2);
    private static final Duration FIRST_BACK_OFF = Duration.ofSeconds(1);
    private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(5);
    private static final Duration SHORTEST_VALIDITY = Duration.ofMinutes(1);

    private final JdbcDispatch dispatch;
    private final JdbcMessages messages;
    private final JdbcInbound inbound;
    private final JdbcQuestions questions;
    private final SendPolicy policy;
    private final TextRules textRules;
    private final ConsentLedger ledger;
    private final Holds holds;
    private final Phases phases;
    private final Patients patients;
    private final Pauses pauses;
    private final List<SendGuard> guards;
    private final PageNotices notices;
    private final Together together;
    private final JdbcTogether timing;
    private final Spacing spacing;
    private final JdbcSpending spending;
    private final Senders senders;
    private final ApplicationEventPublisher events;
    private final Engagements engagements;
    private final Encryption encryption;
    private final ConversationSettings settings;
    private final Clock clock;

    Attempts(
            JdbcDispatch dispatch,
            JdbcMessages messages,
            JdbcInbound inbound,
            JdbcQuestions questions,
            SendPolicy policy,
            TextRules textRules,
            ConsentLedger ledger,
            Holds holds,
            Phases phases,
            Patients patients,
            Pauses pauses,
            List<SendGuard> guards,
            PageNotices notices,
            Together together,
            JdbcTogether timing,
            Spacing spacing,
            JdbcSpending spending,
            Senders senders,
            ApplicationEventPublisher events,
            Engagements engagements,
            Encryption encryption,
            ConversationSettings settings,
            Clock clock) {
        this.dispatch = dispatch;
        this.messages = messages;
        this.inbound = inbound;
        this.questions = questions;
        this.policy = policy;
        this.textRules = textRules;
        this.ledger = ledger;
        this.holds = holds;
        this.phases = phases;
        this.patients = patients;
        this.pauses = pauses;
        this.guards = guards;
        this.notices = notices;
        this.together = together;
        this.timing = timing;
        this.spacing = spacing;
        this.spending = spending;
        this.senders = senders;
        this.events = events;
        this.engagements = engagements;
        this.encryption = encryption;
        this.settings = settings;
        this.clock = clock;
    }

    /** @return what to put on the wire; none when it must not go, must wait, or belongs to another node by now */
    @Transactional
    public Optional<OutboundMessage> start(Claim claim, String node) {
        Instant now = clock.instant();
        // before the row of the message, as a revocation does that goes on to withdraw messages; and one attempt at a
        // time for each patient, whatever the address: two due at the same moment would each be decided without the
        // other
        policy.lock(new AddressId(claim.address()));
        Set<PatientId> spokenOf = dispatch.spokenOf(claim.message());
        policy.lock(spokenOf);
        Row row = dispatch.lock(claim.message()).orElse(null);
        if (row == null || !row.state().equals("leased") || row.fence() != claim.fence()) {
            return Optional.empty();
        }
        Message message = messages.load(row.message(), row.createdAt());
        if (row.withdrawn() != null) {
            return overtaken(message, row.withdrawn(), "What it spoke of was withdrawn.");
        }
        if (!now.isBefore(row.expiresAt())) {
            return suppress(message, "expired", "It would have come too late to be true.");
        }
        if (dispatch.addressBusy(row.address(), row.message())) {
            return wait(row, now.plus(ADDRESS_BUSY_LOOK_AGAIN), "address-busy");
        }
        if (!row.toStaff() && !message.answersDanger() && inbound.unread(row.address())) {
            return wait(row, now.plus(UNREAD_LOOK_AGAIN), "reply-unread");
        }
        Optional<Holds.Placed> hold = row.toStaff() ? Optional.empty() : holds.keepingBack(row.sending());
        if (hold.isPresent()) {
            return heldBack(row, hold.get());
        }
        Optional<SendPause.Pause> pause = pauses.of(message);
        if (pause.isPresent()) {
            return wait(row, now.plus(pause.get().lookAgainAfter()), pause.get().reason());
        }
        Optional<SendGuard.Objection> objection = objection(message);
        if (objection.isPresent()) {
            return overtaken(message, objection.get().reason(), objection.get().sentence());
        }
        Optional<SendGuard.Objection> phase = phases.objection(message);
        if (phase.isPresent()) {
            return overtaken(message, phase.get().reason(), phase.get().sentence());
        }
        Optional<Instant> money = spending.stops(row, message, now);
        if (money.isPresent()) {
            return stoppedForMoney(row, money.get(), now);
        }
        Optional<Spacing.Room> room = spacing.of(row, now);
        if (room.isPresent()) {
            return apart(row, message, room.get(), now);
        }
        String body = messages.body(message, keyOf(message));
        if (givesAway(message, body)) {
            return suppress(
                    message, TextRules.GIVES_AWAY, "It names something about health, which others may read or hear.");
        }
        SendPolicy.Decision decision = policy.decide(proposal(message, body.length(), now), now);
        return switch (decision) {
            case SendPolicy.MayNot no -> suppress(message, no.reason(), no.sentence());
            case SendPolicy.Later later ->
                later.until().isBefore(row.expiresAt())
                        ? wait(row, later.until(), later.reason())
                        : suppress(
                                message,
                                "too-late",
                                "It could only go when it would no longer be true. " + later.sentence());
            case SendPolicy.May may -> {
                Optional<SendGuard.Objection> shadow = phases.pretending(message);
                yield shadow.isPresent()
                        ? pretend(row, shadow.get().reason(), now)
                        : begin(row, message, body, may, spokenOf, node, now);
            }
        };
    }

    /** Looked at once more: the words that give health away may have been added to since it was written (K12). */
    private boolean givesAway(Message message, String body) {
        PatientId patient = message.patient();
        return !message.answersDanger()
                && textRules.givesAway(
                        message.channel().code(),
                        body,
                        messages.parts(message, keyOf(message)),
                        () ->
                                Optional.ofNullable(patient)
                                        .flatMap(patients::find)
                                        .map(PatientProfile::givenName)
                                        .stream()
                                        .toList());
    }

    private Optional<OutboundMessage> begin(
            Row row,
            Message message,
            String body,
            SendPolicy.May may,
            Set<PatientId> locked,
            String node,
            Instant now) {
        Optional<Together.Joint> joint = together.joint(
                row,
                message,
                (other, said, length) -> locked.contains(said.patient()) && mayGoWith(other, said, length, now),
                now);
        String wire = joint.map(Together.Joint::body).orElse(body);
        UUID decision = may.id();
        for (Message said : joint.map(Together.Joint::messages).orElse(List.of(message))) {
            if (joint.isPresent()) {
                UUID decided =
                        policy.decide(proposal(said, wire.length(), now), now).id();
                decision = said.id().equals(message.id()) ? decided : decision;
            }
            if (said.question() != null) {
                questions.ask(said, now);
            }
        }
        int units = senders.adapter(message.channel()).units(wire);
        UUID attempt = dispatch.startAttempt(row, node, decision, now, settings.attemptLimit(), units);
        joint.ifPresent(several -> {
            questions.numbered(
                    message.address(),
                    several.messages().stream().map(Message::id).toList());
            several.saidBy(attempt, now);
            several.messages().forEach(said -> changed(patientOf(said)));
        });
        Map<String, String> parts = new TreeMap<>(messages.parts(message, keyOf(message)));
        parts.remove(Text.ITEM);
        Instant untrueAt = joint.map(Together.Joint::expiresAt).orElse(row.expiresAt());
        Duration validity = Duration.between(now, untrueAt);
        return Optional.of(new OutboundMessage(
                new AttemptId(attempt),
                patients.address(message.address()),
                senders.adapter(message.channel()).sender(),
                wire,
                parts,
                message.locale(),
                validity.compareTo(SHORTEST_VALIDITY) < 0 ? SHORTEST_VALIDITY : validity,
                Instant.now().plus(settings.attemptLimit().dividedBy(2))));
    }

    private static @Nullable UUID patientOf(Message message) {
        PatientId patient = message.patient();
        return patient == null ? null : patient.value();
    }

    /** Everything that is asked of a message when it starts, asked of one that would be said with another; nothing is done about it. */
    private boolean mayGoWith(Row row, Message message, int length, Instant now) {
        if (!now.isBefore(row.expiresAt())
                || holds.keepingBack(row.sending()).isPresent()
                || pauses.of(message).isPresent()
                || objection(message).isPresent()
                || phases.objection(message).isPresent()
                || phases.pretending(message).isPresent()
                || spending.stops(row, message, now).isPresent()) {
            return false;
        }
        return policy.outlook(proposal(message, length, now), now).may();
    }

    /** Until next month, or until somebody raises the budget; what would no longer be true by then is dropped at its own time. */
    private Optional<OutboundMessage> stoppedForMoney(Row row, Instant nextMonth, Instant now) {
        Instant until = nextMonth.isBefore(row.expiresAt()) ? nextMonth : row.expiresAt();
        UUID patient = row.patient();
        if (patient != null && !JdbcSpending.STOPPED.equals(row.reason())) {
            timing.timed(
                    row.message(),
                    patient,
                    "later",
                    until,
                    JdbcSpending.STOPPED,
                    "Its department has spent what it may on messages this month: it goes when the budget is raised, or next month.",
                    null,
                    now);
        }
        changed(patient);
        return wait(row, until, JdbcSpending.STOPPED);
    }

    private Optional<OutboundMessage> apart(Row row, Message message, Spacing.Room room, Instant now) {
        Instant until = room.until();
        if (!Objects.equals(row.reason(), room.reason()) || until == null) {
            timing.timed(
                    row.message(),
                    Objects.requireNonNull(row.patient()),
                    until == null ? "dropped" : "later",
                    until,
                    room.reason(),
                    room.sentence(),
                    null,
                    now);
        }
        if (until == null) {
            return overtaken(message, room.reason(), room.sentence());
        }
        changed(row.patient());
        return wait(row, until, room.reason());
    }

    /** What {@link #start} would come to if nothing held it, without doing any of it. */
    SendPolicy.Outlook outlook(Row row, Message message, Instant now) {
        if (!now.isBefore(row.expiresAt())) {
            return dropped("expired", "It would come too late to be true.");
        }
        Optional<SendGuard.Objection> objection =
                objection(message).or(() -> phases.objection(message)).or(() -> phases.pretending(message));
        if (objection.isPresent()) {
            return dropped(objection.get().reason(), objection.get().sentence());
        }
        if (row.heldBy() == null && row.dueAt().isAfter(now)) {
            return new SendPolicy.Outlook(false, row.dueAt(), "not-due", "It was not due yet.");
        }
        String body = messages.body(message, keyOf(message));
        SendPolicy.Outlook outlook = policy.outlook(proposal(message, body.length(), now), now);
        Instant until = outlook.until();
        return until == null || until.isBefore(row.expiresAt())
                ? outlook
                : dropped("too-late", "It could only go when it would no longer be true. " + outlook.sentence());
    }

    private static SendPolicy.Outlook dropped(String reason, String sentence) {
        return new SendPolicy.Outlook(false, null, reason, sentence);
    }

    /** A record merged since it was written for is decided on, and reached, as what it was merged into. */
    private SendPolicy.Proposal proposal(Message message, int length, Instant now) {
        PatientId patient = message.patient();
        PartyId party = message.party();
        if (patient != null && !patients.surviving(patient).equals(patient)) {
            boolean theirOwn = party.equals(patients.partyOf(patient));
            patient = patients.surviving(patient);
            party = theirOwn ? patients.partyOf(patient) : party;
        }
        return new SendPolicy.Proposal(
                        message.intent(),
                        message.id(),
                        SendPolicy.Stage.SEND,
                        patient,
                        party,
                        message.address(),
                        message.channel(),
                        message.senderId(),
                        message.purpose(),
                        message.urgency(),
                        stillSolicited(message, now),
                        length)
                .with(besides(message));
    }

    /** Who asked at nine in the evening is not waiting for it at two in the morning; a page of ours they open when they like. */
    private boolean stillSolicited(Message message, Instant now) {
        return message.solicited()
                && (message.answersDanger()
                        || !senders.adapter(message.channel()).comesUnasked()
                        || now.isBefore(message.createdAt().plus(settings.solicitedWithin())));
    }

    private static SendPolicy.Besides besides(Message message) {
        SendPolicy.Besides told = Courtesies.of(message.intent());
        return !told.equals(SendPolicy.Besides.NOTHING)
                ? told
                : new SendPolicy.Besides(
                        null,
                        message.journeyKey(),
                        message.sensitive(),
                        message.asksToCall() ? message.orgUnit() : null,
                        message.asksToCall() ? Text.latestToCall(message.expiresAt()) : null,
                        null,
                        false);
    }

    private Optional<SendGuard.Objection> objection(Message message) {
        PatientId patient = message.patient();
        if (patient == null || message.answersDanger()) {
            return Optional.empty();
        }
        return notices.objection(message, clock.instant())
                .or(() -> guards.stream()
                        .map(guard -> guard.objection(message.about(patient)))
                        .flatMap(Optional::stream)
                        .findFirst());
    }

    /** It would have gone now: noted with its decision and its words, and to nobody a failure. */
    private Optional<OutboundMessage> pretend(Row row, String reason, Instant now) {
        dispatch.shadow(row.message(), reason, now);
        changed(row.patient());
        return Optional.empty();
    }

    private Optional<OutboundMessage> suppress(Message message, String reason, String sentence) {
        dispatch.end(message.id(), "suppressed", reason);
        failed(message, reason, sentence);
        return Optional.empty();
    }

    /** What it says no longer holds, or gives way: nobody needs to say it instead. */
    private Optional<OutboundMessage> overtaken(Message message, String reason, String sentence) {
        dispatch.end(message.id(), "suppressed", reason);
        failedAlone(message, reason, sentence, false);
        return Optional.empty();
    }

    /** Until the hold is over; what would no longer be true by then is dropped at its own time. */
    private Optional<OutboundMessage> heldBack(Row row, Holds.Placed hold) {
        Instant until = hold.until();
        dispatch.hold(
                row.message(), hold.id(), until == null || until.isAfter(row.expiresAt()) ? row.expiresAt() : until);
        changed(row.patient());
        return Optional.empty();
    }

    private Optional<OutboundMessage> wait(Row row, Instant until, String reason) {
        dispatch.requeue(row.message(), until, reason);
        return Optional.empty();
    }

    /** Takes down what the adapter reported; a callback may have been faster, and then its word stands. */
    @Transactional
    public void outcome(AttemptId attempt, SendOutcome outcome) {
        Instant now = clock.instant();
        Row row = dispatch.lockByAttempt(attempt.value()).orElseThrow();
        boolean stillOurs = attempt.value().equals(row.attempt())
                && (row.state().equals("attempting") || row.state().equals("unknown"));
        switch (outcome) {
            case SendOutcome.Accepted accepted -> {
                dispatch.outcome(attempt.value(), "accepted", "response", accepted.providerId(), null, null, now);
                if (stillOurs) {
                    accepted(row, accepted.providerId(), now);
                }
            }
            case SendOutcome.Retry retry -> {
                dispatch.outcome(attempt.value(), "retry", "response", null, retry.code(), retry.reason(), now);
                if (stillOurs) {
                    retry(row, retry, now);
                }
            }
            case SendOutcome.Rejected rejected -> {
                dispatch.outcome(
                        attempt.value(), "rejected", "response", null, rejected.code(), rejected.reason(), now);
                if (stillOurs) {
                    rejected(row, rejected, now);
                }
            }
            case SendOutcome.Unknown unknown -> {
                dispatch.outcome(attempt.value(), "unknown", "response", null, unknown.code(), unknown.reason(), now);
                if (stillOurs) {
                    dispatch.unknown(row.message(), now, now.plus(settings.settleAfter()), unknown.code());
                }
            }
        }
    }

    /** The words that were put on the wire. */
    String wire(Row row, Message message) {
        DataKeyId key = keyOf(message);
        UUID attempt = row.attempt();
        return Optional.ofNullable(attempt)
                .flatMap(id -> timing.wire(id, key))
                .orElseGet(() -> messages.body(message, key));
    }

    void changed(@Nullable UUID patient) {
        if (patient != null) {
            events.publishEvent(new ConversationChanged(patient));
        }
    }

    /** A receipt came: it proves that the provider took it, and holds for what was said in one as well. */
    void reported(Row row, String state, Instant now) {
        if (row.state().equals("attempting") || row.state().equals("unknown")) {
            spending.accepted(row, now);
        }
        for (Row carried : dispatch.carriedBy(row.message())) {
            changed(carried.patient());
            if (!state.equals("accepted") && !state.equals("sent")) {
                engagements.happened(
                        messages.load(carried.message(), carried.createdAt()),
                        state.equals("failed") ? "undelivered" : state,
                        now);
            }
        }
    }

    void accepted(Row row, String providerId, Instant now) {
        changed(row.patient());
        dispatch.reached(row.message(), "accepted", providerId, now, null);
        spending.accepted(row, now);
        Message message = messages.load(row.message(), row.createdAt());
        engagements.happened(message, "sent", now);
        notices.laid(message, now);
        for (Row carried : dispatch.carriedBy(row.message())) {
            changed(carried.patient());
            engagements.happened(messages.load(carried.message(), carried.createdAt()), "sent", now);
        }
    }

    private void retry(Row row, SendOutcome.Retry retry, Instant now) {
        if (!retry.ofAll() && row.attempts() >= settings.maxAttempts()) {
            Message message = messages.load(row.message(), row.createdAt());
            dispatch.end(row.message(), "parked", retry.code());
            questions.closeOf(row.message(), "not-sent", now);
            failed(
                    message,
                    retry.code(),
                    "The provider did not take it in " + row.attempts() + " tries: " + retry.reason());
            return;
        }
        questions.closeOf(row.message(), "not-sent", now);
        dispatch.requeue(row.message(), now.plus(backOff(row.attempts(), retry)), retry.code());
    }

    private static Duration backOff(int attempts, SendOutcome.Retry retry) {
        long doubled = FIRST_BACK_OFF.toMillis() << Math.min(attempts, 16);
        long capped = Math.min(doubled, LONGEST_BACK_OFF.toMillis());
        Duration jittered =
                Duration.ofMillis(capped / 2 + ThreadLocalRandom.current().nextLong(capped / 2 + 1));
        Duration asked = retry.after() == null ? Duration.ZERO : retry.after();
        // never earlier than the provider asked, and not all at the same moment after it
        return asked.isZero()
                ? jittered
                : asked.plusMillis(ThreadLocalRandom.current().nextLong(1000));
    }

    private void rejected(Row row, SendOutcome.Rejected rejected, Instant now) {
        Message message = messages.load(row.message(), row.createdAt());
        if (rejected.then() == SendOutcome.Then.RECORD_OPT_OUT) {
            ledger.blockedByCarrier(
                    new AddressId(row.address()),
                    row.senderId(),
                    now,
                    "provider code " + rejected.code() + ", message " + row.message());
        }
        if (rejected.then() == SendOutcome.Then.SUPPRESS_ADDRESS) {
            suppressAddress(row, "returned:" + rejected.code(), now);
        }
        dispatch.end(row.message(), "failed", rejected.code());
        questions.closeOf(row.message(), "not-sent", now);
        failed(message, rejected.code(), rejected.reason());
    }

    /** Nothing goes from that sender to that address any more; what was said about consent stays as it is. */
    void suppressAddress(Row row, String evidence, Instant now) {
        dispatch.suppressAddress(row.address(), row.senderId(), evidence, now);
    }

    /** The patient's own key; the system's for whoever is no patient. */
    DataKeyId keyOf(Message message) {
        PatientId patient = message.patient();
        return patient == null ? encryption.systemKey() : patients.keyOf(patient);
    }

    /** The journeys of what it said besides hear of it as well. */
    void failed(Message message, String reason, String sentence) {
        boolean refused = REFUSED_BY_THE_PATIENT.matcher(reason).matches();
        failedAlone(message, reason, sentence, !refused);
        for (Row carried : dispatch.carriedBy(message.id())) {
            failedAlone(messages.load(carried.message(), carried.createdAt()), reason, sentence, !refused);
        }
    }

    private void failedAlone(Message message, String reason, String sentence, boolean stillHolds) {
        PatientId patient = message.patient();
        if (message.journeyInstance() == null) {
            events.publishEvent(new DirectMessageFailed(
                    message.id(),
                    message.intent(),
                    patient == null ? null : patient.value(),
                    message.orgUnit().value(),
                    message.channel(),
                    message.author(),
                    reason,
                    sentence));
        }
        if (patient == null) {
            return;
        }
        changed(patient.value());
        engagements.happened(message, "not-sent", clock.instant());
        events.publishEvent(new MessageFailed(
                message.id(),
                patient.value(),
                message.orgUnit().value(),
                message.journeyInstance(),
                message.processInstance(),
                reason,
                sentence,
                stillHolds && message.question() == null));
    }

    /**
     * A message that could not even be prepared waits longer each time, and is set aside in the end where a person sees it: one bad row
     * keeps nothing else waiting. Once an attempt was written, its lease decides.
     *
     * @return whether it was set aside now
     */
    @Transactional
    public boolean stumbled(Claim claim) {
        Row row = dispatch.lock(claim.message()).orElse(null);
        if (row == null || !row.state().equals("leased") || row.fence() != claim.fence()) {
            return false;
        }
        int stumbles = dispatch.stumbled(row.message());
        if (stumbles < settings.maxAttempts()) {
            Duration wait = backOff(stumbles - 1, new SendOutcome.Retry(null, POISON, ""));
            dispatch.requeue(row.message(), clock.instant().plus(wait), POISON);
            return false;
        }
        dispatch.end(row.message(), "parked", POISON);
        UUID patient = row.patient();
        if (patient != null) {
            changed(patient);
            events.publishEvent(
                    new UnknownOutcome(
                            row.message(),
                            patient,
                            row.orgUnit(),
                            row.journeyInstance(),
                            "A message could not be prepared in " + stumbles
                                    + " tries and was not sent. Tell the patient another way, and tell whoever runs the system."));
        }
        return true;
    }

    /** Others were at the same rows: the message itself is as good as before, and soon tried again. Nothing once an attempt was written. */
    @Transactional
    public void overtaken(Claim claim) {
        dispatch.lock(claim.message())
                .filter(row -> row.state().equals("leased") && row.fence() == claim.fence())
                .ifPresent(row ->
                        dispatch.requeue(row.message(), clock.instant().plus(OVERTAKEN_LOOK_AGAIN), "overtaken"));
    }

    /** Apart from setting it aside, which must not fail with whatever is wrong with the message. */
    @Transactional
    public void tellOfParked(Claim claim) {
        failed(
                messages.load(claim.message(), claim.createdAt()),
                POISON,
                "It could not be prepared and was set aside.");
    }

    /** Attempts whose node went silent: whether they were sent, nobody knows. */
    @Transactional
    public int takeOverLost(int limit) {
        Instant now = clock.instant();
        dispatch.freeAbandoned(now);
        List<Row> lost = dispatch.lockLostAttempts(now, limit);
        for (Row row : lost) {
            if (row.attempt() != null) {
                dispatch.outcome(
                        row.attempt(),
                        "unknown",
                        "lease",
                        null,
                        "lease-ended",
                        "The node that sent it went silent",
                        now);
            }
            dispatch.unknown(row.message(), now, now, "lease-ended");
        }
        return lost.size();
    }
}
