package health.throughline.journey;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** @param keepIdempotencyKeys how long the same start is told from a new one by its key; a day at the least */
@ConfigurationProperties("throughline.journey")
record JourneySettings(@DefaultValue("30d") Duration keepIdempotencyKeys) {

    private static final Duration SHORTEST = Duration.ofDays(1);

    JourneySettings {
        if (keepIdempotencyKeys.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("throughline.journey.keep-idempotency-keys is a day (1d) at the least:"
                    + " a caller whose start got no answer may send it again for hours.");
        }
    }
}
