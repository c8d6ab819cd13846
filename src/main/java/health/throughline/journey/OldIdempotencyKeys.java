package health.throughline.journey;

import java.time.Clock;
import java.time.Instant;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Forgets keys under which nobody will ask again, a bounded number at a time; the journeys they started stay. */
@Component
class OldIdempotencyKeys {

    private static final int BATCH = 1_000;
    private static final int MOST_BATCHES = 50;

    private final JdbcIdempotencyKeys keys;
    private final JourneySettings settings;
    private final Clock clock;

    OldIdempotencyKeys(JdbcIdempotencyKeys keys, JourneySettings settings, Clock clock) {
        this.keys = keys;
        this.settings = settings;
        this.clock = clock;
    }

    @Scheduled(fixedDelayString = "PT1H", initialDelayString = "PT1M")
    void forget() {
        Instant before = clock.instant().minus(settings.keepIdempotencyKeys());
        for (int n = 0; n < MOST_BATCHES; n++) {
            if (keys.forget(before, BATCH) < BATCH) {
                return;
            }
        }
    }
}
