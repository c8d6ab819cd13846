package health.throughline.conversation;

import health.throughline.TimeOrderedId;
import health.throughline.channel.Channel;
import health.throughline.consent.Addressees;
import health.throughline.consent.SendPolicy;
import health.throughline.patient.ContactPoint;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

@Service
class JdbcConversations implements Conversations {

    private static final String NO_TEXT = "no-text";

    /** Automated messages about one visit, one referral, one anything; then a person. */
    private static final int MOST_ABOUT_A_SUBJECT = 6;

    /** What speaks against an address, and not against saying it: the next way is looked at. */
    private static final Pattern ANOTHER_WAY_MAY_DO = Pattern.compile(NO_TEXT + "|channel\\..*|K9\\..*|K17\\..*|"
            + "K8\\.(barred|minor-consent|no-authority|majority|others-read)|K13\\..*");

    private final JdbcClient jdbc;
    private final JdbcMessages messages;
    private final JdbcInbound inbound;
    private final JdbcQuestions questions;
    private final Patients patients;
    private final Ways ways;
    private final Addressees addressees;
    private final Introduction introduction;
    private final Sensitivity sensitivity;
    private final SendPolicy policy;
    private final Texts texts;
    private final TextRules textRules;
    private final Senders senders;
    private final Links links;
    private final DispatchSignal wakeUp;
    private final ConversationSettings settings;
    private final Clock clock;

    JdbcConversations(
            JdbcClient jdbc,
            JdbcMessages messages,
            JdbcInbound inbound,
            JdbcQuestions questions,
            Patients patients,
            Ways ways,
            Addressees addressees,
            Introduction introduction,
            Sensitivity sensitivity,
            SendPolicy policy,
            Texts texts,
            TextRules textRules,
            Senders senders,
            Links links,
            DispatchSignal wakeUp,
            ConversationSettings settings,
            Clock clock) {
        this.jdbc = jdbc;
        this.messages = messages;
        this.inbound = inbound;
        this.questions = questions;
        this.patients = patients;
        this.ways = ways;
        this.addressees = addressees;
        this.introduction = introduction;
        this.sensitivity = sensitivity;
        this.policy = policy;
        this.texts = texts;
        this.textRules = textRules;
        this.senders = senders;
        this.links = links;
        this.wakeUp = wakeUp;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public SendDecision send(Saying saying) {
        Optional<Queued> meantBefore = messages.ofIntent(saying.intent())
                .map(message -> new Queued(
                        message.id(), message.channel(), "This was already meant to be said; it is not said again."));
        if (meantBefore.isPresent()) {
            return meantBefore.get();
        }
        PatientProfile patient =
                Optional.ofNullable(saying.patient()).flatMap(patients::find).orElse(null);
        if (patient == null) {
            return new Refused("no-patient", "The patient is not known any more.");
        }
        if (saidEnough(saying)) {
            return new Refused(
                    "subject-limit",
                    MOST_ABOUT_A_SUBJECT + " messages about this were written by the product; a person has to go on.");
        }
        Refused refused = null;
        boolean sensitive = isSensitive(saying);
        for (Addressees.Addressee whom : addressees.of(patient, sensitive, clock.instant())) {
            PatientProfile addressed = patient.addressedTo(whom.party(), whom.language(), whom.reachable());
            if (!saying.reach().allows(addressed)) {
                continue;
            }
            for (ContactPoint way : ways.of(addressed, saying.reach())) {
                boolean minimal = addressees.othersRead(patient, whom, way, sensitive, clock.instant())
                        && (sensitive || !isAnswer(saying, way));
                SendDecision decision = by(way, saying, addressed, minimal);
                if (!(decision instanceof Refused no)) {
                    return decision;
                }
                refused = refused == null || refused.reason().equals(NO_TEXT) ? no : refused;
                if (!ANOTHER_WAY_MAY_DO.matcher(no.reason()).matches()) {
                    return refused;
                }
            }
        }
        return refused != null ? refused : new Refused("no-address", noWay(saying.reach()));
    }

    private boolean isSensitive(Saying saying) {
        Origin origin = saying.origin();
        return origin != null && sensitivity.isSensitive(origin);
    }

    private SendPolicy.Besides besides(Saying saying, Text text, boolean unnamed) {
        Origin origin = saying.origin();
        return new SendPolicy.Besides(
                null,
                origin == null ? null : origin.journeyKey(),
                isSensitive(saying),
                text.asksToCall() ? saying.orgUnit() : null,
                text.asksToCall() ? Text.latestToCall(saying.expiresAt()) : null,
                null,
                unnamed);
    }

    /** Whoever was written to that often without an end needs a person. Answers to what the patient said are not counted. */
    private boolean saidEnough(Saying saying) {
        Origin origin = saying.origin();
        if (origin == null || origin.subject() == null || saying.solicited()) {
            return false;
        }
        return jdbc.sql("""
                        select count(*) from message m join dispatch d on d.message_id = m.id
                        where m.subject_id = ? and m.subject_type = ? and not m.solicited and m.author_kind = 'journey'
                          and d.state not in ('suppressed', 'failed', 'undelivered', 'parked')
                        """)
                        .params(origin.subject(), String.valueOf(origin.subjectType()))
                        .query(Integer.class)
                        .single()
                >= MOST_ABOUT_A_SUBJECT;
    }

    private static String noWay(Reach reach) {
        Channel only = reach.by();
        if (only != null) {
            return only.equals(Channel.SMS)
                    ? "There is no number that can take a text."
                    : "There is no address for the channel " + only + ".";
        }
        return reach.tried().isEmpty()
                ? "There is no number that can take a text, and no other way to reach them."
                : "Every way to reach them was tried.";
    }

    /** @param minimal others may read it there */
    private SendDecision by(ContactPoint way, Saying saying, PatientProfile patient, boolean minimal) {
        Channel channel = way.address().channel();
        String language = patient.language() == null ? settings.defaultLanguage() : patient.language();
        Optional<Text> text = texts.find(saying.template(), channel.code(), language);
        if (text.isEmpty()) {
            return texts.knows(saying.template(), channel.code())
                    ? new Refused(
                            "no-text-in-language",
                            "There is no text \"" + saying.template() + "\" in the patient's language (" + language
                                    + "); an interpreter is needed.")
                    : new Refused(
                            NO_TEXT, "There is no text \"" + saying.template() + "\" for the channel " + channel + ".");
        }
        if (!texts.mayGo(text.get())) {
            return new Refused(
                    "unreviewed-text",
                    "Nobody has reviewed the text \"" + saying.template() + "\" in " + language + " yet.");
        }
        Optional<Text> said = minimal ? text.get().minimal() : text;
        return said.map(words -> decide(words.isMinimal() ? saying.askingNothing() : saying, patient, way, words))
                .orElseGet(() -> new Refused(
                        "K8.others-read",
                        "Somebody else reads there too, and the text \"" + saying.template() + "\" for the channel "
                                + channel + " says nothing less than all."));
    }

    /** To what came from that very address a moment ago: whoever has it waits for it. */
    private boolean isAnswer(Saying saying, ContactPoint reachedBy) {
        return saying.solicited() && contactedSince(reachedBy, clock.instant().minus(settings.solicitedWithin()));
    }

    SendDecision decide(Saying saying, PatientProfile patient, ContactPoint reachedBy, Text text) {
        Channel channel = reachedBy.address().channel();
        // what is said stays with the record it is said for, also where that was merged into the patient's
        PatientId record = saying.patient() == null ? patient.id() : saying.patient();
        Instant now = clock.instant();
        Links.Link link =
                text.variables().contains(Links.VARIABLE) && !saying.values().containsKey(Links.VARIABLE)
                        ? links.make()
                        : null;
        Map<String, Object> values = withLink(saying.values(), link);
        Optional<Refused> unfit = textRules.objection(text, values);
        if (unfit.isPresent()) {
            return unfit.get();
        }
        // a page of ours is read by whoever opens it: nobody is called there
        boolean solicited = !senders.adapter(channel).comesUnasked() || isAnswer(saying, reachedBy);
        String body = worded(text, text.render(values), reachedBy, patient, solicited);
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
                                body.length())
                        .with(besides(saying, text, !introduction.names(text, body, channel, patient.orgUnit()))),
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
        String together = text.isMinimal() ? null : texts.together(text.key()).orElse(null);
        // a moment for the others that are said at this hour, so that they are said as one
        boolean gathering = together != null
                && saying.origin() != null
                && !solicited
                && !due.isAfter(now.plus(settings.gather()))
                && now.plus(settings.gather()).isBefore(saying.expiresAt());
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
                        texts.parts(text, values, senders.adapter(channel).inEveryLanguage()),
                        units,
                        gathering ? now.plus(settings.gather()) : due,
                        decision.id(),
                        false,
                        isSensitive(saying),
                        isSensitive(saying) ? null : together),
                patients.keyOf(record),
                now);
        if (link != null) {
            Origin origin = saying.origin();
            links.keep(
                    link,
                    new Links.Target(
                            new MessageId(id),
                            patient.id(),
                            origin == null ? null : origin.subjectType(),
                            origin == null ? null : origin.subject(),
                            saying.expiresAt()));
        }
        if (due.isAfter(now)) {
            return new Deferred(new MessageId(id), channel, due, decision.sentence());
        }
        wakeUp.afterCommit();
        return new Queued(new MessageId(id), channel, decision.sentence());
    }

    private static Map<String, Object> withLink(Map<String, Object> values, Links.@Nullable Link link) {
        if (link == null) {
            return values;
        }
        Map<String, Object> more = new HashMap<>(values);
        more.put(Links.VARIABLE, link.url());
        return more;
    }

    /** Who speaks is said with the words where whoever reads them cannot know it. */
    String worded(Text text, String words, ContactPoint to, PatientProfile patient, boolean solicited) {
        return introduction.of(text, words, to.address().channel(), to.addressId(), patient.orgUnit(), solicited);
    }

    /** Whether it is the words, as they are or with who speaks. */
    boolean isWordingOf(String said, String words, PatientProfile patient) {
        return introduction.isOf(said, words, patient.orgUnit());
    }

    boolean contactedSince(ContactPoint reachedBy, Instant since) {
        return inbound.wroteSince(reachedBy.addressId(), since);
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
    public List<Channel> channels() {
        return senders.channels();
    }

    @Override
    public boolean knowsText(String key) {
        return texts.knows(key);
    }

    @Override
    @Transactional(readOnly = true)
    public Standing standing(MessageId message) {
        return jdbc.sql("select state, coalesce(sent_at, shadow_at) as sent_at, due_at, reason, held_by, shadow_at"
                        + " from dispatch where message_id = ?")
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
