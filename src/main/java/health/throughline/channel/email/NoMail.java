package health.throughline.channel.email;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Tells an operator at start-up that no e-mail goes, and why. */
@Component
class NoMail {

    private static final Logger LOG = LoggerFactory.getLogger(NoMail.class);

    private final MailSettings settings;

    NoMail(MailSettings settings) {
        this.settings = settings;
    }

    @EventListener(ApplicationReadyEvent.class)
    void tell() {
        if (!settings.served()) {
            LOG.info("E-mail is not served: THROUGHLINE_EMAIL_SMTP_HOST is not set");
        }
    }
}
