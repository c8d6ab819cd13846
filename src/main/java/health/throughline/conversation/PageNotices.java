package health.throughline.conversation;

import health.throughline.channel.BrowserSubscriptions;
import health.throughline.channel.Channel;
import health.throughline.consent.SendPolicy;
import health.throughline.conversation.DirectMessages.Direct;
import health.throughline.conversation.JdbcMessages.Message;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.Organization;
import health.throughline.patient.ContactPoint;
import health.throughline.patient.Numbers;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Tells a patient that something waits on their page, where they have not looked: in their browser where they asked for that, else, later,
 * by text or e-mail. A notice is a message like any other, of the purpose of what it tells of: decided, counted, kept from quiet hours,
 * held, retried. One for each message in the browser, and elsewhere one for all that waits; none for what was read by then.
 */
@Component
class PageNotices {

    private static final String TEXT = "message-waits";
    private static final String INTENT = "waits:";
    private static final Pattern ABOUT = Pattern.compile(INTENT + "([0-9a-f-]{36}):(\\d|elsewhere)");
    private static final int BROWSERS = 3;
    private static final List<Channel> ELSEWHERE = List.of(Channel.SMS, Channel.EMAIL);
    private static final Duration USEFUL_FOR = Duration.ofDays(1);

    private final DirectMessages direct;
    private final JdbcMessages messages;
    private final JdbcNotices waiting;
    private final Patients patients;
    private final Numbers numbers;
    private final Ways ways;
    private final Senders senders;
    private final SendPolicy policy;
    private final Links links;
    private final Organization organization;
    private final TextRules textRules;
    private final ConversationSettings settings;
    private final Clock clock;

    PageNotices(
            DirectMessages direct,
            JdbcMessages messages,
            JdbcNotices waiting,
            Patients patients,
            Numbers numbers,
            Ways ways,
            Senders senders,
            SendPolicy policy,
            Links links,
            Organization organization,
            TextRules textRules,
            ConversationSettings settings,
            Clock clock) {
        this.direct = direct;
        this.messages = messages;
        this.waiting = waiting;
        this.patients = patients;
        this.numbers = numbers;
        this.ways = ways;
        this.senders = senders;
        this.policy = policy;
        this.links = links;
        this.organization = organization;
        this.textRules = textRules;
        this.settings = settings;
        this.clock = clock;
    }

    static boolean isNotice(String intent) {
        return intent.startsWith(INTENT);
    }

    /** The message is on its page now. Joins the transaction that says so. */
    void laid(Message message, Instant now) {
        if (!senders.adapter(message.channel()).keepsUntilRead()) {
            return;
        }
        profile(message).ifPresent(patient -> inBrowser(message, patient, 0, now.plus(settings.noticeAfter())));
    }

    private Optional<PatientProfile> profile(Message message) {
        return Optional.ofNullable(message.patient()).flatMap(patients::find);
    }

    private void inBrowser(Message message, PatientProfile patient, int browser, Instant when) {
        Optional<ContactPoint> newest = patient.reachable().stream()
                .filter(point -> isNotice(point.address().channel()))
                .max(Comparator.comparing(ContactPoint::observedAt));
        if (browser >= BROWSERS || newest.isEmpty()) {
            elsewhere(message, patient, clock.instant().plus(settings.noticeElsewhereAfter()));
            return;
        }
        tell(message, patient, INTENT + message.id() + ":" + browser, newest.get(), Map.of(), when);
    }

    private boolean isNotice(Channel channel) {
        return senders.serves(channel) && senders.adapter(channel).onlyTells();
    }

    /** By text or e-mail, once for all that has waited since the patient looked last. */
    private void elsewhere(Message message, PatientProfile patient, Instant when) {
        Instant since = clock.instant().minus(USEFUL_FOR);
        UUID oldest = waiting.oldestUnread(message.address(), since).orElse(message.id());
        ways.of(patient, Reach.next(Set.of(message.channel()))).stream()
                .filter(way -> ELSEWHERE.contains(way.address().channel()))
                .findFirst()
                .ifPresent(way -> {
                    Links.Link link = links.make();
                    tell(
                                    message,
                                    patient,
                                    INTENT + oldest + ":elsewhere",
                                    way,
                                    Map.of(Links.VARIABLE, link.url()),
                                    when)
                            .ifPresent(notice -> links.keep(
                                    link, new Links.Target(notice, patient.id(), null, null, usefulUntil(message))));
                });
    }

    private Instant usefulUntil(Message message) {
        Instant tomorrow = clock.instant().plus(USEFUL_FOR);
        return message.expiresAt().isBefore(tomorrow) ? message.expiresAt() : tomorrow;
    }

    private Optional<MessageId> tell(
            Message about,
            PatientProfile patient,
            String intent,
            ContactPoint way,
            Map<String, Object> more,
            Instant when) {
        if (!when.isBefore(usefulUntil(about)) || messages.ofIntent(intent).isPresent()) {
            return Optional.empty();
        }
        String provider = organization
                .ancestor(patient.orgUnit(), OrgUnit.Kind.HOSPITAL)
                .map(OrgUnit::patientSafeName)
                .orElse(null);
        Map<String, Object> values = new HashMap<>(more);
        // of what is for the patient alone not even the hospital's name (K13)
        values.put(
                "provider",
                about.sensitive() ? "none" : Objects.requireNonNullElse(textRules.speakable(provider), "none"));
        var decision = direct.tell(
                new Direct(
                        intent,
                        patient.id(),
                        patient.party(),
                        way.addressId(),
                        patient.orgUnit(),
                        TEXT,
                        List.of(
                                Objects.requireNonNullElse(patient.language(), settings.defaultLanguage()),
                                settings.defaultLanguage()),
                        values,
                        false,
                        false,
                        usefulUntil(about)),
                about.purpose(),
                about.urgency(),
                when);
        return switch (decision) {
            case Conversations.Queued queued -> Optional.of(queued.message());
            case Conversations.Deferred deferred -> Optional.of(deferred.message());
            case Conversations.Refused refused -> Optional.empty();
        };
    }

    /** Against a notice that is about to go: what it tells of was read, or a word of the patient's keeps us from their page too. */
    Optional<SendGuard.Objection> objection(Message notice, Instant now) {
        Matcher about = ABOUT.matcher(notice.intent());
        if (!about.matches()) {
            return Optional.empty();
        }
        UUID message = UUID.fromString(about.group(1));
        if (!waiting.isUnread(message)) {
            return Optional.of(new SendGuard.Objection("read", "They have read what it would have told them of."));
        }
        return messages.find(message).flatMap(waits -> refused(waits, now));
    }

    private Optional<SendGuard.Objection> refused(Message waits, Instant now) {
        SendPolicy.Outlook outlook = policy.outlook(
                new SendPolicy.Proposal(
                        waits.intent(),
                        waits.id(),
                        SendPolicy.Stage.SEND,
                        waits.patient(),
                        waits.party(),
                        waits.address(),
                        waits.channel(),
                        waits.senderId(),
                        waits.purpose(),
                        waits.urgency(),
                        waits.solicited(),
                        0),
                now);
        return outlook.may() || outlook.until() != null
                ? Optional.empty()
                : Optional.of(new SendGuard.Objection(outlook.reason(), outlook.sentence()));
    }

    /** The browser was not reached: it is forgotten where it is gone, and they are told another way. */
    @EventListener
    @Transactional(propagation = Propagation.MANDATORY)
    public void on(DirectMessageFailed failed) {
        Matcher about = ABOUT.matcher(failed.intent());
        if (!about.matches() || !failed.reason().startsWith(BrowserSubscriptions.FAILED)) {
            return;
        }
        Message notice = messages.find(failed.message()).orElseThrow();
        boolean gone = failed.reason().equals(BrowserSubscriptions.GONE);
        PatientId patient = notice.patient();
        if (gone && patient != null) {
            numbers.ended(patient, notice.address());
        }
        Message message = messages.find(UUID.fromString(about.group(1))).orElse(null);
        PatientProfile told = message == null ? null : profile(message).orElse(null);
        if (message == null || told == null) {
            return;
        }
        // another browser of theirs; one that only fails just now would fail again
        int next = gone ? Integer.parseInt(about.group(2)) + 1 : BROWSERS;
        inBrowser(message, told, next, clock.instant());
    }
}
