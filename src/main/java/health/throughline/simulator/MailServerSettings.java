package health.throughline.simulator;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The simulated mail server, on 127.0.0.1.
 *
 * @param mailbox the product's address there; without it no mail is simulated
 * @param password of that mailbox
 * @param remembered how many mails are kept in all
 */
@ConfigurationProperties("throughline.simulator.mail")
public record MailServerSettings(
        @DefaultValue("8025") int smtpPort,
        @DefaultValue("8143") int imapPort,
        @Nullable String mailbox,
        @Nullable String password,
        @DefaultValue("2000") int remembered) {

    @Override
    public String toString() {
        return "MailServerSettings[" + smtpPort + ", " + imapPort + "]";
    }
}
