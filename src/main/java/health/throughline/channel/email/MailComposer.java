package health.throughline.channel.email;

import com.ibm.icu.util.ULocale;
import health.throughline.channel.AttemptId;
import health.throughline.channel.OutboundMessage;
import jakarta.activation.DataHandler;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.UnsupportedEncodingException;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Date;
import java.util.Optional;
import org.eclipse.angus.mail.smtp.SMTPMessage;
import org.springframework.context.annotation.Conditional;
import org.springframework.stereotype.Component;

/**
 * Writes one message as a mail: the same words as text and as HTML, whom to answer, how to be left in peace (RFC 2369, RFC 8058), and that
 * no person wrote it (RFC 3834).
 */
@Component
@Conditional(WhereMailIsServed.class)
class MailComposer {

    static final String AUTO_SUBMITTED = "Auto-Submitted";
    static final String SUBJECT = "subject";
    static final String ATTACHMENT = "attachment";
    static final String ATTACHMENT_NAME = "attachment-name";

    private static final String UTF_8 = StandardCharsets.UTF_8.name();
    private static final int LONGEST_SUBJECT = 200;

    private final MailSettings settings;
    private final MailTokens tokens;
    private final MailLinks links;
    private final MailLayout layout;
    private final PdfLetter letter;
    private final Clock clock;

    MailComposer(
            MailSettings settings,
            MailTokens tokens,
            MailLinks links,
            MailLayout layout,
            PdfLetter letter,
            Clock clock) {
        this.settings = settings;
        this.tokens = tokens;
        this.links = links;
        this.layout = layout;
        this.letter = letter;
        this.clock = clock;
    }

    /** @throws jakarta.mail.internet.AddressException where no mail can be sent to the recipient's address */
    MimeMessage compose(Session session, OutboundMessage message) throws MessagingException {
        AttemptId attempt = message.attempt();
        String id = settings.messageId(attempt);
        SMTPMessage mail = new SMTPMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", id);
            }
        };
        InternetAddress to = new InternetAddress(inAscii(message.to().value()), true);
        mail.setRecipient(RecipientType.TO, to);
        mail.setFrom(named(settings.senderName(), message.sender()));
        mail.setReplyTo(new InternetAddress[] {
            named(settings.senderName(), settings.tagged(tokens.of(MailTokens.Use.REPLY, attempt)))
        });
        mail.setEnvelopeFrom(settings.tagged(tokens.of(MailTokens.Use.REPLY, attempt)));
        mail.setSubject(subject(message), UTF_8);
        mail.setSentDate(Date.from(clock.instant()));
        mail.setHeader(AUTO_SUBMITTED, "auto-generated");
        mail.setHeader("X-Auto-Response-Suppress", "All");
        mail.setHeader("Content-Language", language(message).toLanguageTag());
        String leave = links.unsubscribe(attempt);
        mail.setHeader(
                "List-Unsubscribe",
                "<" + leave + ">, <mailto:" + settings.tagged(tokens.of(MailTokens.Use.UNSUBSCRIBE, attempt))
                        + "?subject=unsubscribe>");
        mail.setHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        content(mail, message);
        mail.saveChanges();
        return mail;
    }

    private void content(SMTPMessage mail, OutboundMessage message) throws MessagingException {
        Optional<byte[]> pdf = Optional.ofNullable(message.parts().get(ATTACHMENT))
                .flatMap(words -> letter.print(subject(message), words, language(message)));
        // what cannot be printed in the patient's script is said in the mail itself: nothing is left out
        String body = pdf.isPresent() || !message.parts().containsKey(ATTACHMENT)
                ? message.body()
                : message.body() + "\n\n" + message.parts().get(ATTACHMENT);
        MailLayout.Written written = layout.write(
                message.attempt(), subject(message), body, language(message), settings.senderName(), settings.postal());
        MimeMultipart both = new MimeMultipart("alternative");
        MimeBodyPart text = new MimeBodyPart();
        text.setText(written.text(), UTF_8, "plain");
        both.addBodyPart(text);
        MimeBodyPart html = new MimeBodyPart();
        html.setText(written.html(), UTF_8, "html");
        both.addBodyPart(html);
        if (pdf.isEmpty()) {
            mail.setContent(both);
            return;
        }
        MimeMultipart all = new MimeMultipart("mixed");
        MimeBodyPart words = new MimeBodyPart();
        words.setContent(both);
        all.addBodyPart(words);
        MimeBodyPart attached = new MimeBodyPart();
        attached.setDataHandler(new DataHandler(new ByteArrayDataSource(pdf.get(), "application/pdf")));
        attached.setFileName(PdfLetter.fileName(message.parts().get(ATTACHMENT_NAME)));
        all.addBodyPart(attached);
        mail.setContent(all);
    }

    private String subject(OutboundMessage message) {
        String given = message.parts().getOrDefault(SUBJECT, "");
        String subject =
                oneLine(given.isBlank() ? layout.subjectOfNone(language(message), settings.senderName()) : given);
        return subject.length() > LONGEST_SUBJECT ? subject.substring(0, LONGEST_SUBJECT) : subject;
    }

    private static ULocale language(OutboundMessage message) {
        return ULocale.forLanguageTag(message.locale());
    }

    /** No line end and no other control character reaches a header. */
    static String oneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u2028\\u2029\\u202A-\\u202E\\u2066-\\u2069]+", " ")
                .strip();
    }

    private static InternetAddress named(String name, String address) throws MessagingException {
        try {
            return new InternetAddress(address, oneLine(name), UTF_8);
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String inAscii(String address) throws MessagingException {
        int at = address.lastIndexOf('@');
        try {
            return address.substring(0, Math.max(at, 0)) + "@" + IDN.toASCII(address.substring(at + 1));
        } catch (IllegalArgumentException e) {
            throw new jakarta.mail.internet.AddressException("No domain");
        }
    }
}
