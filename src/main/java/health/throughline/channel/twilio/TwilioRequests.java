package health.throughline.channel.twilio;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.twilio.exception.ApiException;
import com.twilio.http.TwilioRestClient;
import health.throughline.channel.OutboundMessage;
import health.throughline.channel.SendOutcome;
import health.throughline.channel.SendOutcome.Accepted;
import health.throughline.channel.SendOutcome.Retry;
import health.throughline.channel.SendOutcome.Unknown;
import java.time.InstantSource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Requests to Twilio by its SDK, one on the wire for each, and what is known after one. */
public final class TwilioRequests {

    private static final Logger LOG = LoggerFactory.getLogger(TwilioRequests.class);

    private final TwilioSettings settings;
    private final TwilioConnections connections;
    /** A lease ends by the clock of the machine, whatever time the product plays. */
    private final InstantSource machineClock = InstantSource.system();

    private final ObjectMapper mapper;

    public TwilioRequests(TwilioSettings settings, TwilioConnections connections) {
        this.settings = settings;
        this.connections = connections;
        this.mapper = new TwilioRestClient.Builder(settings.accountSid(), settings.authToken())
                .build()
                .getObjectMapper();
    }

    /** A client good for one request. */
    public TwilioRestClient client() {
        return client(new SingleRequest(connections, machineClock, null));
    }

    /** @param creation makes the one request and tells the id that Twilio gave */
    public SendOutcome create(OutboundMessage message, Function<TwilioRestClient, @Nullable String> creation) {
        SingleRequest request = new SingleRequest(connections, machineClock, message.deadline());
        SendOutcome outcome;
        try {
            String sid = creation.apply(client(request));
            outcome = sid == null || sid.isBlank() ? unreadable() : new Accepted(sid);
        } catch (RuntimeException e) {
            outcome = afterFailure(request, e instanceof ApiException api ? api.getCode() : null);
        }
        if (!(outcome instanceof Accepted)) {
            LOG.info(
                    "Attempt {} ended as {} (answer {})",
                    message.attempt(),
                    outcome.getClass().getSimpleName(),
                    request.status());
        }
        return outcome;
    }

    /** The evidence table of the reliability rules. */
    private static SendOutcome afterFailure(SingleRequest request, @Nullable Integer code) {
        if (request.leaseEnded()) {
            return new Retry(null, "lease-ended", "The time reserved for this attempt was over before it began.");
        }
        if (!request.written()) {
            return Retry.ofAll("not-connected", "The carrier could not be reached; nothing was sent.");
        }
        int status = request.status();
        if (status >= 400 && status < 500) {
            return TwilioRefusal.of(status, code, request.retryAfter());
        }
        if (status >= 200 && status < 300) {
            return unreadable();
        }
        return status == 0
                ? new Unknown("no-answer", "The carrier's answer was lost; it may have taken the message.")
                : new Unknown(
                        "http-" + status,
                        "The carrier had a fault (answer " + status + "); it may have taken the message.");
    }

    private static SendOutcome unreadable() {
        return new Unknown(
                "unreadable-answer", "The carrier's answer could not be read; it may have taken the message.");
    }

    private TwilioRestClient client(SingleRequest request) {
        return new TwilioRestClient.Builder(settings.accountSid(), settings.authToken())
                .httpClient(request)
                .objectMapper(mapper)
                .build();
    }
}
