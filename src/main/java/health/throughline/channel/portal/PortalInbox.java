package health.throughline.channel.portal;

import health.throughline.channel.Channel;
import health.throughline.channel.OnOurPages;
import health.throughline.channel.OutboundMessage;
import health.throughline.channel.PageMessage;
import health.throughline.channel.Transcript;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** The patient's inbox page. */
@Component
class PortalInbox extends OnOurPages {

    private final ApplicationEventPublisher events;

    PortalInbox(Transcript transcript, ApplicationEventPublisher events) {
        super(new Channel("portal"), transcript);
        this.events = events;
    }

    @Override
    protected void shown(OutboundMessage message) {
        events.publishEvent(new PageMessage(message.to(), message.attempt()));
    }

    @Override
    public String provider() {
        return "pages";
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
