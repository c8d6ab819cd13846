package health.throughline.channel.app;

import health.throughline.StartRefused;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The hospital's own app. Without an address there is no such channel.
 *
 * @param url the one address that is ever asked; no message and no answer chooses another
 * @param secret shared with the app's server: both sign with it
 * @param nextSecret accepted on what comes in besides {@code secret} while they are being rotated
 * @param clockSkew how old or new a signature may be
 */
@ConfigurationProperties("throughline.app")
record AppSettings(
        @Nullable URI url,
        @Nullable String secret,
        @Nullable String nextSecret,
        @DefaultValue("5s") Duration connectTimeout,
        @DefaultValue("10s") Duration answerTimeout,
        @DefaultValue("5m") Duration clockSkew) {

    private static final int SHORTEST_SECRET = 32;

    AppSettings {
        if (url != null && !url.toString().isBlank()) {
            boolean here = "localhost".equals(url.getHost()) || "127.0.0.1".equals(url.getHost());
            if (url.getHost() == null || !("https".equals(url.getScheme()) || here)) {
                throw new StartRefused(
                        "THROUGHLINE_APP_URL is no https address.",
                        "Set it to where the app's server takes messages, for example https://app.example.org/messages.");
            }
            if (secret == null || secret.length() < SHORTEST_SECRET) {
                throw new StartRefused(
                        "THROUGHLINE_APP_SECRET is not set, or shorter than " + SHORTEST_SECRET + " characters.",
                        "Set it to a random secret that only the app's server has besides.");
            }
        }
    }

    @Override
    public String toString() {
        return "AppSettings[" + url + "]";
    }
}
