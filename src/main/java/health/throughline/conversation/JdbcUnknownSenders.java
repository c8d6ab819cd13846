package health.throughline.conversation;

import static health.throughline.conversation.JdbcMessages.utc;

import health.throughline.TimeOrderedId;
import health.throughline.channel.Channel;
import health.throughline.consent.Purpose;
import health.throughline.conversation.Conversations.Author;
import health.throughline.conversation.Conversations.Deferred;
import health.throughline.conversation.Conversations.Queued;
import health.throughline.conversation.Conversations.Refused;
import health.throughline.encryption.Encryption;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import health.throughline.patient.AddressId;
import health.throughline.patient.Numbers;
import health.throughline.patient.Parties;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

@Repository
@Transactional(propagation = Propagation.MANDATORY)
class JdbcUnknownSenders implements UnknownSenders {

    private static final String WAITS = "w.patient_id is null and w.state in ('with_person', 'parked')";
    private static final Duration WORTH_READING = Duration.ofDays(3);
    private static final UUID NOBODY = new UUID(0, 0);

    private final JdbcClient jdbc;
    private final Encryption encryption;
    private final Patients patients;
    private final JdbcAttachments attachments;
    private final Numbers numbers;
    private final JdbcMessages messages;
    private final JdbcInbound inbound;
    private final InboundSignal signal;
    private final DirectMessages direct;
    private final Parties parties;
    private final Organization organization;
    private final Senders senders;
    private final ConversationSettings settings;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    JdbcUnknownSenders(
            JdbcClient jdbc,
            Encryption encryption,
            Patients patients,
            JdbcAttachments attachments,
            Numbers numbers,
            JdbcMessages messages,
            JdbcInbound inbound,
            InboundSignal signal,
            DirectMessages direct,
            Parties parties,
            Organization organization,
            Senders senders,
            ConversationSettings settings,
            ApplicationEventPublisher events,
            Clock clock) {
        this.jdbc = jdbc;
        this.encryption = encryption;
        this.patients = patients;
        this.attachments = attachments;
        this.numbers = numbers;
        this.messages = messages;
        this.inbound = inbound;
        this.signal = signal;
        this.direct = direct;
        this.parties = parties;
        this.organization = organization;
        this.senders = senders;
        this.settings = settings;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public List<Sender> waiting(@Nullable Cursor after, int limit) {
        return jdbc.sql(
                        "select w.address_id, max(w.received_at) as last, count(*) as waiting from inbound_work w where "
                                + WAITS
                                + """
                         group by w.address_id
                        having not :paged or (max(w.received_at), w.address_id) < (cast(:at as timestamptz), cast(:after as uuid))
                        order by last desc, w.address_id desc limit :limit
                        """)
                .param("paged", after != null)
                .param("at", utc(after == null ? Instant.EPOCH : after.at()))
                .param("after", after == null ? NOBODY : after.sender())
                .param("limit", limit)
                .query((row, n) -> new Sender(
                        new AddressId(row.getObject("address_id", UUID.class)),
                        JdbcMessages.instant(row, "last"),
                        row.getInt("waiting")))
                .list();
    }

    @Override
    public List<Line> messages(AddressId sender, int limit) {
        List<Line> theirs = jdbc.sql("""
                        select i.id, i.received_at, i.body, w.state from inbound_work w
                        join inbound i on i.id = w.inbound_id and i.received_at = w.received_at
                        where w.address_id = ? and w.patient_id is null order by w.received_at desc limit ?
                        """)
                .params(sender.value(), limit)
                .query((row, n) -> {
                    UUID id = row.getObject("id", UUID.class);
                    String state = row.getString("state");
                    return new Line(
                            id,
                            JdbcMessages.instant(row, "received_at"),
                            encryption.decrypt(encryption.systemKey(), JdbcInbox.bodyField(id), row.getBytes("body")),
                            state.equals("with_person") || state.equals("parked"),
                            null,
                            List.of());
                })
                .list();
        if (theirs.isEmpty()) {
            return theirs;
        }
        Map<UUID, List<Attachment>> came =
                attachments.of(theirs.stream().map(Line::id).toList());
        List<Line> all = new ArrayList<>(theirs.stream()
                .map(line -> new Line(
                        line.id(),
                        line.at(),
                        line.text(),
                        line.waits(),
                        line.by(),
                        came.getOrDefault(line.id(), List.of())))
                .toList());
        all.addAll(answers(sender, limit));
        all.sort(Comparator.comparing(Line::at).reversed());
        return all.subList(0, Math.min(limit, all.size()));
    }

    private List<Line> answers(AddressId sender, int limit) {
        return jdbc.sql("""
                        select m.id, m.created_at, m.body, m.author from dispatch d
                        join message m on m.id = d.message_id and m.created_at = d.message_created_at
                        where d.address_id = ? and d.patient_id is null and not d.to_staff
                        order by d.message_created_at desc limit ?
                        """)
                .params(sender.value(), limit)
                .query((row, n) -> {
                    UUID id = row.getObject("id", UUID.class);
                    return new Line(
                            id,
                            JdbcMessages.instant(row, "created_at"),
                            encryption.decrypt(
                                    encryption.systemKey(), JdbcMessages.bodyField(id), row.getBytes("body")),
                            false,
                            row.getString("author"),
                            List.of());
                })
                .list();
    }

    @Override
    public UUID answer(AddressId sender, String text, String by, String key) {
        if (!patients.reachedAt(sender).isEmpty()) {
            throw new IllegalStateException("Several patients share the number. Say first which of them wrote.");
        }
        Instant now = clock.instant();
        Channel channel = patients.address(sender).channel();
        if (!senders.serves(channel) || !senders.adapter(channel).carriesWords()) {
            throw new IllegalStateException("Nothing can be written there.");
        }
        boolean there = !senders.adapter(channel).comesUnasked();
        OrgUnitId unit = unitOf(sender);
        var direct = new DirectMessages.Direct(
                DirectMessageFailed.BY_A_PERSON + by + ":sender:" + sender.value() + ":" + key,
                null,
                parties.unknownSender(sender, unit),
                sender,
                unit,
                "spoken",
                List.of(settings.defaultLanguage()),
                Map.of(Text.SPOKEN, text),
                there || inbound.wroteSince(sender, now.minus(settings.solicitedWithin())),
                false,
                now.plus(WORTH_READING));
        return switch (this.direct.speak(
                direct,
                Text.spoken(Purpose.OPERATIONAL, channel, settings.defaultLanguage()),
                new Author(Author.Kind.PERSON, by))) {
            case Queued queued -> queued.message().value();
            case Deferred deferred -> deferred.message().value();
            case Refused no -> throw new IllegalStateException(no.why());
        };
    }

    /** Whose coordinators see it: those of the site they write on, else of the whole system. */
    private OrgUnitId unitOf(AddressId sender) {
        return jdbc.sql("""
                        select org_unit_id from inbound_work where address_id = ? and patient_id is null and org_unit_id is not null
                        order by received_at desc limit 1
                        """)
                .param(sender.value())
                .query((row, n) -> new OrgUnitId(row.getObject(1, UUID.class)))
                .optional()
                .orElseGet(() -> organization.findByPath("/all/").orElseThrow().id());
    }

    private record Waiting(
            UUID inbound,
            @Nullable String meaning,
            @Nullable String language) {}

    private List<Waiting> lockWaiting(AddressId sender) {
        return jdbc.sql("select w.inbound_id, w.meaning, w.language from inbound_work w where w.address_id = ? and "
                        + WAITS + " order by w.received_at for update")
                .param(sender.value())
                .query((row, n) -> new Waiting(row.getObject(1, UUID.class), row.getString(2), row.getString(3)))
                .list();
    }

    @Override
    public void link(AddressId sender, PatientId id, String by) {
        PatientProfile patient = patients.find(id).orElseThrow();
        Instant now = clock.instant();
        List<Waiting> waiting = lockWaiting(sender);
        boolean shared = !patients.reachedAt(sender).isEmpty();
        UUID event = took(sender, "linked", patient.id(), by, now);
        numbers.link(patient.id(), sender, event);
        UUID thread = messages.thread(patient.id(), patient.orgUnit(), sender, now);
        jdbc.sql("""
                        update inbound_work w set patient_id = :patient, thread_id = :thread, org_unit_id = :unit
                        where w.address_id = :sender and w.patient_id is null and (w.state = 'handled' or :shared)
                        """)
                .param("patient", patient.id().value())
                .param("thread", thread)
                .param("unit", patient.orgUnit().value())
                .param("sender", sender.value())
                .param("shared", shared)
                .update();
        settled(sender, waiting, "linked", by);
        if (shared) {
            waiting.forEach(message -> events.publishEvent(new ReplyNeedsPerson(
                    message.inbound(),
                    sender,
                    patient.id().value(),
                    patient.orgUnit().value(),
                    null,
                    "no-open-question",
                    message.meaning() == null ? "unclear" : message.meaning(),
                    message.language(),
                    false,
                    "Wrote from a number several patients share.")));
            messages.touch(patient.id(), now);
        } else {
            readAnew(sender, patient, thread, now);
        }
        events.publishEvent(new ConversationChanged(patient.id().value()));
    }

    /** The worker reads them again, and finds the patient by the number now. */
    private void readAnew(AddressId sender, PatientProfile patient, UUID thread, Instant now) {
        jdbc.sql("update inbound_work w set state = 'received', due_at = :now, tries = 0, reason = null,"
                        + " patient_id = :patient, thread_id = :thread, org_unit_id = :unit where w.address_id = :sender and "
                        + WAITS)
                .param("now", utc(now))
                .param("patient", patient.id().value())
                .param("thread", thread)
                .param("unit", patient.orgUnit().value())
                .param("sender", sender.value())
                .update();
        signal.afterCommit();
    }

    @Override
    public void nobodys(AddressId sender, String by) {
        Instant now = clock.instant();
        List<Waiting> waiting = lockWaiting(sender);
        took(sender, "nobodys", null, by, now);
        jdbc.sql(
                        "update inbound_work w set state = 'handled', reason = 'nobodys', handled_at = ? where w.address_id = ? and "
                                + WAITS)
                .params(utc(now), sender.value())
                .update();
        settled(sender, waiting, "nobodys", by);
    }

    private UUID took(AddressId sender, String kind, @Nullable PatientId patient, String by, Instant now) {
        UUID id = TimeOrderedId.next();
        jdbc.sql(
                        "insert into sender_event (id, address_id, kind, patient_id, actor, at) values (:id, :sender, :kind, :patient, :by, :now)")
                .param("id", id)
                .param("sender", sender.value())
                .param("kind", kind)
                .param("patient", patient == null ? null : patient.value())
                .param("by", by)
                .param("now", utc(now))
                .update();
        return id;
    }

    private void settled(AddressId sender, List<Waiting> waiting, String how, String by) {
        events.publishEvent(
                new Settled(sender, waiting.stream().map(Waiting::inbound).toList(), how, by));
    }
}
