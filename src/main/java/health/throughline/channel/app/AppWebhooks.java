package health.throughline.channel.app;

import health.throughline.channel.Address;
import health.throughline.channel.AttemptId;
import health.throughline.channel.ChannelInbox;
import health.throughline.channel.DeliveryReport;
import health.throughline.channel.InboundMessage;
import health.throughline.channel.PlainText;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Takes what the app's server brings: nothing is believed that its signature does not cover, and the row is durable before the answer. */
@Hidden
@RestController
@RequestMapping("/webhooks/app")
class AppWebhooks {

    static final int MAX_BODY_BYTES = 64 * 1024;

    private static final int LONGEST = 4000;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:@-]{1,100}");
    private static final JsonMapper JSON = new JsonMapper();
    private static final Logger LOG = LoggerFactory.getLogger(AppWebhooks.class);

    private final AppSettings settings;
    private final ChannelInbox inbox;
    private final Clock clock;

    AppWebhooks(AppSettings settings, ChannelInbox inbox, Clock clock) {
        this.settings = settings;
        this.inbox = inbox;
        this.clock = clock;
    }

    private interface Taking {
        void take(JsonNode body, String raw);
    }

    /** {@code {id, from, text, answers?, choice?}}: what somebody wrote or pressed in the app. */
    @PostMapping("/messages")
    ResponseEntity<Void> message(HttpServletRequest request) throws IOException {
        return signed(request, (body, raw) -> {
            String id = must(body.path("id").asString(""), ID);
            String from = must(body.path("from").asString(""), ID);
            String choice = body.path("choice").asString("");
            String text = PlainText.of(body.path("text").asString(choice));
            if (text.isBlank() || text.length() > LONGEST) {
                throw new IllegalArgumentException("text");
            }
            String answers = body.path("answers").asString("");
            inbox.received(new InboundMessage(
                    HospitalApp.PROVIDER,
                    id,
                    new Address(HospitalApp.APP, from),
                    "app",
                    text,
                    raw,
                    clock.instant(),
                    answers.isEmpty() ? null : new AttemptId(UUID.fromString(answers)),
                    choice.isEmpty() ? null : choice,
                    false));
        });
    }

    /** {@code {id, status}}: what became of a message; the id is the one we gave it. */
    @PostMapping("/receipts")
    ResponseEntity<Void> receipt(HttpServletRequest request) throws IOException {
        return signed(request, (body, raw) -> {
            UUID id = UUID.fromString(body.path("id").asString(""));
            DeliveryReport.Status status = status(body.path("status").asString(""));
            if (status == null) {
                throw new IllegalArgumentException("status");
            }
            inbox.reported(new DeliveryReport(
                    HospitalApp.PROVIDER, id.toString(), new AttemptId(id), status, null, clock.instant()));
        });
    }

    private ResponseEntity<Void> signed(HttpServletRequest request, Taking taking) throws IOException {
        if (settings.url() == null) {
            return ResponseEntity.notFound().build();
        }
        byte[] body = request.getInputStream().readNBytes(MAX_BODY_BYTES + 1);
        if (body.length > MAX_BODY_BYTES) {
            return ResponseEntity.status(HttpStatus.CONTENT_TOO_LARGE).build();
        }
        boolean theirs = AppSignature.matches(
                Arrays.asList(settings.secret(), settings.nextSecret()),
                body,
                request.getHeader(AppSignature.HEADER),
                Instant.now(), // signatures grow old by the clock of the machine
                settings.clockSkew());
        if (!theirs) {
            LOG.warn("Refused what claims to come from the app: its signature does not match, or is too old");
            return ResponseEntity.status(HttpStatus.FORBIDDEN).build();
        }
        try {
            taking.take(JSON.readTree(body), new String(body, StandardCharsets.UTF_8));
            return ResponseEntity.noContent().build();
        } catch (JacksonException | IllegalArgumentException e) {
            return ResponseEntity.badRequest().build();
        } catch (RuntimeException e) {
            LOG.warn(
                    "What the app brought could not be stored and was answered with 503: {}",
                    e.getClass().getSimpleName());
            return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE).build();
        }
    }

    private static DeliveryReport.@Nullable Status status(String code) {
        return switch (code) {
            case "delivered" -> DeliveryReport.Status.DELIVERED;
            case "read" -> DeliveryReport.Status.READ;
            case "failed" -> DeliveryReport.Status.FAILED;
            default -> null;
        };
    }

    private static String must(String value, Pattern pattern) {
        if (!pattern.matcher(value).matches()) {
            throw new IllegalArgumentException("id");
        }
        return value;
    }
}
