package health.throughline.channel.sms;

import com.twilio.rest.api.v2010.account.MessageCreator;
import com.twilio.type.PhoneNumber;
import health.throughline.channel.Address;
import health.throughline.channel.Channel;
import health.throughline.channel.ChannelAdapter;
import health.throughline.channel.InboundMessage;
import health.throughline.channel.OutboundMessage;
import health.throughline.channel.SendOutcome;
import health.throughline.channel.twilio.PublicAddress;
import health.throughline.channel.twilio.TwilioConnections;
import health.throughline.channel.twilio.TwilioRequests;
import health.throughline.channel.twilio.TwilioSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
    private final TwilioRequests requests;
    private final TwilioLists lists;

    TwilioSms(TwilioSettings settings, PublicAddress publicAddress, TwilioConnections connections) {
        this.settings = settings;
        this.publicAddress = publicAddress;
        this.requests = new TwilioRequests(settings, connections);
        this.lists = new TwilioLists(settings, requests::client);
        if (!settings.campaignRegistered()) {
            LOG.warn(
                    "Every text is refused until THROUGHLINE_TWILIO_CAMPAIGN_REGISTERED is true: set it once the sender's campaign"
                            + " is registered with the carriers.");
        }
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
        return requests.create(
                message, client -> creator(message).create(client).getSid());
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
    public boolean campaignRegistered() {
        return settings.campaignRegistered();
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
}
