package health.throughline.channel.sms;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.twilio.exception.ApiException;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.rest.api.v2010.account.MessageCreator;
import com.twilio.type.PhoneNumber;
import health.throughline.channel.Address;
import health.throughline.channel.Channel;
import health.throughline.channel.ChannelAdapter;
import health.throughline.channel.InboundMessage;
import health.throughline.channel.OutboundMessage;
import health.throughline.channel.SendOutcome;
import health.throughline.channel.SendOutcome.Accepted;
import health.throughline.channel.SendOutcome.Retry;
import health.throughline.channel.SendOutcome.Unknown;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Sends text messages with Twilio's SDK over connections of our own, one POST for each attempt. */
@Component
class TwilioSms implements ChannelAdapter {

    static final String PROVIDER = "twilio";
    static final String STATUS_PATH = "/webhooks/twilio/status/";

    /** Bounds of Twilio's {@code ValidityPeriod}, in seconds. */
    private static final long MIN_VALIDITY = 1;

    private static final long MAX_VALIDITY = 36_000;

    private static final Logger LOG = LoggerFactory.getLogger(TwilioSms.class);

    private final TwilioSettings settings;
    private final PublicAddress publicAddress;
    private final TwilioConnections connections;
    private final TwilioLists lists;
    /** A lease ends by the clock of the machine, whatever time the product plays. */
    private final InstantSource machineClock = InstantSource.system();

    private final ObjectMapper mapper;

    TwilioSms(TwilioSettings settings, PublicAddress publicAddress, TwilioConnections connections) {
        this.settings = settings;
        this.publicAddress = publicAddress;
        this.connections = connections;
        this.mapper = new TwilioRestClient.Builder(settings.accountSid(), settings.authToken())
                .build()
                .getObjectMapper();
        this.lists = new TwilioLists(settings, () -> client(request(null)));
    }

    @Override
    public Channel channel() {
        return Channel.SMS;
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
        SingleRequest request = request(message.deadline());
        SendOutcome outcome;
        try {
            Message created = creator(message).create(client(request));
            outcome = created.getSid() == null || created.getSid().isBlank()
                    ? unreadable()
                    : new Accepted(created.getSid());
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

    @Override
    public List<ListedMessage> listSent(Address to, Instant since) {
        return lists.sent(to, since);
    }

    @Override
    public List<InboundMessage> listReceived(Instant since) {
        return lists.received(since);
    }

    @Override
    public int units(String body) {
        return Segments.of(body);
    }

    @Override
    public String encoding(String body) {
        return Segments.isGsm(body) ? "GSM-7" : "UCS-2";
    }

    @Override
    public boolean byPhone() {
        return true;
    }

    @Override
    public int precedence() {
        return 10;
    }

    private MessageCreator creator(OutboundMessage message) {
        var to = new PhoneNumber(message.to().value());
        MessageCreator creator = message.sender().startsWith("MG")
                ? new MessageCreator(settings.accountSid(), to, message.sender(), message.body())
                : new MessageCreator(settings.accountSid(), to, new PhoneNumber(message.sender()), message.body());
        return creator.setStatusCallback(publicAddress.of(STATUS_PATH + message.attempt()))
                .setValidityPeriod(validitySeconds(message.validity()));
    }

    private static int validitySeconds(Duration validity) {
        return (int) Math.clamp(validity.toSeconds(), MIN_VALIDITY, MAX_VALIDITY);
    }

    /** The evidence table of the reliability rules. */
    private static SendOutcome afterFailure(SingleRequest request, @Nullable Integer code) {
        if (request.leaseEnded()) {
            return new Retry(null, "lease-ended", "The time reserved for this attempt was over before it began.");
        }
        if (!request.written()) {
            return new Retry(null, "not-connected", "The carrier could not be reached; nothing was sent.");
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

    private SingleRequest request(@Nullable Instant deadline) {
        return new SingleRequest(connections, machineClock, deadline);
    }

    private TwilioRestClient client(SingleRequest request) {
        return new TwilioRestClient.Builder(settings.accountSid(), settings.authToken())
                .httpClient(request)
                .objectMapper(mapper)
                .build();
    }
}
