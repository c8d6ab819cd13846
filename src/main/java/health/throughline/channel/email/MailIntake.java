package health.throughline.channel.email;

import health.throughline.channel.Attached;
import health.throughline.channel.AttachmentStore;
import health.throughline.channel.AttemptId;
import health.throughline.channel.ChannelInbox;
import health.throughline.channel.DeliveryReport;
import health.throughline.channel.InboundMessage;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Conditional;
import org.springframework.stereotype.Component;

/** Hands over what a mail turned out to be. Returns once it is durable; repeats change nothing. */
@Component
@Conditional(WhereMailIsServed.class)
class MailIntake {

    private static final Logger LOG = LoggerFactory.getLogger(MailIntake.class);

    private final MailSettings settings;
    private final MailReader reader;
    private final ChannelInbox inbox;
    private final AttachmentStore attachments;
    private final Standing standing;
    private final MailFlood flood;
    private final Clock clock;

    MailIntake(
            MailSettings settings,
            MailReader reader,
            ChannelInbox inbox,
            AttachmentStore attachments,
            Standing standing,
            MailFlood flood,
            Clock clock) {
        this.settings = settings;
        this.reader = reader;
        this.inbox = inbox;
        this.attachments = attachments;
        this.standing = standing;
        this.flood = flood;
        this.clock = clock;
    }

    /** @return whether it was taken; otherwise a person should look at it in the mailbox */
    boolean take(byte[] mail) {
        return switch (reader.read(mail)) {
            case MailReader.Letter letter -> {
                inbox.received(withAttachments(letter));
                if (letter.message().answers() != null && !letter.message().automatic()) {
                    arrived(letter);
                }
                yield true;
            }
            case MailReader.Notice notice -> {
                told(notice);
                yield true;
            }
            case MailReader.Parked parked -> {
                LOG.warn("A mail was set aside in the mailbox: {}", parked.reason());
                yield false;
            }
        };
    }

    /** Too large to be read: somebody may have written something that matters. */
    void tooLarge(MailReader.Read head) {
        instead(head, "(an e-mail too large to be read here; it lies in the mailbox)");
    }

    /** Failed whenever it was tried: somebody may have written something that matters. */
    void notReadable(MailReader.Read head) {
        instead(head, "(an e-mail that could not be read here; it lies in the mailbox)");
    }

    private void instead(MailReader.Read head, String words) {
        if (head instanceof MailReader.Letter letter) {
            InboundMessage message = letter.message();
            inbox.received(new InboundMessage(
                    message.provider(),
                    message.providerId(),
                    message.from(),
                    message.to(),
                    words,
                    message.raw(),
                    message.receivedAt(),
                    message.answers(),
                    null,
                    message.automatic(),
                    message.doubt()));
        }
    }

    /** The files lie beside the database. */
    private InboundMessage withAttachments(MailReader.Letter letter) {
        InboundMessage message = letter.message();
        boolean room = letter.attached().isEmpty() || roomFor(letter);
        List<Attached> kept = new ArrayList<>();
        for (int i = 0; i < letter.attached().size(); i++) {
            MailText.Attached file = letter.attached().get(i);
            String name = MailComposer.oneLine(file.name());
            var kind = Attached.Kind.ofType(AttachmentStore.type(file.content()).orElse(""));
            kept.add(
                    room
                            ? attachments.keep(
                                    AttachmentStore.idOf(message.providerId(), i), name, kind, file.content())
                            : AttachmentStore.notKept(name, kind, leftInTheMailbox(kind)));
        }
        return message.with(kept);
    }

    /** What a patient sends from an address that is theirs has room; what anybody sends has some. */
    private boolean roomFor(MailReader.Letter letter) {
        if (letter.proven() && inbox.reaches(letter.message().from())) {
            return true;
        }
        long bytes = letter.attached().stream()
                .mapToLong(file -> file.content().length)
                .sum();
        return !letter.many() && flood.roomFor(letter.message().providerId(), bytes);
    }

    private String leftInTheMailbox(Attached.Kind kind) {
        return kind.words()
                + " was not kept here: too much came within an hour from senders nobody knows. The mail with it lies in the"
                + " mailbox, in the folder \"" + settings.imap().done() + "\".";
    }

    /** Who answers a mail got it. */
    private void arrived(MailReader.Letter letter) {
        var attempt = letter.message().answers();
        if (attempt != null && inbox.addressOf(attempt).isPresent()) {
            report(attempt, DeliveryReport.Status.DELIVERED, null);
        }
    }

    private void told(MailReader.Notice notice) {
        switch (notice.returned().became()) {
            case DELIVERED -> report(notice.attempt(), DeliveryReport.Status.SENT, null);
            case DELAYED -> LOG.info("Attempt {} is delayed on its way", notice.attempt());
            case RETURNED -> {
                report(
                        notice.attempt(),
                        DeliveryReport.Status.UNDELIVERED,
                        notice.returned().code());
                if (notice.returned().code().equals(Returned.US)) {
                    standing.refused(notice.attempt(), Returned.US);
                }
                if (notice.returned().code().equals(Returned.ADDRESS)) {
                    inbox.unreachable(notice.attempt(), Returned.ADDRESS, clock.instant());
                }
            }
        }
    }

    private void report(AttemptId attempt, DeliveryReport.Status status, @Nullable String code) {
        inbox.reported(new DeliveryReport(
                SmtpEmail.PROVIDER, settings.messageId(attempt), attempt, status, code, clock.instant()));
    }
}
