package health.throughline.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import health.throughline.Network;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Makes whoever guesses passwords wait, twice as long each time. Counted per user name and address, and per address for whoever tries many
 * names; who has signed in from there before does not wait for those others, since a whole hospital may share one address. In the memory of
 * this node, for a bounded number of each.
 */
@Component
class SignInAttempts {

    private static final int MOST_REMEMBERED = 50_000;
    private static final int MOST_DOUBLINGS = 20;
    private static final Duration WINDOW = Duration.ofMinutes(15);
    private static final Duration KNOWN_FOR = Duration.ofDays(30);
    private static final Duration TOLD_AGAIN_AFTER = Duration.ofMinutes(1);

    private record Key(String username, String network) {}

    /** @param since when the first of them was */
    private record Failures(int count, Instant since, Instant blockedUntil) {}

    private record HeldOff(int count, Instant told) {}

    private final Cache<Key, Failures> ofUser;
    private final Cache<String, Failures> ofNetwork;
    private final Cache<String, HeldOff> heldOff;
    private final Cache<Key, Boolean> known;
    private final AccessSettings settings;
    private final Clock clock;

    SignInAttempts(AccessSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        Duration remembered = settings.longestWait().multipliedBy(2);
        this.ofUser = remembering(remembered);
        this.ofNetwork = remembering(remembered);
        this.heldOff = remembering(remembered);
        this.known = remembering(KNOWN_FOR);
    }

    private static <K, V> Cache<K, V> remembering(Duration longest) {
        return Caffeine.newBuilder()
                .maximumSize(MOST_REMEMBERED)
                .expireAfterWrite(longest)
                .build();
    }

    /** Zero where the next attempt may be made. */
    Duration wait(String username, String address) {
        Key key = key(username, address);
        Duration own = rest(ofUser.getIfPresent(key));
        return !own.isZero() || known.getIfPresent(key) != null ? own : rest(ofNetwork.getIfPresent(key.network()));
    }

    private Duration rest(@Nullable Failures failures) {
        Duration rest = failures == null ? Duration.ZERO : Duration.between(clock.instant(), failures.blockedUntil());
        return rest.isNegative() ? Duration.ZERO : rest;
    }

    void failed(String username, String address) {
        Instant now = clock.instant();
        Key key = key(username, address);
        ofUser.asMap().compute(key, (any, before) -> more(before, settings.freeAttempts(), now));
        ofNetwork
                .asMap()
                .compute(
                        key.network(),
                        (any, before) ->
                                more(over(before, now) ? null : before, settings.freeAttemptsOfNetwork(), now));
    }

    /** Long ago enough that people who mistype now and then do not add up. */
    private static boolean over(@Nullable Failures failures, Instant now) {
        return failures != null && now.isAfter(failures.since().plus(WINDOW)) && now.isAfter(failures.blockedUntil());
    }

    private Failures more(@Nullable Failures before, int free, Instant now) {
        int count = before == null ? 1 : before.count() + 1;
        return new Failures(count, before == null ? now : before.since(), now.plus(waitAfter(count - free)));
    }

    void succeeded(String username, String address) {
        Key key = key(username, address);
        ofUser.invalidate(key);
        known.put(key, true);
    }

    /** Counts one who was told to wait. @return how many were since that was last told; zero where it was told within a minute */
    int heldOff(String address) {
        Instant now = clock.instant();
        var told = new AtomicInteger();
        heldOff.asMap().compute(Network.of(address), (any, before) -> {
            int count = before == null ? 1 : before.count() + 1;
            if (before != null && now.isBefore(before.told().plus(TOLD_AGAIN_AFTER))) {
                return new HeldOff(count, before.told());
            }
            told.set(count);
            return new HeldOff(0, now);
        });
        return told.get();
    }

    private static Key key(String username, String address) {
        return new Key(username, Network.of(address));
    }

    private Duration waitAfter(int tooMany) {
        if (tooMany < 0) {
            return Duration.ZERO;
        }
        Duration wait = settings.firstWait().multipliedBy(1L << Math.min(tooMany, MOST_DOUBLINGS));
        return wait.compareTo(settings.longestWait()) > 0 ? settings.longestWait() : wait;
    }
}
