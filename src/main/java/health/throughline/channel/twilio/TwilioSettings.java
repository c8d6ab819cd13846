package health.throughline.channel.twilio;

import health.throughline.StartRefused;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How Twilio is reached. Every setting has an environment name, {@code THROUGHLINE_TWILIO_} and the words in capitals; the local run
 * supplies values for the simulator.
 *
 * @param nextAuthToken accepted on webhooks besides {@code authToken} while the tokens are being rotated
 * @param from our number, E.164; needed unless there is a messaging service
 * @param maxConnections requests on the wire at once
 * @param connectTimeout to open a connection; a failure here proves that nothing was sent
 * @param answerTimeout between two bytes of an answer
 * @param totalTimeout for one request and its whole answer, so that a trickling answer holds no thread
 * @param campaignRegistered whether the carriers know what our number or service is used for; until then no text goes (K17)
 */
@ConfigurationProperties("throughline.twilio")
public record TwilioSettings(
        @DefaultValue("https://api.twilio.com") URI baseUrl,
        String accountSid,
        String authToken,
        @Nullable String nextAuthToken,
        @Nullable String from,
        @Nullable String messagingServiceSid,
        @DefaultValue("128") int maxConnections,
        @DefaultValue("5s") Duration connectTimeout,
        @DefaultValue("10s") Duration answerTimeout,
        @DefaultValue("20s") Duration totalTimeout,
        @DefaultValue("false") boolean campaignRegistered) {

    public TwilioSettings {
        accountSid = required(accountSid, "THROUGHLINE_TWILIO_ACCOUNT_SID", "the account SID from the Twilio console");
        authToken = required(authToken, "THROUGHLINE_TWILIO_AUTH_TOKEN", "the auth token from the Twilio console");
        nextAuthToken = blankToNull(nextAuthToken);
        from = blankToNull(from);
        messagingServiceSid = blankToNull(messagingServiceSid);
        if (from == null && messagingServiceSid == null) {
            throw new StartRefused(
                    "Neither THROUGHLINE_TWILIO_FROM nor THROUGHLINE_TWILIO_MESSAGING_SERVICE_SID is set.",
                    "Set one of them: the number (E.164) or the messaging service that patients get messages from.");
        }
        if (maxConnections < 1) {
            throw new StartRefused("THROUGHLINE_TWILIO_MAX_CONNECTIONS is less than 1.", "Set it to 1 or more.");
        }
    }

    /** What messages are sent from: the messaging service where there is one. */
    public String sender() {
        return messagingServiceSid != null ? messagingServiceSid : Objects.requireNonNull(from);
    }

    private static String required(@Nullable String value, String name, String meaning) {
        if (value == null || value.isBlank()) {
            throw new StartRefused(name + " is not set.", "Set it to " + meaning + ".");
        }
        return value.strip();
    }

    private static @Nullable String blankToNull(@Nullable String value) {
        return value == null || value.isBlank() ? null : value.strip();
    }

    @Override
    public String toString() {
        return "TwilioSettings[" + baseUrl + "]";
    }
}
