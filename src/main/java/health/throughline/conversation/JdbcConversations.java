package health.throughline.conversation;

import static health.throughline.conversation.JdbcMessages.utc;

import health.throughline.TimeOrderedId;
import health.throughline.channel.Channel;
import health.throughline.consent.SendPolicy;
import health.throughline.patient.ContactPoint;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

@Service
class JdbcConversations implements Conversations {

    private final JdbcClient jdbc;
    private final JdbcMessages messages;
    private final JdbcQuestions questions;
    private final Patients patients;
    private final SendPolicy policy;
    private final Texts texts;
    private final Senders senders;
    private final DispatchSignal wakeUp;
    private final ConversationSettings settings;
    private final Clock clock;

    JdbcConversations(
            JdbcClient jdbc,
            JdbcMessages messages,
            JdbcQuestions questions,
            Patients patients,
            SendPolicy policy,
            Texts texts,
            Senders senders,
            DispatchSignal wakeUp,
            ConversationSettings settings,
            Clock clock) {
        this.jdbc = jdbc;
        this.messages = messages;
        this.questions = questions;
        this.patients = patients;
        this.policy = policy;
        this.texts = texts;
        this.senders = senders;
        this.wakeUp = wakeUp;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public SendDecision send(Saying saying) {
        Optional<UUID> meantBefore = messages.ofIntent(saying.intent());
        if (meantBefore.isPresent()) {
            return new Queued(
                    new MessageId(meantBefore.get()), "This was already meant to be said; it is not said again.");
        }
        PatientProfile patient =
                Optional.ofNullable(saying.patient()).flatMap(patients::find).orElse(null);
        if (patient == null) {
            return new Refused("no-patient", "The patient is not known any more.");
        }
        Channel channel = Channel.SMS;
        Optional<ContactPoint> reachedBy = bestContactPoint(patient, channel);
        if (reachedBy.isEmpty()) {
            return new Refused("no-address", "There is no number that can take a text.");
        }
        String language = patient.language() == null ? settings.defaultLanguage() : patient.language();
        Optional<Text> text = texts.find(saying.template(), channel.code(), language);
        if (text.isEmpty()) {
            return new Refused(
                    "no-text-in-language",
                    "There is no text \"" + saying.template() + "\" in the patient's language (" + language
                            + "); an interpreter is needed.");
        }
        if (text.get().critical() && !text.get().reviewed() && !settings.allowUnreviewed()) {
            return new Refused(
                    "unreviewed-text",
                    "Nobody has reviewed the text \"" + saying.template() + "\" in " + language + " yet.");
        }
        return decide(saying, patient, reachedBy.get(), channel, text.get());
    }

    SendDecision decide(Saying saying, PatientProfile patient, ContactPoint reachedBy, Channel channel, Text text) {
        // what is said stays with the record it is said for, also where that was merged into the patient's
        PatientId record = saying.patient() == null ? patient.id() : saying.patient();
        Instant now = clock.instant();
        String body = text.render(saying.values());
        boolean solicited = saying.solicited() && contactedSince(reachedBy, now.minus(settings.solicitedWithin()));
        UUID id = TimeOrderedId.next();
        Instant wanted = saying.notBefore() == null || saying.notBefore().isBefore(now) ? now : saying.notBefore();
        SendPolicy.Decision decision = policy.decide(
                new SendPolicy.Proposal(
                        saying.intent(),
                        id,
                        SendPolicy.Stage.QUEUE,
                        patient.id(),
                        patient.party(),
                        reachedBy.addressId(),
                        channel,
                        Senders.senderId(channel),
                        text.purpose(),
                        text.urgency(),
                        solicited,
                        body.length()),
                wanted);
        if (decision instanceof SendPolicy.MayNot no) {
            return new Refused(no.reason(), no.sentence());
        }
        Instant due = decision instanceof SendPolicy.Later later ? later.until() : wanted;
        if (!due.isBefore(saying.expiresAt())) {
            return new Refused(
                    "too-late", "It could only go at a time when it would no longer be true. " + decision.sentence());
        }
        if (!messages.claimIntent(saying.intent(), id, now)) {
            return send(saying);
        }
        UUID thread = messages.thread(record, patient.orgUnit(), reachedBy.addressId(), now);
        int units = senders.adapter(channel).units(body);
        messages.insert(
                new JdbcMessages.Draft(
                        id,
                        saying,
                        thread,
                        patient.party(),
                        reachedBy.addressId(),
                        channel,
                        text,
                        solicited,
                        body,
                        units,
                        due,
                        decision.id(),
                        false),
                patients.keyOf(record),
                now);
        if (due.isAfter(now)) {
            return new Deferred(new MessageId(id), due, decision.sentence());
        }
        wakeUp.afterCommit();
        return new Queued(new MessageId(id), decision.sentence());
    }

    boolean contactedSince(ContactPoint reachedBy, Instant since) {
        return jdbc.sql("select exists (select 1 from inbound_work where address_id = ? and received_at >= ?)")
                .params(reachedBy.addressId().value(), utc(since))
                .query(Boolean.class)
                .single();
    }

    /** A confidential contact point overrides every other (K8); else the one verified or ranked best. Landlines take no text. */
    static Optional<ContactPoint> bestContactPoint(PatientProfile patient, Channel channel) {
        var able = patient.reachable().stream()
                .filter(point -> point.address().channel() == channel && !point.landline())
                .toList();
        boolean anyConfidential = patient.reachable().stream().anyMatch(ContactPoint::confidential);
        return able.stream()
                .filter(point -> !anyConfidential || point.confidential())
                .min(Comparator.comparingInt(ContactPoint::rank)
                        .thenComparing(ContactPoint::observedAt, Comparator.reverseOrder()));
    }

    @Override
    @Transactional
    public void withdraw(UUID journeyInstance, String why) {
        jdbc.sql("""
                        update dispatch set withdrawn = :why, state = case when state = 'queued' then 'suppressed' else state end,
                            reason = case when state = 'queued' then :why else reason end
                        where journey_instance_id = :journey and state in ('queued', 'leased')
                        """).param("why", why).param("journey", journeyInstance).update();
        closeQuestions(journeyInstance, why);
    }

    @Override
    @Transactional
    public void closeQuestions(UUID journeyInstance, String why) {
        questions.closeOfJourney(journeyInstance, why, clock.instant());
    }

    @Override
    public boolean knowsText(String key) {
        return texts.knows(key);
    }

    @Override
    @Transactional(readOnly = true)
    public Standing standing(MessageId message) {
        return jdbc.sql(
                        "select state, coalesce(sent_at, shadow_at) as sent_at, due_at, reason, held_by, shadow_at from dispatch where message_id = ?")
                .param(message.value())
                .query((row, n) -> {
                    String state = row.getString("state");
                    boolean failed = switch (state) {
                        // what a department in shadow pretends to send counts as sent: the journey goes its way
                        case "suppressed" -> row.getObject("shadow_at") == null;
                        case "failed", "undelivered", "parked" -> true;
                        default -> false;
                    };
                    Instant sentAt = JdbcMessages.nullableInstant(row, "sent_at");
                    return new Standing(
                            state,
                            sentAt,
                            // held, nobody knows when it goes
                            row.getString("held_by") == null ? JdbcMessages.instant(row, "due_at") : null,
                            failed || sentAt != null,
                            failed,
                            row.getString("reason"));
                })
                .single();
    }
}
