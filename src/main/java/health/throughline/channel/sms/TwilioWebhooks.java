package health.throughline.channel.sms;

import health.throughline.channel.Address;
import health.throughline.channel.AttemptId;
import health.throughline.channel.Channel;
import health.throughline.channel.ChannelInbox;
import health.throughline.channel.DeliveryReport;
import health.throughline.channel.InboundMessage;
import health.throughline.channel.PlainText;
import health.throughline.channel.twilio.FormParameters;
import health.throughline.channel.twilio.TwilioSettings;
import health.throughline.channel.twilio.TwilioWebhookRequests;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Takes Twilio's callbacks: nothing is believed that the signature does not cover, and the row is durable before the answer. */
@Hidden
@RestController
class TwilioWebhooks {

    static final String INBOUND_PATH = "/webhooks/twilio/inbound";

    private static final String EMPTY_TWIML = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>";
    private static final Logger LOG = LoggerFactory.getLogger(TwilioWebhooks.class);

    private final TwilioWebhookRequests requests;
    private final TwilioSettings settings;
    private final ChannelInbox inbox;
    private final Clock clock;

    TwilioWebhooks(TwilioWebhookRequests requests, TwilioSettings settings, ChannelInbox inbox, Clock clock) {
        this.requests = requests;
        this.settings = settings;
        this.inbox = inbox;
        this.clock = clock;
    }

    @PostMapping(TwilioSms.STATUS_PATH + "{attempt:[A-Za-z0-9_-]{1,64}}")
    ResponseEntity<Void> status(@PathVariable String attempt, HttpServletRequest request) throws IOException {
        TwilioWebhookRequests.Checked checked = requests.check(request, TwilioSms.STATUS_PATH + attempt);
        if (checked.refusal() != HttpStatus.OK) {
            return ResponseEntity.status(checked.refusal()).build();
        }
        Optional<AttemptId> id = AttemptId.of(attempt);
        String sid = checked.parameters().value("MessageSid");
        DeliveryReport.Status status = status(checked.parameters().value("MessageStatus"));
        if (id.isEmpty() || sid.isBlank()) {
            return ResponseEntity.badRequest().build();
        }
        if (status == null) {
            LOG.info("A report for attempt {} has a status we do not follow", id.get());
            return ResponseEntity.noContent().build();
        }
        String error = checked.parameters().value("ErrorCode");
        var report = new DeliveryReport(
                TwilioSms.PROVIDER, sid, id.get(), status, error.isBlank() ? null : error, clock.instant());
        return durable(() -> inbox.reported(report))
                ? ResponseEntity.noContent().build()
                : ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE).build();
    }

    @PostMapping(INBOUND_PATH)
    ResponseEntity<String> inbound(HttpServletRequest request) throws IOException {
        TwilioWebhookRequests.Checked checked = requests.check(request, INBOUND_PATH);
        if (checked.refusal() != HttpStatus.OK) {
            return ResponseEntity.status(checked.refusal()).build();
        }
        FormParameters parameters = checked.parameters();
        String sid = parameters.value("MessageSid");
        String from = parameters.value("From");
        if (sid.isBlank() || from.isBlank()) {
            return ResponseEntity.badRequest().build();
        }
        var message = new InboundMessage(
                        TwilioSms.PROVIDER,
                        sid,
                        new Address(Channel.SMS, from),
                        sender(parameters),
                        PlainText.of(parameters.value("Body")),
                        checked.raw(),
                        clock.instant())
                .with(TwilioMedia.of(settings, sid, parameters));
        return durable(() -> inbox.received(message))
                ? ResponseEntity.ok().contentType(MediaType.TEXT_XML).body(EMPTY_TWIML)
                : ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE).build();
    }

    private static boolean durable(Runnable storing) {
        return TwilioWebhookRequests.durable(() -> {
                    storing.run();
                    return true;
                })
                .isPresent();
    }

    /** The sender as our messages name it: the messaging service where we send through one. */
    private String sender(FormParameters parameters) {
        String service = parameters.value("MessagingServiceSid");
        return service.equals(settings.messagingServiceSid()) ? service : parameters.value("To");
    }

    static DeliveryReport.@Nullable Status status(String twilio) {
        return switch (twilio) {
            case "accepted", "scheduled" -> DeliveryReport.Status.ACCEPTED;
            case "queued" -> DeliveryReport.Status.QUEUED;
            case "sending" -> DeliveryReport.Status.SENDING;
            case "sent" -> DeliveryReport.Status.SENT;
            case "delivered" -> DeliveryReport.Status.DELIVERED;
            case "read" -> DeliveryReport.Status.READ;
            case "undelivered" -> DeliveryReport.Status.UNDELIVERED;
            case "failed", "canceled" -> DeliveryReport.Status.FAILED;
            default -> null;
        };
    }
}
