package health.throughline.selfservice;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * Keeps who tries to prove who they are from taking the database from everybody else: only so many are at work at once, and a network that
 * goes on long after its tries are used up is turned away without asking the database at all. In the memory of this node.
 */
@Component
class ProofGate {

    private static final int MOST_COUNTED = 100_000;
    private static final int SHARES = 2;

    private final Cache<String, AtomicInteger> tries;
    private final Semaphore atOnce;
    private final SelfServiceSettings settings;

    ProofGate(SelfServiceSettings settings, Clock clock) {
        this.settings = settings;
        this.atOnce = new Semaphore(settings.proofsAtOnce(), true);
        this.tries = Caffeine.newBuilder()
                .ticker(() -> nanos(clock.instant()))
                .expireAfterWrite(settings.window())
                .maximumSize(MOST_COUNTED)
                .build();
    }

    private static long nanos(Instant now) {
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    /** Whether the network goes on though it was told to wait as often as it may try. Counts. */
    boolean turnsAway(String network) {
        return tries.get(network, any -> new AtomicInteger()).incrementAndGet() > SHARES * settings.triesFromAddress();
    }

    /** Does the work when it is its turn. @return else, where that takes too long, what is done instead */
    <T> T inTurn(Supplier<T> work, Supplier<T> instead) {
        if (!entered(settings.proofWait())) {
            return instead.get();
        }
        try {
            return work.get();
        } finally {
            atOnce.release();
        }
    }

    private boolean entered(Duration longest) {
        try {
            return atOnce.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
