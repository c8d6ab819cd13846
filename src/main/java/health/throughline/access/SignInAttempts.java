package health.throughline.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import health.throughline.Network;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.stereotype.Component;

/**
 * Makes whoever guesses passwords wait, twice as long each time. Counted per user name and address, in the memory of this node, for a
 * bounded number of both.
 */
@Component
class SignInAttempts {

    private static final int MOST_REMEMBERED = 50_000;
    private static final int MOST_DOUBLINGS = 20;

    private record Key(String username, String address) {}

    private record Failures(int count, Instant blockedUntil) {}

    private final Cache<Key, Failures> failures;
    private final AccessSettings settings;
    private final Clock clock;

    SignInAttempts(AccessSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.failures = Caffeine.newBuilder()
                .maximumSize(MOST_REMEMBERED)
                .expireAfterWrite(settings.longestWait().multipliedBy(2))
                .build();
    }

    /** Zero where the next attempt may be made. */
    Duration wait(String username, String address) {
        Failures known = failures.getIfPresent(key(username, address));
        if (known == null) {
            return Duration.ZERO;
        }
        Duration wait = Duration.between(clock.instant(), known.blockedUntil());
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    void failed(String username, String address) {
        Instant now = clock.instant();
        failures.asMap().compute(key(username, address), (key, known) -> {
            int count = known == null ? 1 : known.count() + 1;
            return new Failures(count, now.plus(waitAfter(count)));
        });
    }

    void succeeded(String username, String address) {
        failures.invalidate(key(username, address));
    }

    private static Key key(String username, String address) {
        return new Key(username, Network.of(address));
    }

    private Duration waitAfter(int count) {
        int tooMany = count - settings.freeAttempts();
        if (tooMany < 0) {
            return Duration.ZERO;
        }
        Duration wait = settings.firstWait().multipliedBy(1L << Math.min(tooMany, MOST_DOUBLINGS));
        return wait.compareTo(settings.longestWait()) > 0 ? settings.longestWait() : wait;
    }
}
