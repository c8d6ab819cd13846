package health.throughline.simulator;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the product what became of its messages and what patients wrote, signed as Twilio signs. */
final class Callbacks implements AutoCloseable {

    private static final String API_VERSION = "2010-04-01";
    private static final int UNREACHABLE_CODE = 30003;
    private static final int REPEATS = 3;
    private static final int TRIES = 5;
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);

    private final SimulatorSettings settings;
    private final ProductClient product;
    private final SimulatedClock clock;
    private final PhoneEvents events;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Callbacks(SimulatorSettings settings, ProductClient product, SimulatedClock clock, PhoneEvents events) {
        this.settings = settings;
        this.product = product;
        this.clock = clock;
        this.events = events;
    }

    private record Step(String status, @Nullable Integer error) {}

    /** Delivers the message, or not, and reports each step. */
    void deliver(SimulatedMessage message, @Nullable Fault fault) {
        threads.execute(() -> {
            try {
                if (fault == Fault.LATE) {
                    Thread.sleep(settings.lateDelay());
                }
                for (Step step : steps(fault)) {
                    Thread.sleep(settings.callbackDelay());
                    message.becomes(step.status(), step.error(), clock.now());
                    events.changed(message.phone());
                    report(message, step, fault == Fault.REPEATED ? REPEATS : 1, fault);
                }
                if (fault == Fault.SHUFFLED) {
                    message.becomes("delivered", null, clock.now());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static List<Step> steps(@Nullable Fault fault) {
        Step queued = new Step("queued", null);
        Step sent = new Step("sent", null);
        Step delivered = new Step("delivered", null);
        if (fault == null) {
            return List.of(queued, sent, delivered);
        }
        return switch (fault) {
            case UNDELIVERED -> List.of(queued, sent, new Step("undelivered", UNREACHABLE_CODE));
            case FAILED -> List.of(queued, new Step("failed", UNREACHABLE_CODE));
            case SHUFFLED -> List.of(delivered, queued, sent);
            default -> List.of(queued, sent, delivered);
        };
    }

    private void report(SimulatedMessage message, Step step, int times, @Nullable Fault fault)
            throws InterruptedException {
        URI url = message.content().statusCallback();
        if (url == null || fault == Fault.SILENT) {
            return;
        }
        Map<String, String> parameters = about(message);
        parameters.put("MessageStatus", step.status());
        parameters.put("SmsStatus", step.status());
        if (step.error() != null) {
            parameters.put("ErrorCode", step.error().toString());
        }
        for (int i = 0; i < times; i++) {
            untilHeard(url, parameters);
        }
    }

    /** Carries a patient's message to the product. */
    void inbound(SimulatedMessage message) {
        threads.execute(() -> {
            Map<String, String> parameters = about(message);
            parameters.put("SmsMessageSid", message.sid());
            parameters.put("SmsStatus", "received");
            parameters.put("Body", message.content().body());
            parameters.put("NumMedia", String.valueOf(message.media().size()));
            for (int i = 0; i < message.media().size(); i++) {
                SimulatedMedia.Medium medium = message.media().get(i);
                parameters.put("MediaContentType" + i, medium.type());
                parameters.put(
                        "MediaUrl" + i,
                        "https://api.twilio.com/2010-04-01/Accounts/" + settings.accountSid() + "/Messages/"
                                + message.sid() + "/Media/" + medium.sid());
            }
            parameters.put("NumSegments", "1");
            try {
                untilHeard(URI.create(product.productUrl() + "/webhooks/twilio/inbound"), parameters);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private Map<String, String> about(SimulatedMessage message) {
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("ApiVersion", API_VERSION);
        parameters.put("AccountSid", settings.accountSid() == null ? "" : settings.accountSid());
        parameters.put("MessageSid", message.sid());
        parameters.put("SmsSid", message.sid());
        parameters.put("To", message.content().to());
        if (message.content().from() != null) {
            parameters.put("From", message.content().from());
        }
        if (message.content().service() != null) {
            parameters.put("MessagingServiceSid", message.content().service());
        }
        return parameters;
    }

    /** A refusal is final; a product that is not up is tried a few times more. */
    private void untilHeard(URI url, Map<String, String> parameters) throws InterruptedException {
        ProductClient.Answer answer = new ProductClient.Answer(0, "");
        for (int i = 1; i <= TRIES; i++) {
            answer = product.callback(url, parameters);
            if (answer.status() > 0 && answer.status() < 500) {
                break;
            }
            if (i < TRIES) {
                Thread.sleep(BETWEEN_TRIES);
            }
        }
        if (!answer.good()) {
            LOG.warn("The product did not take a callback (answer {})", answer.status());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
