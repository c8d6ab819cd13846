package health.throughline.channel;

import java.time.Instant;
import java.util.List;

/**
 * A channel whose messages are shown on a page of our own, read from the transcript: nothing leaves the house, so nothing can be lost on
 * the way, and what comes in is in the inbox before the page is answered.
 */
public abstract class OnOurPages implements ChannelAdapter {

    private static final int LISTED = 200;

    private final Channel channel;
    private final Transcript transcript;

    protected OnOurPages(Channel channel, Transcript transcript) {
        this.channel = channel;
        this.transcript = transcript;
    }

    /** Somebody who has the page open sees it now. */
    protected abstract void shown(OutboundMessage message);

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public String sender() {
        return channel.code();
    }

    @Override
    public SendOutcome send(OutboundMessage message) {
        shown(message);
        return new SendOutcome.Accepted(message.attempt().toString());
    }

    @Override
    public List<ListedMessage> listSent(Address to, Instant since) {
        return transcript.of(to, LISTED).stream()
                .filter(line -> line.ours() && !line.at().isBefore(since))
                .map(line -> new ListedMessage(String.valueOf(line.attempt()), line.text(), "accepted", line.at()))
                .toList();
    }

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
}
