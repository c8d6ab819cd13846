package health.throughline.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPoint;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Turns local mode on where no datasource is configured: activates the profile {@code local} and supplies, below every other source of
 * settings, what a production system must be given: secrets made once and kept under {@code var/}, and the simulator's address in place
 * of the carrier's.
 */
public class LocalMode implements EnvironmentPostProcessor, Ordered {

    private static final String DEFAULT_DIRECTORY = "var";
    private static final int DEFAULT_PORT = 8080;
    private static final int DEFAULT_SIMULATOR_PORT = 8090;
    private static final int DEFAULT_SMTP_PORT = 8025;
    private static final int DEFAULT_IMAP_PORT = 8143;

    private static final String PUSH_KEY = "pushPrivateKey";

    /** Of a domain that no mail leaves for (RFC 2606). */
    private static final String MAILBOX = "care@mail.example";

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        String url = environment.getProperty("spring.datasource.url");
        if (url != null && !url.isBlank()) {
            return;
        }
        environment.addActiveProfile("local");
        environment.getPropertySources().addLast(new MapPropertySource("localMode", settings(environment)));
    }

    private static Map<String, Object> settings(ConfigurableEnvironment environment) {
        Path directory = Path.of(environment.getProperty("throughline.local.directory", DEFAULT_DIRECTORY));
        int port = environment.getProperty("server.port", Integer.class, DEFAULT_PORT);
        int simulatorPort =
                environment.getProperty("throughline.simulator.port", Integer.class, DEFAULT_SIMULATOR_PORT);
        Properties secrets = secrets(directory);
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("throughline.local.directory", directory.toString());
        settings.put("throughline.local.owner-password", secrets.getProperty("ownerPassword"));
        settings.put("throughline.local.login-password", secrets.getProperty("loginPassword"));
        settings.put(
                "throughline.encryption.key-file",
                directory.resolve("keys.json").toString());
        settings.put("throughline.encryption.create-key-file", "true");
        settings.put(
                "throughline.audit.checkpoint-file",
                directory.resolve("audit-checkpoints.log").toString());
        settings.put("throughline.public-url", "http://localhost:" + port);
        settings.put("throughline.conversation.allow-unreviewed", "true");
        settings.put("throughline.app.url", "http://localhost:" + simulatorPort + "/app/messages");
        settings.put("throughline.app.secret", "the-app-of-the-simulator-on-this-machine");
        settings.put("throughline.push.public-key", secrets.getProperty("pushPublicKey"));
        settings.put("throughline.push.private-key", secrets.getProperty("pushPrivateKey"));
        settings.put("throughline.push.contact", "mailto:" + MAILBOX);
        settings.put("throughline.chat.origins", "http://localhost:" + simulatorPort);
        settings.put("throughline.chat.hospital-path", "/all/mercy-valley-hospital/");
        settings.put("throughline.simulator.port", String.valueOf(simulatorPort));
        settings.put("throughline.simulator.url", "http://localhost:" + simulatorPort);
        settings.put("throughline.simulator.api-key", secrets.getProperty("simulatorApiKey"));
        settings.put("throughline.ehr.url", "http://localhost:" + simulatorPort + "/ehr/fhir");
        int smtpPort =
                environment.getProperty("throughline.simulator.mail.smtp-port", Integer.class, DEFAULT_SMTP_PORT);
        int imapPort =
                environment.getProperty("throughline.simulator.mail.imap-port", Integer.class, DEFAULT_IMAP_PORT);
        settings.put("throughline.simulator.mail.smtp-port", String.valueOf(smtpPort));
        settings.put("throughline.simulator.mail.imap-port", String.valueOf(imapPort));
        settings.put("throughline.simulator.mail.mailbox", MAILBOX);
        settings.put("throughline.simulator.mail.password", secrets.getProperty("twilioAuthToken"));
        settings.put("throughline.email.smtp.host", "127.0.0.1");
        settings.put("throughline.email.smtp.port", String.valueOf(smtpPort));
        settings.put("throughline.email.smtp.security", "NONE");
        settings.put("throughline.email.imap.host", "127.0.0.1");
        settings.put("throughline.email.imap.port", String.valueOf(imapPort));
        settings.put("throughline.email.imap.security", "NONE");
        settings.put("throughline.email.imap.username", MAILBOX);
        settings.put("throughline.email.imap.password", secrets.getProperty("twilioAuthToken"));
        settings.put("throughline.email.imap.poll", "500ms");
        settings.put("throughline.email.authserv-id", "mx.mercy-valley.example");
        settings.put("throughline.email.from", MAILBOX);
        settings.put("throughline.email.from-name", "Mercy Valley");
        settings.put("throughline.email.postal-address", "100 Example Avenue, Denver, CO 80203");
        settings.put(
                "throughline.email.attachments",
                directory.resolve("attachments").toString());
        settings.put("throughline.twilio.base-url", "http://localhost:" + simulatorPort);
        settings.put("throughline.twilio.account-sid", secrets.getProperty("twilioAccountSid"));
        settings.put("throughline.twilio.auth-token", secrets.getProperty("twilioAuthToken"));
        settings.put("throughline.twilio.from", "+13035550100");
        settings.put("throughline.twilio.campaign-registered", "true");
        settings.put("throughline.twilio.voice.from", "+13035550100");
        return settings;
    }

    private static Properties secrets(Path directory) {
        Path file = directory.resolve("local-secrets.properties");
        Properties secrets = new Properties();
        try {
            if (Files.exists(file)) {
                try (var reader = Files.newBufferedReader(file)) {
                    secrets.load(reader);
                }
                if (secrets.containsKey(PUSH_KEY)) {
                    return secrets;
                }
            } else {
                Files.createDirectories(directory);
                secrets.setProperty("ownerPassword", hex(24));
                secrets.setProperty("loginPassword", hex(24));
                secrets.setProperty("twilioAccountSid", "AC" + hex(16));
                secrets.setProperty("twilioAuthToken", hex(16));
                secrets.setProperty("simulatorApiKey", "tl_simulator_" + hex(32));
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            pushKeys(secrets);
            try (var writer = Files.newBufferedWriter(file)) {
                secrets.store(writer, "Made for this local system only");
            }
            return secrets;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Local mode keeps its data in " + directory.toAbsolutePath()
                            + ", which cannot be written. Set THROUGHLINE_LOCAL_DIRECTORY to a writable folder",
                    e);
        }
    }

    /** A pair of VAPID keys, as the usual tools print them: the point and the number, base64url. */
    private static void pushKeys(Properties secrets) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair made = generator.generateKeyPair();
            ECPoint point = ((ECPublicKey) made.getPublic()).getW();
            byte[] open = new byte[65];
            open[0] = 4;
            System.arraycopy(number(point.getAffineX()), 0, open, 1, 32);
            System.arraycopy(number(point.getAffineY()), 0, open, 33, 32);
            var base64 = Base64.getUrlEncoder().withoutPadding();
            secrets.setProperty("pushPublicKey", base64.encodeToString(open));
            secrets.setProperty(PUSH_KEY, base64.encodeToString(number(((ECPrivateKey) made.getPrivate()).getS())));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] number(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] fixed = new byte[32];
        int length = Math.min(bytes.length, fixed.length);
        System.arraycopy(bytes, bytes.length - length, fixed, fixed.length - length, length);
        return fixed;
    }

    private static String hex(int bytes) {
        byte[] random = new byte[bytes];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
