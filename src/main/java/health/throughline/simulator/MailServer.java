package health.throughline.simulator;

import com.icegreen.greenmail.mail.MailAddress;
import com.icegreen.greenmail.mail.MovingMessage;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plays the mail servers of the product and of its patients: takes what is sent over SMTP, shows it as the patient would see it, and puts
 * answers into the product's mailbox, which is read over IMAP. Some patients' addresses ask for something else than delivery: {@code
 * gone-…@} comes back as unknown, {@code full-…@} as over quota, {@code away-…@} answers with an absence note.
 */
final class MailServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MailServer.class);
    private static final Session NO_SESSION = Session.getInstance(new Properties());
    private static final int MOST_PARTS = 50;

    /** The name its verdicts about senders bear; the product in local mode knows it. */
    static final String VERDICTS_OF = "mx.mercy-valley.example";

    private final MailServerSettings settings;
    private final MailLedger ledger;
    private final SimulatedClock clock;
    private final PhoneEvents events;
    private final String mailbox;
    private final GreenMail server;
    private final GreenMailUser product;

    MailServer(MailServerSettings settings, MailLedger ledger, SimulatedClock clock, PhoneEvents events) {
        this.settings = settings;
        this.ledger = ledger;
        this.clock = clock;
        this.events = events;
        this.mailbox = String.valueOf(settings.mailbox()).toLowerCase(Locale.ROOT);
        this.server = new GreenMail(new ServerSetup[] {
            new ServerSetup(settings.smtpPort(), "127.0.0.1", ServerSetup.PROTOCOL_SMTP),
            new ServerSetup(settings.imapPort(), "127.0.0.1", ServerSetup.PROTOCOL_IMAP)
        });
        this.product = server.setUser(mailbox, mailbox, String.valueOf(settings.password()));
        server.getManagers().getUserManager().setMessageDeliveryHandler(this::addressee);
    }

    void start() {
        server.start();
        LOG.info(
                "Simulated mail server at 127.0.0.1:{} (SMTP) and :{} (IMAP)",
                settings.smtpPort(),
                settings.imapPort());
    }

    /** The patient answers the last mail, or writes first. */
    SimulatedMail patientWrites(String address, String body) {
        SimulatedMail last = ledger.mailsOf(address).reversed().stream()
                .filter(mail -> !mail.fromPatient())
                .findFirst()
                .orElse(null);
        String subject = last == null ? "A question" : "Re: " + last.subject();
        String quoted = last == null
                ? ""
                : "\r\n\r\nOn " + last.at() + " " + mailbox + " wrote:\r\n> "
                        + last.text().strip().replaceAll("\\R", "\r\n> ");
        String replyTo = last == null || last.replyTo() == null ? mailbox : last.replyTo();
        String messageId = "<" + UUID.randomUUID() + "@patients.example>";
        String source = head(address, replyTo, subject, messageId)
                + (last == null || last.messageId() == null
                        ? ""
                        : "In-Reply-To: " + last.messageId() + "\r\nReferences: " + last.messageId() + "\r\n")
                + "MIME-Version: 1.0\r\n"
                + "Content-Type: text/plain; charset=utf-8\r\n"
                + "Content-Transfer-Encoding: 8bit\r\n\r\n"
                + body.replaceAll("\\R", "\r\n") + quoted + "\r\n";
        var mail = new SimulatedMail(
                UUID.randomUUID().toString(),
                address,
                true,
                subject,
                body,
                "",
                clock.now(),
                messageId,
                null,
                null,
                List.of(),
                source);
        ledger.add(mail);
        receive(source, "dmarc=pass (p=none) header.from=" + domain(address));
        events.changed(address);
        return mail;
    }

    /** Somebody else writes under the patient's address: no signed address of ours, and the check of the sender fails. */
    void strangerWritesAs(String address, String body) {
        receive(
                head(address, mailbox, "A question", "<" + UUID.randomUUID() + "@stranger.example>")
                        + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                        + "Content-Transfer-Encoding: 8bit\r\n\r\n" + body.replaceAll("\\R", "\r\n") + "\r\n",
                "dmarc=fail (p=none) header.from=" + domain(address));
    }

    /** Whatever its bytes are: for mails a test has of its own, from whom nobody can tell. */
    void reachesProduct(String source) {
        receive(source, "dmarc=none");
    }

    /** As a receiving server does (RFC 8601, 5): what claims to be its own verdict is taken out, then its verdict stands on top. */
    private void receive(String source, String verdict) {
        String own = "(?im)^Authentication-Results:[ \\t]*" + Pattern.quote(VERDICTS_OF) + "\\b.*\\R(?:[ \\t].*\\R)*";
        int end = source.indexOf("\r\n\r\n") + 2;
        String head = end < 2 ? source : source.substring(0, end);
        String clean = head.replaceAll(own, "") + source.substring(head.length());
        put("Authentication-Results: " + VERDICTS_OF + ";\r\n " + verdict + "\r\n" + clean);
    }

    private static String domain(String address) {
        return address.substring(address.indexOf('@') + 1);
    }

    private void put(String source) {
        try {
            product.deliver(
                    new MimeMessage(NO_SESSION, new ByteArrayInputStream(source.getBytes(StandardCharsets.UTF_8))));
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String head(String from, String to, String subject, String messageId) {
        return "Return-Path: <" + from + ">\r\nDelivered-To: " + to + "\r\nFrom: " + from + "\r\nTo: " + to
                + "\r\nSubject: " + subject.replaceAll("[\\r\\n]+", " ") + "\r\nMessage-ID: " + messageId
                + "\r\nDate: Thu, 1 Jan 2026 12:00:00 +0000\r\n";
    }

    private GreenMailUser addressee(MovingMessage message, MailAddress to) {
        String address = to.getEmail().toLowerCase(Locale.ROOT);
        String own = mailbox.substring(0, mailbox.indexOf('@'));
        String domain = mailbox.substring(mailbox.indexOf('@'));
        if (address.equals(mailbox) || address.startsWith(own + "+") && address.endsWith(domain)) {
            return product;
        }
        return new PatientsMailbox(address, this::arrived);
    }

    private void arrived(String address, MovingMessage moving) {
        try {
            MimeMessage message = moving.getMessage();
            Content content = new Content();
            content.into(message, 0);
            var mail = new SimulatedMail(
                    UUID.randomUUID().toString(),
                    address,
                    false,
                    String.valueOf(message.getSubject()),
                    content.text.toString(),
                    content.html.toString(),
                    clock.now(),
                    message.getMessageID(),
                    message.getReplyTo() == null || message.getReplyTo().length == 0
                            ? null
                            : ((InternetAddress) message.getReplyTo()[0]).getAddress(),
                    webAddress(message.getHeader("List-Unsubscribe", ", ")),
                    content.attached,
                    source(message));
            ledger.add(mail);
            events.changed(address);
            String back =
                    moving.getReturnPath() == null ? "" : moving.getReturnPath().getEmail();
            if (address.startsWith("gone-")) {
                reachesProduct(returned(back, mail, "5.1.1", "550 5.1.1 User unknown"));
            } else if (address.startsWith("full-")) {
                reachesProduct(returned(back, mail, "5.2.2", "552 5.2.2 Mailbox full"));
            } else if (address.startsWith("away-")) {
                reachesProduct(absent(address, mail));
            }
        } catch (MessagingException | IOException e) {
            LOG.warn("A mail could not be shown: {}", e.getClass().getSimpleName());
        }
    }

    private static String returned(String to, SimulatedMail mail, String status, String diagnostic) {
        String border = "returned-" + mail.id();
        return "Return-Path: <>\r\nDelivered-To: " + to + "\r\nFrom: MAILER-DAEMON@mx.patients.example\r\nTo: " + to
                + "\r\nSubject: Undelivered Mail Returned to Sender\r\nMessage-ID: <" + border
                + "@mx.patients.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
                + "Content-Type: multipart/report; report-type=delivery-status; boundary=\"" + border + "\"\r\n\r\n--"
                + border + "\r\nContent-Type: text/plain\r\n\r\nYour message could not be delivered.\r\n--" + border
                + "\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.patients.example\r\n\r\n"
                + "Final-Recipient: rfc822; " + mail.address() + "\r\nAction: failed\r\nStatus: " + status
                + "\r\nDiagnostic-Code: smtp; " + diagnostic + "\r\n\r\n--" + border
                + "\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: " + mail.messageId() + "\r\n--" + border
                + "--\r\n";
    }

    private static String absent(String address, SimulatedMail mail) {
        return head(
                        address,
                        String.valueOf(mail.replyTo()),
                        "Out of office: " + mail.subject(),
                        "<away-" + mail.id() + "@patients.example>")
                + "Auto-Submitted: auto-replied\r\nIn-Reply-To: " + mail.messageId()
                + "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
                + "I am away until Monday. Yes, I will read my mail then.\r\n";
    }

    private static @Nullable String webAddress(@Nullable String header) {
        if (header == null) {
            return null;
        }
        var found = java.util.regex.Pattern.compile("<(https?://[^>]+)>").matcher(header.replaceAll("\\s+", ""));
        return found.find() ? found.group(1) : null;
    }

    private static String source(MimeMessage message) throws MessagingException, IOException {
        var bytes = new ByteArrayOutputStream();
        message.writeTo(bytes);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop();
    }

    /** What is in a mail of ours. */
    private static final class Content {
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder html = new StringBuilder();
        private final List<SimulatedMail.Attached> attached = new ArrayList<>();

        private void into(Part part, int depth) throws MessagingException, IOException {
            if (depth > MOST_PARTS) {
                return;
            }
            if (part.isMimeType("multipart/*")) {
                var several = (Multipart) part.getContent();
                for (int i = 0; i < Math.min(several.getCount(), MOST_PARTS); i++) {
                    into(several.getBodyPart(i), depth + 1);
                }
            } else if (part.getFileName() != null) {
                attached.add(new SimulatedMail.Attached(
                        part.getFileName(),
                        part.getContentType().replaceAll(";.*", ""),
                        part.getInputStream().readAllBytes()));
            } else if (part.isMimeType("text/html")) {
                html.append(part.getContent());
            } else if (part.isMimeType("text/plain")) {
                text.append(part.getContent());
            }
        }
    }
}
