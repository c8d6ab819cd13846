package health.throughline.channel.email;

import health.throughline.channel.Address;
import health.throughline.channel.AttemptId;
import health.throughline.channel.Channel;
import health.throughline.channel.ChannelInbox;
import health.throughline.channel.DeliveryReport;
import health.throughline.channel.InboundMessage;
import health.throughline.channel.OutboundMessage;
import health.throughline.encryption.KeyedHash;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.util.unit.DataSize;

/** The parts of the channel put together without Spring, for tests over loopback. */
final class Post {

    static final String PATIENT = "ana@patients.example";
    static final Clock NOON = Clock.fixed(Instant.parse("2026-11-20T12:00:00Z"), ZoneOffset.UTC);
    static final KeyedHash HASH = (domain, value) -> {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(("secret|" + domain + "|" + value).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    };

    /** All mail of ours went to the patient. */
    static final ChannelInbox SENT = new ChannelInbox() {
        @Override
        public void received(InboundMessage message) {
            throw new AssertionError("nothing is received here");
        }

        @Override
        public void reported(DeliveryReport report) {
            throw new AssertionError("nothing is reported here");
        }

        @Override
        public Optional<Address> addressOf(AttemptId attempt) {
            return Optional.of(new Address(Channel.EMAIL, PATIENT));
        }
    };

    final MailSettings settings;
    final MailTokens tokens = new MailTokens(HASH);
    final MailLinks links = new MailLinks(new LinkAddress(URI.create("https://journeys.example.org")), tokens);
    final MailComposer composer;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final SmtpEmail email;
    final MailFlood flood;
    final MailReader reader;

    Post(int smtpPort) {
        this(smtpPort, true);
    }

    Post(int smtpPort, boolean tracking) {
        this(smtpPort, tracking, MailSettings.Security.NONE);
    }

    Post(int smtpPort, MailSettings.Security security) {
        this(smtpPort, true, security);
    }

    private Post(int smtpPort, boolean tracking, MailSettings.Security security) {
        settings = new MailSettings(
                new MailSettings.Smtp(
                        "127.0.0.1",
                        smtpPort,
                        null,
                        null,
                        security,
                        Duration.ofSeconds(1),
                        Duration.ofMillis(400),
                        Duration.ofSeconds(2)),
                new MailSettings.Imap(
                        "127.0.0.1",
                        1,
                        "care@mail.example",
                        "secret",
                        MailSettings.Security.NONE,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        50,
                        "Done",
                        "Parked"),
                "care@mail.example",
                "Mercy Valley",
                null,
                "100 Example Avenue, Denver, CO 80203",
                tracking,
                DataSize.ofMegabytes(1),
                3,
                "mx.mail.example");
        composer = new MailComposer(settings, tokens, links, new MailLayout(settings, links), new PdfLetter(), NOON);
        email = new SmtpEmail(settings, composer, new Standing(meters));
        flood = new MailFlood(settings);
        reader = new MailReader(settings, tokens, flood, SENT, NOON);
    }

    double refusals() {
        return meters.counter(Standing.REFUSED).count();
    }

    static OutboundMessage message(String to, String body, Map<String, String> parts, String locale) {
        return new OutboundMessage(
                new AttemptId(UUID.fromString("01890000-0000-7000-8000-000000000001")),
                new Address(Channel.EMAIL, to),
                "care@mail.example",
                body,
                parts,
                locale,
                Duration.ofHours(1),
                Instant.now().plusSeconds(20));
    }

    static OutboundMessage message() {
        return message(PATIENT, "Hello Ana", Map.of("subject", "Your visit"), "en");
    }
}
