package health.throughline.conversation;

import static health.throughline.conversation.JdbcMessages.utc;

import health.throughline.TimeOrderedId;
import health.throughline.channel.Address;
import health.throughline.channel.AttemptId;
import health.throughline.channel.CardNumbers;
import health.throughline.channel.Channel;
import health.throughline.channel.ChannelInbox;
import health.throughline.channel.DeliveryReport;
import health.throughline.channel.Engagement;
import health.throughline.channel.InboundMessage;
import health.throughline.channel.InboundMessage.Doubt;
import health.throughline.consent.ConsentLedger;
import health.throughline.consent.ConsentLedger.Keyword;
import health.throughline.consent.ConsentLedger.Manner;
import health.throughline.conversation.JdbcDispatch.Row;
import health.throughline.conversation.ReplyReader.Meaning;
import health.throughline.encryption.DataKeyId;
import health.throughline.encryption.Encryption;
import health.throughline.patient.AddressId;
import health.throughline.patient.Patients;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** Makes what came from outside durable, once; an exact STOP is in the ledger when the carrier gets its answer. */
@Service
class JdbcInbox implements ChannelInbox {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcInbox.class);

    private final JdbcClient jdbc;
    private final Encryption encryption;
    private final Patients patients;
    private final ConsentLedger ledger;
    private final Refusals refusals;
    private final ReplyReader reader;
    private final JdbcDispatch dispatch;
    private final JdbcMessages messages;
    private final JdbcInbound inbound;
    private final JdbcQuestions questions;
    private final Attempts attempts;
    private final Engagements engagements;
    private final JdbcAttachments attachments;
    private final AttachmentSignal attachmentSignal;
    private final DispatchSignal wakeUp;
    private final InboundSignal signal;
    private final Again again;
    private final FailPoint failPoint;
    private final Clock clock;

    JdbcInbox(
            JdbcClient jdbc,
            Encryption encryption,
            Patients patients,
            ConsentLedger ledger,
            Refusals refusals,
            ReplyReader reader,
            JdbcDispatch dispatch,
            JdbcMessages messages,
            JdbcInbound inbound,
            JdbcQuestions questions,
            Attempts attempts,
            Engagements engagements,
            JdbcAttachments attachments,
            AttachmentSignal attachmentSignal,
            DispatchSignal wakeUp,
            InboundSignal signal,
            Again again,
            FailPoint failPoint,
            Clock clock) {
        this.jdbc = jdbc;
        this.encryption = encryption;
        this.patients = patients;
        this.ledger = ledger;
        this.refusals = refusals;
        this.reader = reader;
        this.dispatch = dispatch;
        this.messages = messages;
        this.inbound = inbound;
        this.questions = questions;
        this.attempts = attempts;
        this.engagements = engagements;
        this.attachments = attachments;
        this.attachmentSignal = attachmentSignal;
        this.wakeUp = wakeUp;
        this.signal = signal;
        this.again = again;
        this.failPoint = failPoint;
        this.clock = clock;
    }

    @Override
    public void received(InboundMessage message) {
        boolean urgent = mayBeDanger(message);
        again.inTransaction(() -> store(message, urgent));
    }

    /** Only for the order in which things are worked off; whatever comes of the look, the message is kept. */
    private boolean mayBeDanger(InboundMessage message) {
        try {
            return !message.automatic() && message.choice() == null && reader.mayBeDanger(message.body());
        } catch (RuntimeException e) {
            LOG.warn(
                    "A message that came in was not looked at for danger before its turn: {}",
                    e.getClass().getSimpleName());
            return false;
        }
    }

    private void store(InboundMessage message, boolean urgent) {
        Instant now = clock.instant();
        Instant saidAt = message.receivedAt().isBefore(now) ? message.receivedAt() : now;
        UUID id = TimeOrderedId.next();
        boolean first = jdbc.sql("""
            insert into inbound_key (provider, provider_id, inbound_id, received_at) values (?, ?, ?, ?)
            on conflict do nothing
            """)
                        .params(message.provider(), message.providerId(), id, utc(now))
                        .update()
                == 1;
        if (!first) {
            return;
        }
        AddressId from = patients.addressOfSender(
                message.from().channel(), message.from().value());
        DataKeyId key = encryption.systemKey();
        jdbc.sql("""
            insert into inbound (id, received_at, provider, provider_id, channel, address_id, sender_id, raw, body,
                answers, choice, automatic, doubt)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
                .params(Arrays.asList(
                        id,
                        utc(now),
                        message.provider(),
                        message.providerId(),
                        message.from().channel().code(),
                        from.value(),
                        Senders.senderId(message.from().channel()),
                        encryption.encrypt(
                                key,
                                new Encryption.Field("inbound", "raw", id),
                                CardNumbers.maskRaw(message.raw(), message.body())),
                        encryption.encrypt(key, bodyField(id), CardNumbers.mask(message.body())),
                        message.answers() == null ? null : message.answers().value(),
                        message.choice(),
                        message.automatic(),
                        message.doubt() == null ? null : message.doubt().code()))
                .update();
        jdbc.sql("""
            insert into inbound_work (inbound_id, received_at, address_id, state, due_at, said_at, urgent)
            values (?, ?, ?, 'received', ?, ?, ?)
            """)
                .params(id, utc(now), from.value(), utc(now), utc(saidAt), urgent)
                .update();
        if (attachments.add(id, message, now)) {
            attachmentSignal.afterCommit();
        }
        optOutOrIn(message, from, id);
        if (!message.automatic() && (message.doubt() == null || message.doubt() == Doubt.INCOMPLETE)) {
            reachableAgain(from, message);
        }
        signal.afterCommit();
    }

    private void optOutOrIn(InboundMessage message, AddressId from, UUID id) {
        boolean pressed = message.choice() != null && Meaning.ofCode(message.choice()) == Meaning.OPT_OUT;
        Keyword keyword =
                message.automatic() || message.choice() != null ? Keyword.NONE : ledger.keyword(message.body());
        Channel channel = message.from().channel();
        boolean cancelled = keyword == Keyword.CANCEL && ledger.carrierAnswers(channel, message.body());
        Doubt doubt = message.doubt();
        if (pressed || keyword == Keyword.OPT_OUT || cancelled) {
            refusals.keep(new Refusals.Refusal(
                    channel,
                    doubt,
                    from,
                    Optional.ofNullable(message.answers()).flatMap(this::sentTo),
                    ConsentLedger.how(channel, pressed ? pressed(channel) : Manner.KEYWORD),
                    CardNumbers.mask(message.body()),
                    id,
                    message.receivedAt()));
        } else if (keyword == Keyword.OPT_IN && (doubt == null || !doubt.ofSender())) {
            ledger.liftedByCarrier(from, Senders.senderId(message.from().channel()), message.receivedAt());
        }
    }

    /** In a mail nothing is pressed but the link to be left in peace, or its twin among the mail's headers. */
    private static Manner pressed(Channel channel) {
        return channel.equals(Channel.EMAIL) ? Manner.UNSUBSCRIBE : Manner.KEY;
    }

    /** Who writes from an address can be reached there, whatever came back from it before. */
    private void reachableAgain(AddressId from, InboundMessage message) {
        jdbc.sql("""
                        update carrier_block set lifted_at = ? where address_id = ? and sender_id = ? and lifted_at is null
                            and evidence like 'returned:%'
                        """)
                .params(
                        utc(message.receivedAt()),
                        from.value(),
                        Senders.senderId(message.from().channel()))
                .update();
    }

    @Override
    public Optional<Address> addressOf(AttemptId attempt) {
        List<Address> found = new ArrayList<>();
        again.inTransaction(() -> {
            found.clear();
            sentTo(attempt).ifPresent(address -> found.add(patients.address(address)));
        });
        return found.stream().findFirst();
    }

    @Override
    public boolean reaches(Address address) {
        AtomicBoolean reached = new AtomicBoolean();
        again.inTransaction(
                () -> reached.set(!patients.reachedAt(patients.addressOfSender(address.channel(), address.value()))
                        .isEmpty()));
        return reached.get();
    }

    private Optional<AddressId> sentTo(AttemptId attempt) {
        return jdbc.sql(
                        "select d.address_id from attempt t join dispatch d on d.message_id = t.message_id where t.id = ?")
                .param(attempt.value())
                .query(UUID.class)
                .optional()
                .map(AddressId::new);
    }

    @Override
    public int agreements(AttemptId attempt) {
        List<Integer> found = new ArrayList<>();
        again.inTransaction(() -> {
            found.clear();
            sentTo(attempt)
                    .ifPresent(address -> found.add(jdbc.sql("""
                            select count(*) from consent_event e where e.action = 'grant' and (e.address_id = :address
                                or e.party_id in (select party_id from contact_point where address_id = :address))
                            """)
                            .param("address", address.value())
                            .query(Integer.class)
                            .single()));
        });
        return found.stream().findFirst().orElse(0);
    }

    @Override
    public void engaged(Engagement engagement) {
        again.inTransaction(() -> note(engagement));
    }

    private void note(Engagement engagement) {
        Instant now = clock.instant();
        dispatch.lockByAttempt(engagement.attempt().value()).ifPresent(row -> {
            boolean first = jdbc.sql("""
                                    insert into receipt (provider, provider_id, status, rank, attempt_id, received_at)
                                    values (?, ?, ?, 0, ?, ?) on conflict do nothing
                                    """)
                            .params(
                                    engagement.provider(),
                                    engagement.providerId(),
                                    engagement.kind().code(),
                                    engagement.attempt().value(),
                                    utc(now))
                            .update()
                    == 1;
            if (first) {
                engagements.happened(
                        messages.load(row.message(), row.createdAt()),
                        engagement.kind().code(),
                        now);
                // what is opened or followed has arrived
                take(new DeliveryReport(
                        engagement.provider(),
                        engagement.providerId(),
                        engagement.attempt(),
                        DeliveryReport.Status.DELIVERED,
                        null,
                        engagement.at()));
            }
        });
    }

    @Override
    public void unreachable(AttemptId attempt, String evidence, Instant at) {
        again.inTransaction(() ->
                dispatch.lockByAttempt(attempt.value()).ifPresent(row -> attempts.suppressAddress(row, evidence, at)));
    }

    static Encryption.Field bodyField(UUID inbound) {
        return new Encryption.Field("inbound", "body", inbound);
    }

    @Override
    public void reported(DeliveryReport report) {
        again.inTransaction(() -> take(report));
    }

    private void take(DeliveryReport report) {
        Instant now = clock.instant();
        boolean first = jdbc.sql("""
            insert into receipt (provider, provider_id, status, rank, attempt_id, error_code, received_at)
            values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing
            """)
                        .params(Arrays.asList(
                                report.provider(),
                                report.providerId(),
                                report.status().code(),
                                report.status().rank(),
                                report.attempt() == null
                                        ? null
                                        : report.attempt().value(),
                                report.errorCode(),
                                utc(now)))
                        .update()
                == 1;
        failPoint.at("receipt-stored");
        if (first) {
            rowOf(report).ifPresent(row -> advance(row, report, now));
        }
    }

    private Optional<Row> rowOf(DeliveryReport report) {
        if (report.attempt() != null) {
            return dispatch.lockByAttempt(report.attempt().value());
        }
        return dispatch.lockByProviderId(report.providerId());
    }

    private void advance(Row row, DeliveryReport report, Instant now) {
        if (failedBeforeTheLast(row, report, now)) {
            return;
        }
        boolean proves = row.state().equals("attempting")
                || row.state().equals("unknown")
                || row.state().equals("leased")
                || row.state().equals("queued");
        if (proves && report.attempt() != null) {
            // the response was slower or lost: the callback carries our attempt's id, so the provider has it
            dispatch.outcome(report.attempt().value(), "accepted", "callback", report.providerId(), null, null, now);
            attempts.accepted(row, report.providerId(), now);
        }
        if (!proves && report.status().rank() <= rank(row.state())) {
            return;
        }
        String state = switch (report.status()) {
            case ACCEPTED, QUEUED, SENDING -> "accepted";
            case SENT -> "sent";
            case DELIVERED -> "delivered";
            case READ -> "read";
            case UNDELIVERED -> "undelivered";
            case FAILED -> "failed";
        };
        dispatch.reached(row.message(), state, report.providerId(), now, report.errorCode());
        attempts.reported(row, state, now);
        JdbcMessages.Message message = messages.load(row.message(), row.createdAt());
        if (state.equals("delivered") || state.equals("read")) {
            engagements.happened(message, state, now);
        }
        if (state.equals("undelivered") || state.equals("failed")) {
            engagements.happened(message, "undelivered", now);
            // who pressed a key and hung up has answered: what they said decides, once it is read
            if (row.attempt() == null || !inbound.answerUnread(row.address(), row.attempt())) {
                questions.closeOf(row.message(), "not-delivered", now);
                attempts.failed(message, String.valueOf(report.errorCode()), undelivered(report.errorCode()));
            }
        }
        attempts.changed(row.patient());
        wakeUp.afterCommit();
    }

    /** What came of an earlier attempt is kept with it; how the message stands, the attempt that followed it tells. */
    private boolean failedBeforeTheLast(Row row, DeliveryReport report, Instant now) {
        AttemptId attempt = report.attempt();
        boolean failed =
                report.status() == DeliveryReport.Status.FAILED || report.status() == DeliveryReport.Status.UNDELIVERED;
        if (attempt == null || row.attempt() == null || attempt.value().equals(row.attempt()) || !failed) {
            return false;
        }
        dispatch.outcome(
                attempt.value(),
                "accepted",
                "callback",
                report.providerId(),
                report.errorCode(),
                undelivered(report.errorCode()),
                now);
        return true;
    }

    private static int rank(String state) {
        return switch (state) {
            case "accepted" -> DeliveryReport.Status.SENDING.rank();
            case "sent" -> DeliveryReport.Status.SENT.rank();
            case "undelivered", "failed" -> DeliveryReport.Status.UNDELIVERED.rank();
            case "delivered" -> DeliveryReport.Status.DELIVERED.rank();
            case "read" -> DeliveryReport.Status.READ.rank();
            default -> 0;
        };
    }

    private static String undelivered(@org.jspecify.annotations.Nullable String code) {
        return switch (code == null ? "" : code) {
            case "busy" -> "The line was busy.";
            case "no-answer" -> "Nobody picked up.";
            case "not-heard" -> "They hung up before the message was said.";
            case "call-failed", "call-canceled" -> "The call could not be put through.";
            case "returned:address" -> "The mailbox does not exist; the mail came back.";
            case "returned:full" -> "The mailbox is full; the mail came back.";
            case "returned:refused" -> "The mail came back: the other side refused it.";
            case "returned:us" -> "The mail came back: the other side takes no such mail from us.";
            case "returned:late" -> "The mail came back: the other side could not be reached for too long.";
            case "30003" -> "The phone could not be reached.";
            case "30004" -> "The phone blocks messages.";
            case "30005" -> "The number does not exist any more.";
            case "30006" -> "It is a landline, or the carrier cannot deliver there.";
            case "30007" -> "The carrier filtered it out.";
            default -> "The carrier could not deliver it" + (code == null ? "." : " (code " + code + ").");
        };
    }
}
