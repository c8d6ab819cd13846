package health.throughline.channel.voice;

import com.twilio.http.HttpMethod;
import com.twilio.rest.api.v2010.account.Call;
import com.twilio.rest.api.v2010.account.CallCreator;
import com.twilio.rest.api.v2010.account.CallReader;
import com.twilio.type.PhoneNumber;
import health.throughline.channel.Address;
import health.throughline.channel.Channel;
import health.throughline.channel.ChannelAdapter;
import health.throughline.channel.InboundMessage;
import health.throughline.channel.OutboundMessage;
import health.throughline.channel.SendOutcome;
import health.throughline.channel.twilio.PublicAddress;
import health.throughline.channel.twilio.TwilioConnections;
import health.throughline.channel.twilio.TwilioPages;
import health.throughline.channel.twilio.TwilioRequests;
import health.throughline.channel.twilio.TwilioSettings;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.springframework.context.annotation.Conditional;
import org.springframework.stereotype.Component;

/**
 * Calls a patient through Twilio, one POST for each attempt. What is said is asked for by Twilio when somebody answers
 * ({@link VoiceWebhooks}).
 *
 * <p>A machine is looked for, since a voicemail gets less than a person (K12), and looked for patiently: whoever speaks for less than
 * six seconds is a person, which is the longest that Twilio allows and what the operator of a relay service needs to announce herself
 * (Twilio, "Answering machine detection": {@code MachineDetectionSpeechThreshold}, 1000 to 6000).
 */
@Component
@Conditional(VoiceConfigured.class)
class TwilioVoice implements ChannelAdapter {

    static final String PROVIDER = "twilio";
    static final String CALL_PATH = "/webhooks/twilio/voice/";
    static final String STATUS_PATH = "/webhooks/twilio/call-status/";

    private static final int LONGEST_HUMAN_SPEECH_MILLIS = 6000;
    private static final List<String> EVENTS = List.of("initiated", "ringing", "answered", "completed");

    private final TwilioSettings account;
    private final VoiceSettings settings;
    private final PublicAddress publicAddress;
    private final TwilioRequests requests;

    TwilioVoice(
            TwilioSettings account,
            VoiceSettings settings,
            PublicAddress publicAddress,
            TwilioConnections connections) {
        this.account = account;
        this.settings = settings;
        this.publicAddress = publicAddress;
        this.requests = new TwilioRequests(account, connections);
        settings.number();
    }

    @Override
    public Channel channel() {
        return Channel.VOICE;
    }

    @Override
    public String provider() {
        return PROVIDER;
    }

    @Override
    public String sender() {
        return settings.number();
    }

    @Override
    public SendOutcome send(OutboundMessage message) {
        return requests.create(
                message, client -> creator(message).create(client).getSid());
    }

    private CallCreator creator(OutboundMessage message) {
        return new CallCreator(
                        account.accountSid(),
                        new PhoneNumber(message.to().value()),
                        new PhoneNumber(message.sender()),
                        URI.create(publicAddress.of(CALL_PATH + message.attempt())))
                .setMethod(HttpMethod.POST)
                .setStatusCallback(URI.create(publicAddress.of(STATUS_PATH + message.attempt())))
                .setStatusCallbackMethod(HttpMethod.POST)
                .setStatusCallbackEvent(EVENTS)
                .setMachineDetection("DetectMessageEnd")
                .setMachineDetectionSpeechThreshold(LONGEST_HUMAN_SPEECH_MILLIS)
                .setTimeout((int) settings.ringFor().toSeconds())
                .setTimeLimit((int) settings.longest().toSeconds());
    }

    /** A listed call has no words and does not show whose attempt it was: recipient and time have to do. */
    @Override
    public List<ListedMessage> listSent(Address to, Instant since) {
        CallReader reader = new CallReader(account.accountSid()).setTo(new PhoneNumber(to.value()));
        reader.setPageSize(TwilioPages.PAGE_SIZE);
        return TwilioPages.all(reader, requests::client, call -> createdAt(call).isBefore(since), "calls").stream()
                .filter(call -> "outbound-api".equals(call.getDirection()))
                .filter(call -> settings.number().equals(call.getFrom()))
                .filter(call -> !createdAt(call).isBefore(since))
                .map(call -> new ListedMessage(call.getSid(), null, String.valueOf(call.getStatus()), createdAt(call)))
                .toList();
    }

    /** What was pressed in a call is asked for in the call: it cannot be missed and listed later. */
    @Override
    public List<InboundMessage> listReceived(Instant since) {
        return List.of();
    }

    /** A call is one, however long it is: the rate is in calls a second. */
    @Override
    public int units(String body) {
        return 1;
    }

    @Override
    public boolean byPhone() {
        return true;
    }

    @Override
    public boolean carriesWords() {
        return false;
    }

    @Override
    public boolean inEveryLanguage() {
        return true;
    }

    @Override
    public int precedence() {
        return 80;
    }

    private static Instant createdAt(Call call) {
        return call.getDateCreated() == null
                ? Instant.MAX
                : call.getDateCreated().toInstant();
    }
}
