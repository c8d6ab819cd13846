package health.throughline.conversation;

import health.throughline.TimeOrderedId;
import health.throughline.channel.Channel;
import health.throughline.consent.Purpose;
import health.throughline.consent.SendPolicy;
import health.throughline.consent.Urgency;
import health.throughline.conversation.Conversations.Author;
import health.throughline.conversation.Conversations.Deferred;
import health.throughline.conversation.Conversations.Queued;
import health.throughline.conversation.Conversations.Refused;
import health.throughline.conversation.Conversations.Saying;
import health.throughline.conversation.Conversations.SendDecision;
import health.throughline.encryption.Encryption;
import health.throughline.organization.OrgUnitId;
import health.throughline.patient.AddressId;
import health.throughline.patient.PartyId;
import health.throughline.patient.PatientId;
import health.throughline.patient.Patients;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Says something to one given address: back to who wrote from it, or to a member of staff. */
@Component
class DirectMessages implements StaffMessages {

    private static final String STAFF_LANGUAGE = "en";

    private final JdbcMessages messages;
    private final Patients patients;
    private final Encryption encryption;
    private final SendPolicy policy;
    private final Texts texts;
    private final TextRules textRules;
    private final Senders senders;
    private final DispatchSignal wakeUp;
    private final Clock clock;

    DirectMessages(
            JdbcMessages messages,
            Patients patients,
            Encryption encryption,
            SendPolicy policy,
            Texts texts,
            TextRules textRules,
            Senders senders,
            DispatchSignal wakeUp,
            Clock clock) {
        this.messages = messages;
        this.patients = patients;
        this.encryption = encryption;
        this.policy = policy;
        this.texts = texts;
        this.textRules = textRules;
        this.senders = senders;
        this.wakeUp = wakeUp;
        this.clock = clock;
    }

    /**
     * @param patient none where the party is no patient
     * @param languages the first in which there is a text counts
     * @param solicited it answers what came from this address just now
     */
    record Direct(
            String intent,
            @Nullable PatientId patient,
            PartyId party,
            AddressId address,
            OrgUnitId orgUnit,
            String template,
            java.util.List<String> languages,
            Map<String, Object> values,
            boolean solicited,
            boolean toStaff,
            Instant expiresAt) {}

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public SendDecision send(StaffSaying saying) {
        return send(new Direct(
                saying.intent(),
                null,
                saying.party(),
                saying.address(),
                saying.orgUnit(),
                saying.template(),
                java.util.List.of(STAFF_LANGUAGE),
                saying.values(),
                false,
                true,
                saying.expiresAt()));
    }

    /** In a person's own words. */
    SendDecision speak(Direct direct, Text words, Author author) {
        return messages.ofIntent(direct.intent())
                .<SendDecision>map(meant -> new Queued(meant.id(), meant.channel(), "This was said already."))
                .orElseGet(() ->
                        decide(direct, patients.address(direct.address()).channel(), words, author, clock.instant()));
    }

    SendDecision send(Direct direct) {
        return send(direct, UnaryOperator.identity(), clock.instant());
    }

    /** Of the purpose and urgency of what it tells of; not before that time. */
    SendDecision tell(Direct direct, Purpose purpose, Urgency urgency, Instant notBefore) {
        return send(direct, text -> text.as(purpose, urgency), notBefore);
    }

    private SendDecision send(Direct direct, UnaryOperator<Text> as, Instant notBefore) {
        Optional<JdbcMessages.Meant> meantBefore = messages.ofIntent(direct.intent());
        if (meantBefore.isPresent()) {
            return new Queued(meantBefore.get().id(), meantBefore.get().channel(), "This was said already.");
        }
        Channel channel = patients.address(direct.address()).channel();
        if (!senders.serves(channel)) {
            return new Refused("no-adapter", "Nothing can be sent by the channel " + channel + ".");
        }
        Text text = direct.languages().stream()
                .flatMap(language -> texts.find(direct.template(), channel.code(), language).stream())
                .findFirst()
                .orElse(null);
        if (text == null) {
            return new Refused(
                    "no-text-in-language", "There is no such text in their language; an interpreter is needed.");
        }
        if (!texts.mayGo(text)) {
            return new Refused("unreviewed-text", "Nobody has reviewed the text in " + text.locale() + " yet.");
        }
        return decide(direct, channel, as.apply(text), new Author(Author.Kind.SYSTEM, "throughline"), notBefore);
    }

    private SendDecision decide(Direct direct, Channel channel, Text text, Author author, Instant wanted) {
        Instant now = clock.instant();
        Optional<Refused> unfit = textRules.objection(text, direct.values());
        if (unfit.isPresent()) {
            return unfit.get();
        }
        String body = text.render(direct.values());
        UUID id = TimeOrderedId.next();
        SendPolicy.Decision decision = policy.decide(
                new SendPolicy.Proposal(
                                direct.intent(),
                                id,
                                SendPolicy.Stage.QUEUE,
                                direct.patient(),
                                direct.party(),
                                direct.address(),
                                channel,
                                Senders.senderId(channel),
                                text.purpose(),
                                text.urgency(),
                                direct.solicited(),
                                body.length())
                        .with(Courtesies.of(direct.intent())),
                wanted);
        if (decision instanceof SendPolicy.MayNot no) {
            return new Refused(no.reason(), no.sentence());
        }
        Instant due = decision instanceof SendPolicy.Later later ? later.until() : wanted;
        if (!messages.claimIntent(direct.intent(), id, now)) {
            return send(direct);
        }
        PatientId patient = direct.patient();
        var saying = new Saying(
                direct.intent(),
                patient,
                direct.orgUnit(),
                null,
                direct.template(),
                direct.values(),
                direct.solicited(),
                null,
                null,
                direct.expiresAt(),
                author,
                null);
        UUID thread = patient == null
                ? messages.threadOf(direct.address(), now)
                : messages.thread(patient, direct.orgUnit(), direct.address(), now);
        messages.insert(
                new JdbcMessages.Draft(
                        id,
                        saying,
                        thread,
                        direct.party(),
                        direct.address(),
                        channel,
                        text,
                        direct.solicited(),
                        body,
                        texts.parts(
                                text, direct.values(), senders.adapter(channel).inEveryLanguage()),
                        senders.adapter(channel).units(body),
                        due,
                        decision.id(),
                        direct.toStaff(),
                        false,
                        null),
                patient == null ? encryption.systemKey() : patients.keyOf(patient),
                now);
        wakeUp.afterCommit();
        return due.isAfter(now)
                ? new Deferred(new MessageId(id), channel, due, decision.sentence())
                : new Queued(new MessageId(id), channel, decision.sentence());
    }
}
