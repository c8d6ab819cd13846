package health.throughline.channel.voice;

import health.throughline.StartRefused;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How calls are made. Without {@code from} there is no voice channel: nothing is called, and nothing else changes.
 *
 * @param from our number that can call, E.164; patients see it, and calls to it are answered
 * @param ringFor how long a phone may ring
 * @param longest after which a call is ended
 * @param voices Twilio's name of the voice for each language
 */
@ConfigurationProperties("throughline.twilio.voice")
record VoiceSettings(
        @Nullable String from,
        @DefaultValue("25s") Duration ringFor,
        @DefaultValue("10m") Duration longest,
        @DefaultValue Map<String, String> voices) {

    static final String FROM = "throughline.twilio.voice.from";

    private static final Map<String, String> USUAL_VOICES =
            Map.of("en", "Polly.Joanna-Neural", "es", "Polly.Lupe-Neural");

    String number() {
        if (from == null || !from.strip().matches("\\+[1-9]\\d{6,14}")) {
            throw new StartRefused(
                    "THROUGHLINE_TWILIO_VOICE_FROM is not a number in E.164.",
                    "Set it to our number that can call, such as +13035550100, or leave it out: then nobody is called.");
        }
        return from.strip();
    }

    /** None where Twilio's own for the language will do. */
    @Nullable
    String voice(String locale) {
        String language = locale.split("-", 2)[0];
        return voices.getOrDefault(locale, voices.getOrDefault(language, USUAL_VOICES.get(language)));
    }
}
