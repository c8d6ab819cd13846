package health.throughline.channel.chat;

import health.throughline.channel.OnOurPages;
import health.throughline.channel.OutboundMessage;
import health.throughline.channel.Transcript;
import org.springframework.stereotype.Component;

/** Shows what was said to whoever has the chat open. */
@Component
class LiveChat extends OnOurPages {

    static final String PROVIDER = "chat";

    private final ChatStreams streams;

    LiveChat(Transcript transcript, ChatStreams streams) {
        super(JdbcVisitors.CHAT, transcript);
        this.streams = streams;
    }

    @Override
    protected void shown(OutboundMessage message) {
        streams.changed(message.to());
    }

    @Override
    public String provider() {
        return PROVIDER;
    }

    @Override
    public int precedence() {
        return 90;
    }
}
