package health.throughline.channel.email;

import health.throughline.channel.Address;
import health.throughline.channel.AttemptId;
import health.throughline.channel.Channel;
import health.throughline.channel.ChannelAdapter;
import health.throughline.channel.InboundMessage;
import health.throughline.channel.OutboundMessage;
import health.throughline.channel.SendOutcome;
import health.throughline.channel.SendOutcome.Accepted;
import health.throughline.channel.SendOutcome.Rejected;
import health.throughline.channel.SendOutcome.Retry;
import health.throughline.channel.SendOutcome.Then;
import health.throughline.channel.SendOutcome.Unknown;
import jakarta.annotation.PreDestroy;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Conditional;
import org.springframework.stereotype.Component;

/**
 * Sends e-mail, one connection for each attempt. SMTP keeps no list of what was sent: an attempt whose answer was lost after the final
 * dot stays unknown until something proves it (a delivery notice, a returned mail, an answer, a click), and a person has it by the limit.
 */
@Component
@Conditional(WhereMailIsServed.class)
class SmtpEmail implements ChannelAdapter {

    static final String PROVIDER = "email";

    private static final int PRECEDENCE = 30;
    private static final Duration AFTER_OUR_FAULT = Duration.ofMinutes(1);
    private static final Logger LOG = LoggerFactory.getLogger(SmtpEmail.class);

    private final MailSettings settings;
    private final MailComposer composer;
    private final Standing standing;
    /** A lease ends by the clock of the machine, whatever time the product plays. */
    private final InstantSource machineClock = InstantSource.system();

    private final ScheduledExecutorService timeouts = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("smtp-timeouts").factory());

    SmtpEmail(MailSettings settings, MailComposer composer, Standing standing) {
        this.settings = settings;
        this.composer = composer;
        this.standing = standing;
    }

    @Override
    public Channel channel() {
        return Channel.EMAIL;
    }

    @Override
    public String provider() {
        return PROVIDER;
    }

    @Override
    public String sender() {
        return settings.sender();
    }

    @Override
    public SendOutcome send(OutboundMessage message) {
        SendOutcome outcome = tried(message);
        if (!(outcome instanceof Accepted)) {
            LOG.info(
                    "Attempt {} ended as {} ({})",
                    message.attempt(),
                    outcome.getClass().getSimpleName(),
                    code(outcome));
        }
        return outcome;
    }

    private SendOutcome tried(OutboundMessage message) {
        KnownSockets sockets = new KnownSockets();
        Session session = Session.getInstance(properties(sockets));
        MimeMessage mail;
        try {
            mail = composer.compose(session, message);
        } catch (AddressException e) {
            return new Rejected(Then.NEXT_CHANNEL, "bad-address", "This is no address that mail can be sent to.");
        } catch (MessagingException | RuntimeException e) {
            LOG.warn(
                    "Attempt {} could not be written as a mail: {}",
                    message.attempt(),
                    e.getClass().getSimpleName());
            return new Rejected(Then.NEXT_CHANNEL, "not-composed", "The mail could not be written.");
        }
        SmtpLine line = new SmtpLine(session, machineClock, message.deadline());
        ScheduledFuture<?> timeout = timeouts.schedule(
                sockets::hangUp, settings.smtp().totalTimeout().toMillis(), TimeUnit.MILLISECONDS);
        try {
            line.connect(
                    settings.smtp().host(),
                    settings.smtp().port(),
                    settings.smtp().username(),
                    settings.smtp().password());
            line.sendMessage(mail, mail.getAllRecipients());
            return new Accepted(settings.messageId(message.attempt()));
        } catch (MessagingException e) {
            return afterFailure(message.attempt(), line, e);
        } finally {
            timeout.cancel(false);
            hangUp(line, sockets);
        }
    }

    /** What the server said counts; without a word from it, only the final dot makes the outcome unknown (RFC 5321, 4.1.1.4 and 6.1). */
    private SendOutcome afterFailure(AttemptId attempt, SmtpLine line, MessagingException failure) {
        if (line.leaseEnded()) {
            return new Retry(null, "lease-ended", "The time reserved for this attempt was over before it was sent.");
        }
        SmtpRefusal refusal = SmtpRefusal.of(failure);
        if (refusal.code() >= 400) {
            if (refusal.ofUs()) {
                standing.refused(attempt, refusal.name());
            }
            return refusal.outcome();
        }
        if (line.dotted()) {
            return new Unknown("no-answer", "The mail server's answer was lost; it may have taken the mail.");
        }
        return failure instanceof AuthenticationFailedException
                ? new Retry(AFTER_OUR_FAULT, "not-let-in", "The mail server refused our user name or password.")
                : Retry.ofAll("not-sent", "The mail server could not be reached to the end; nothing was sent.");
    }

    private static String code(SendOutcome outcome) {
        return switch (outcome) {
            case Accepted accepted -> "";
            case Retry retry -> retry.code();
            case Rejected rejected -> rejected.code();
            case Unknown unknown -> unknown.code();
        };
    }

    private static void hangUp(SmtpLine line, KnownSockets sockets) {
        try {
            line.close();
        } catch (MessagingException e) {
            LOG.debug("The mail server was gone before we were", e);
        } finally {
            sockets.hangUp();
        }
    }

    private Properties properties(KnownSockets sockets) {
        MailSettings.Smtp smtp = settings.smtp();
        boolean tls = smtp.security() == MailSettings.Security.TLS;
        Properties properties = new Properties();
        properties.put("mail.smtp.connectiontimeout", millis(smtp.connectTimeout()));
        properties.put("mail.smtp.timeout", millis(smtp.answerTimeout()));
        properties.put("mail.smtp.quitwait", "false");
        properties.put("mail.smtp.localhost", settings.domain());
        properties.put("mail.smtp.auth", String.valueOf(smtp.username() != null));
        properties.put("mail.smtp.starttls.enable", String.valueOf(smtp.security() == MailSettings.Security.STARTTLS));
        properties.put(
                "mail.smtp.starttls.required", String.valueOf(smtp.security() == MailSettings.Security.STARTTLS));
        properties.put("mail.smtp.ssl.enable", String.valueOf(tls));
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        // a notice of delivery settles what would otherwise stay unknown; servers that do not know the extension (RFC
        // 3461) ignore it
        properties.put("mail.smtp.dsn.notify", "SUCCESS,FAILURE,DELAY");
        properties.put("mail.smtp.dsn.ret", "HDRS");
        // TLS is laid over these sockets too, so that a server that drips holds no thread
        properties.put("mail.smtp.socketFactory", sockets);
        properties.put("mail.smtp.socketFactory.fallback", "false");
        return properties;
    }

    private static String millis(Duration duration) {
        return String.valueOf(duration.toMillis());
    }

    @Override
    public List<ListedMessage> listSent(Address to, Instant since) {
        throw new ProviderUnavailable("SMTP keeps no list of what was sent");
    }

    /** Nothing has to be caught up with: whatever came during a downtime still lies in the mailbox. */
    @Override
    public List<InboundMessage> listReceived(Instant since) {
        return List.of();
    }

    @Override
    public int units(String body) {
        return 1;
    }

    @Override
    public int precedence() {
        return PRECEDENCE;
    }

    @PreDestroy
    void close() {
        timeouts.shutdownNow();
    }
}
