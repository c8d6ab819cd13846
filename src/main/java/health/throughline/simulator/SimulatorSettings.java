package health.throughline.simulator;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the simulator plays. It runs in local mode only; the account and the product's address are taken from {@code throughline.twilio}
 * and {@code throughline.public-url} where they are not set here.
 *
 * @param port on 127.0.0.1; 0 takes a free one
 * @param productUrl where inbound messages, the EHR's resources and the clock go
 * @param from our number, for a patient who writes first
 * @param apiKey with which the EHR and the clock speak to the product
 * @param blockAfterStop whether the carrier itself remembers STOP, as Twilio does
 * @param callbackDelay between two status callbacks
 * @param lateDelay before the callbacks of a number whose callbacks come late
 * @param silentFor how long a number that never answers keeps the connection
 * @param remembered how many requests, and how many messages, are kept
 * @param ringsFor how long a phone rings when nobody picks up
 * @param patience how long a call waits for who holds the phone on the page: reading takes longer than listening
 * @param seed whether demo patients and visits are sent to the product at start
 */
@ConfigurationProperties("throughline.simulator")
public record SimulatorSettings(
        @DefaultValue("8090") int port,
        @Nullable URI productUrl,
        @Nullable String accountSid,
        @Nullable String authToken,
        @Nullable String from,
        @Nullable String apiKey,
        @DefaultValue("true") boolean blockAfterStop,
        @DefaultValue("200ms") Duration callbackDelay,
        @DefaultValue("20s") Duration lateDelay,
        @DefaultValue("30s") Duration silentFor,
        @DefaultValue("50000") int remembered,
        @DefaultValue("25s") Duration ringsFor,
        @DefaultValue("60s") Duration patience,
        @DefaultValue("true") boolean seed) {

    /** For a test of its own: a free port, no waiting, no demo data. */
    public static SimulatorSettings forTest(URI productUrl, String accountSid, String authToken, String from) {
        return new SimulatorSettings(
                0,
                productUrl,
                accountSid,
                authToken,
                from,
                null,
                true,
                Duration.ofMillis(5),
                Duration.ofMillis(500),
                Duration.ofSeconds(2),
                50_000,
                Duration.ofMillis(50),
                Duration.ofSeconds(5),
                false);
    }

    SimulatorSettings with(
            @Nullable URI product, @Nullable String sid, @Nullable String token, @Nullable String number) {
        return new SimulatorSettings(
                port,
                productUrl == null ? product : productUrl,
                accountSid == null ? sid : accountSid,
                authToken == null ? token : authToken,
                from == null ? number : from,
                apiKey,
                blockAfterStop,
                callbackDelay,
                lateDelay,
                silentFor,
                remembered,
                ringsFor,
                patience,
                seed);
    }

    @Override
    public String toString() {
        return "SimulatorSettings[" + port + "]";
    }
}
