package health.throughline.channel.sms;

import health.throughline.StartRefused;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where pictures of patients are fetched. Twilio's API answers with a redirect to its media servers
 * (twilio.com/docs/messaging/api/media-resource).
 *
 * @param hosts names of Twilio's media servers, to which the one redirect may lead; over https, and never to an inside address
 * @param timeout for one picture, redirect included, so that a trickling answer holds no thread
 */
@ConfigurationProperties("throughline.twilio.media")
record TwilioMediaSettings(
        @DefaultValue({"mms.twiliocdn.com", "media.twiliocdn.com"})
        List<String> hosts,

        @DefaultValue("30s") Duration timeout) {

    TwilioMediaSettings {
        hosts = hosts.stream()
                .map(host -> host.strip().toLowerCase(Locale.ROOT))
                .filter(host -> !host.isEmpty())
                .toList();
        if (hosts.stream().anyMatch(host -> !host.matches("[a-z0-9-]+(\\.[a-z0-9-]+)*\\.[a-z][a-z0-9-]+"))) {
            throw new StartRefused(
                    "THROUGHLINE_TWILIO_MEDIA_HOSTS holds something that is no name of a server.",
                    "Set it to the names of Twilio's media servers with commas between, for example mms.twiliocdn.com;"
                            + " no addresses of the form https://… and no numbers.");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new StartRefused(
                    "THROUGHLINE_TWILIO_MEDIA_TIMEOUT is not above zero.", "Set it to 30s, for example.");
        }
    }
}
