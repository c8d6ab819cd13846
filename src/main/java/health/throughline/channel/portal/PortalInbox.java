package health.throughline.channel.portal;

import health.throughline.channel.Address;
import health.throughline.channel.Channel;
import health.throughline.channel.ChannelAdapter;
import health.throughline.channel.InboundMessage;
import health.throughline.channel.OutboundMessage;
import health.throughline.channel.PageMessage;
import health.throughline.channel.SendOutcome;
import health.throughline.channel.Transcript;
import java.time.Instant;
import java.util.List;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** The inbox page reads what was said from the transcript: nothing leaves the house, so nothing can be lost on the way. */
@Component
class PortalInbox implements ChannelAdapter {

    private static final Channel PORTAL = new Channel("portal");
    private static final int LISTED = 200;

    private final Transcript transcript;
    private final ApplicationEventPublisher events;

    PortalInbox(Transcript transcript, ApplicationEventPublisher events) {
        this.transcript = transcript;
        this.events = events;
    }

    @Override
    public Channel channel() {
        return PORTAL;
    }

    @Override
    public String provider() {
        return "pages";
    }

    @Override
    public String sender() {
        return "portal";
    }

    @Override
    public SendOutcome send(OutboundMessage message) {
        events.publishEvent(new PageMessage(message.to(), message.attempt()));
        return new SendOutcome.Accepted(message.attempt().toString());
    }

    @Override
    public List<ListedMessage> listSent(Address to, Instant since) {
        return transcript.of(to, LISTED).stream()
                .filter(line -> line.ours() && !line.at().isBefore(since))
                .map(line -> new ListedMessage(String.valueOf(line.attempt()), line.text(), "accepted", line.at()))
                .toList();
    }

    /** What is said on the page is in the inbox before the page answers. */
    @Override
    public List<InboundMessage> listReceived(Instant since) {
        return List.of();
    }

    @Override
    public int units(String body) {
        return 1;
    }

    @Override
    public boolean comesUnasked() {
        return false;
    }

    @Override
    public boolean keepsUntilRead() {
        return true;
    }

    @Override
    public int precedence() {
        return 80;
    }
}
