package health.throughline.simulator;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code POST …/Messages.json}: checks as Twilio does, then does what the number's fault says. */
final class MessageCreation {

    private static final int MAX_BODY = 1600;
    private static final int MAX_VALIDITY = 36_000;

    private final SimulatorSettings settings;
    private final CarrierLedger ledger;
    private final Faults faults;
    private final Carrier carrier;
    private final SimulatedClock clock;

    MessageCreation(
            SimulatorSettings settings, CarrierLedger ledger, Faults faults, Carrier carrier, SimulatedClock clock) {
        this.settings = settings;
        this.ledger = ledger;
        this.faults = faults;
        this.carrier = carrier;
        this.clock = clock;
    }

    private static final class Refused extends RuntimeException {
        private final int code;

        private Refused(int code, String message) {
            super(message);
            this.code = code;
        }
    }

    void answer(Exchange exchange, String account) throws IOException, InterruptedException {
        clock.learnOnce();
        Map<String, String> form = exchange.form();
        SimulatedMessage.Content content;
        try {
            content = checked(form);
        } catch (Refused e) {
            ledger.add(entry(unchecked(form), 400, null));
            TwilioApi.error(exchange, 400, e.code, String.valueOf(e.getMessage()));
            return;
        }
        Fault fault = faults.next(content.to()).orElse(null);
        if (fault != null && !fault.taken()) {
            refuse(exchange, content, fault);
        } else if (carrier.blocks(content)) {
            refuse(exchange, content, Fault.OPTED_OUT);
        } else {
            take(exchange, account, content, fault);
        }
    }

    private void take(Exchange exchange, String account, SimulatedMessage.Content content, @Nullable Fault fault)
            throws IOException, InterruptedException {
        boolean answers = fault != Fault.RESET_AFTER && fault != Fault.TIMEOUT_AFTER;
        int status = !answers ? 0 : fault == Fault.ERROR_AFTER ? 500 : 201;
        SimulatedMessage message = carrier.take(content, fault);
        ledger.add(entry(content, status, message.sid()));
        if (fault == Fault.TIMEOUT_AFTER) {
            Thread.sleep(settings.silentFor());
        }
        if (!answers) {
            exchange.hangUp();
        } else if (status == 500) {
            TwilioApi.error(exchange, 500, 20500, "Internal server error");
        } else {
            exchange.json(201, MessageJson.of(account, message));
        }
    }

    private void refuse(Exchange exchange, SimulatedMessage.Content content, Fault fault) throws IOException {
        int status = switch (fault) {
            case THROTTLED -> 429;
            case ERROR_BEFORE -> 500;
            case UNAVAILABLE -> 503;
            case RESET_BEFORE -> 0;
            default -> 400;
        };
        ledger.add(entry(content, status, null));
        switch (fault) {
            case RESET_BEFORE -> exchange.hangUp();
            case THROTTLED -> {
                exchange.answerHeader("Retry-After", "1");
                TwilioApi.error(exchange, status, 20429, "Too many requests");
            }
            case OPTED_OUT -> TwilioApi.error(exchange, status, 21610, "Attempt to send to unsubscribed recipient");
            case NEEDS_TEMPLATE ->
                TwilioApi.error(exchange, status, 63016, "Failed to send freeform message outside the allowed window");
            case NOT_A_NUMBER ->
                TwilioApi.error(
                        exchange, status, 21211, "The 'To' number " + content.to() + " is not a valid phone number");
            case LANDLINE ->
                TwilioApi.error(exchange, status, 21614, "'To' number " + content.to() + " is not a mobile number");
            default -> TwilioApi.error(exchange, status, 20000 + status, "The service is not available");
        }
    }

    private LedgerEntry entry(SimulatedMessage.Content content, int status, @Nullable String sid) {
        return new LedgerEntry(
                clock.now(),
                content.to(),
                content.service() == null ? content.from() : content.service(),
                content.body(),
                content.statusCallback() == null
                        ? null
                        : content.statusCallback().toString(),
                content.validityPeriod(),
                status,
                sid != null,
                sid);
    }

    private SimulatedMessage.Content checked(Map<String, String> form) {
        String to = form.getOrDefault("To", "");
        if (to.isBlank()) {
            throw new Refused(21604, "A 'To' phone number is required.");
        }
        if (!to.matches("\\+[1-9]\\d{6,14}")) {
            throw new Refused(21211, "The 'To' number " + to + " is not a valid phone number.");
        }
        String service = form.get("MessagingServiceSid");
        if (service == null && !form.containsKey("From")) {
            throw new Refused(21603, "A 'From' phone number is required.");
        }
        String body = form.getOrDefault("Body", "");
        if (body.isEmpty()) {
            throw new Refused(21602, "Message body is required.");
        }
        if (body.length() > MAX_BODY) {
            throw new Refused(21617, "The concatenated message body exceeds the 1600 character limit.");
        }
        String from = form.getOrDefault("From", service == null ? null : settings.from());
        return new SimulatedMessage.Content(to, from, service, body, callback(form), validity(form));
    }

    private static SimulatedMessage.Content unchecked(Map<String, String> form) {
        return new SimulatedMessage.Content(
                form.getOrDefault("To", ""),
                form.get("From"),
                form.get("MessagingServiceSid"),
                form.getOrDefault("Body", ""),
                null,
                null);
    }

    private static @Nullable URI callback(Map<String, String> form) {
        String url = form.get("StatusCallback");
        if (url == null || url.isBlank()) {
            return null;
        }
        try {
            URI callback = new URI(url);
            if (callback.getHost() != null
                    && String.valueOf(callback.getScheme()).startsWith("http")) {
                return callback;
            }
        } catch (java.net.URISyntaxException e) {
            throw new Refused(21609, "The 'StatusCallback' URL is not a valid URL.");
        }
        throw new Refused(21609, "The 'StatusCallback' URL is not a valid URL.");
    }

    private static @Nullable Integer validity(Map<String, String> form) {
        String text = form.get("ValidityPeriod");
        if (text == null) {
            return null;
        }
        if (!text.matches("\\d{1,6}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MAX_VALIDITY) {
            throw new Refused(20001, "The 'ValidityPeriod' must be between 1 and " + MAX_VALIDITY + ".");
        }
        return Integer.valueOf(text);
    }
}
