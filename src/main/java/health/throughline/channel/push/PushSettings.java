package health.throughline.channel.push;

import health.throughline.StartRefused;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;

/**
 * Web push. Without a key there is none, and the patients' page does not offer it.
 *
 * @param publicKey of the VAPID pair, base64url of the uncompressed point (65 bytes), as the usual tools print it
 * @param privateKey of the pair, base64url of the 32 bytes
 * @param contact whom a push service may write to about us: {@code mailto:} or {@code https:} (RFC 8292, 2.1)
 * @param hosts of push services that may be asked; {@code *.} stands for any name below. Those of the browsers in use: Chrome and most
 *     others (fcm.googleapis.com), Firefox (updates.push.services.mozilla.com, in Mozilla's autopush documentation), Edge
 *     (*.notify.windows.com, in Microsoft's WNS documentation), Safari (web.push.apple.com, in Apple's "Sending web push notifications")
 * @param longestWait how long a push service may keep a notice for a browser that is off; short, so that none comes at night
 */
@ConfigurationProperties("throughline.push")
record PushSettings(
        @Nullable String publicKey,
        @Nullable String privateKey,
        @Nullable String contact,

        @DefaultValue({
            "fcm.googleapis.com",
            "updates.push.services.mozilla.com",
            "*.notify.windows.com",
            "web.push.apple.com"
        })
        List<String> hosts,

        @DefaultValue("4h") Duration longestWait,
        @DefaultValue("5s") Duration connectTimeout,
        @DefaultValue("10s") Duration answerTimeout) {

    PushSettings {
        if (StringUtils.hasText(privateKey) || StringUtils.hasText(publicKey)) {
            try {
                KeyPair256.of(String.valueOf(publicKey), String.valueOf(privateKey));
            } catch (IllegalArgumentException malformed) {
                throw new StartRefused(
                        "THROUGHLINE_PUSH_PUBLIC_KEY and THROUGHLINE_PUSH_PRIVATE_KEY are no pair of VAPID keys.",
                        "Make a pair (P-256) and set both as base64url, 65 and 32 bytes; or set neither to run without"
                                + " web push.");
            }
            if (contact == null || !contact.matches("(mailto:[^\\s@]+@[^\\s@]+|https://\\S+)")) {
                throw new StartRefused(
                        "THROUGHLINE_PUSH_CONTACT is no mailto: or https: address.",
                        "Set it to where the push services' staff reach you, for example mailto:it@example.org.");
            }
        }
    }

    @Override
    public String toString() {
        return "PushSettings[" + hosts + "]";
    }
}
