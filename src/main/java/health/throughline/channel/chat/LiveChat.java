package health.throughline.channel.chat;

import health.throughline.channel.Address;
import health.throughline.channel.Channel;
import health.throughline.channel.ChannelAdapter;
import health.throughline.channel.InboundMessage;
import health.throughline.channel.OutboundMessage;
import health.throughline.channel.SendOutcome;
import health.throughline.channel.Transcript;
import java.time.Instant;
import java.util.List;
import org.springframework.stereotype.Component;

/** Shows what was said to whoever has the chat open; the words stand in the transcript already, so nothing can be lost on the way. */
@Component
class LiveChat implements ChannelAdapter {

    static final String PROVIDER = "chat";
    private static final int LISTED = 200;

    private final Transcript transcript;
    private final ChatStreams streams;

    LiveChat(Transcript transcript, ChatStreams streams) {
        this.transcript = transcript;
        this.streams = streams;
    }

    @Override
    public Channel channel() {
        return JdbcVisitors.CHAT;
    }

    @Override
    public String provider() {
        return PROVIDER;
    }

    @Override
    public String sender() {
        return "chat";
    }

    @Override
    public SendOutcome send(OutboundMessage message) {
        streams.changed(message.to());
        return new SendOutcome.Accepted(message.attempt().toString());
    }

    @Override
    public List<ListedMessage> listSent(Address to, Instant since) {
        return transcript.of(to, LISTED).stream()
                .filter(line -> line.ours() && !line.at().isBefore(since))
                .map(line -> new ListedMessage(String.valueOf(line.attempt()), line.text(), "accepted", line.at()))
                .toList();
    }

    /** What a visitor says is in the inbox before the page is answered. */
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
    public int precedence() {
        return 90;
    }
}
