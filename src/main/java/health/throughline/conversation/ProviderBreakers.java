package health.throughline.conversation;

import health.throughline.channel.Channel;
import health.throughline.channel.SendOutcome;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Leaves a provider alone that failed or refused most of what it was asked, so that messages keep their tries and nothing more becomes
 * unknown; then asks it for a few, and goes on when those go well. One for each channel and node; what waits stays in the queue.
 */
@Component("providers")
class ProviderBreakers implements HealthIndicator {

    static final int WINDOW = 40;
    static final int FEWEST_CALLS = 20;
    static final int PROBES = 10;
    private static final float FAILURES_PERCENT = 60;
    private static final Duration SLOW = Duration.ofSeconds(15);
    private static final float SLOW_PERCENT = 80;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final double LONGER = 1.5;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final String LEASE_ENDED = "lease-ended";

    private static final Logger LOG = LoggerFactory.getLogger(ProviderBreakers.class);
    private static final CircuitBreakerConfig CONFIG = CircuitBreakerConfig.custom()
            .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
            .slidingWindowSize(WINDOW)
            .minimumNumberOfCalls(FEWEST_CALLS)
            .failureRateThreshold(FAILURES_PERCENT)
            .slowCallDurationThreshold(SLOW)
            .slowCallRateThreshold(SLOW_PERCENT)
            .permittedNumberOfCallsInHalfOpenState(PROBES)
            .waitIntervalFunctionInOpenState(IntervalFunction.ofExponentialBackoff(FIRST_PAUSE, LONGER, LONGEST_PAUSE))
            .build();

    private final Map<Channel, CircuitBreaker> breakers = new ConcurrentHashMap<>();
    private final InboundCatchUp catchUp;
    private final MeterRegistry meters;

    ProviderBreakers(InboundCatchUp catchUp, MeterRegistry meters) {
        this.catchUp = catchUp;
        this.meters = meters;
    }

    /** A failure that speaks of the provider as a whole, not of one message. */
    private static final class Failing extends RuntimeException {}

    /** How many messages the provider may be asked to take now; each has to be reported or given back. */
    int permits(Channel channel, int wanted) {
        CircuitBreaker breaker = of(channel);
        int permitted = 0;
        while (permitted < wanted && breaker.tryAcquirePermission()) {
            permitted++;
        }
        return permitted;
    }

    void giveBack(Channel channel, int permits) {
        CircuitBreaker breaker = of(channel);
        for (int i = 0; i < permits; i++) {
            breaker.releasePermission();
        }
    }

    void report(Channel channel, SendOutcome outcome, Duration took) {
        boolean fails = switch (outcome) {
            case SendOutcome.Accepted accepted -> false;
            case SendOutcome.Rejected rejected -> false;
            case SendOutcome.Unknown unknown -> true;
            case SendOutcome.Retry retry -> !retry.code().equals(LEASE_ENDED);
        };
        if (fails) {
            of(channel).onError(took.toNanos(), TimeUnit.NANOSECONDS, new Failing());
        } else {
            of(channel).onSuccess(took.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Whoever could not take ours may not have brought us theirs. */
    void opened(Channel channel) {
        catchUp.needed(channel);
    }

    CircuitBreaker.State state(Channel channel) {
        return of(channel).getState();
    }

    private CircuitBreaker of(Channel channel) {
        return breakers.computeIfAbsent(channel, this::made);
    }

    private CircuitBreaker made(Channel channel) {
        CircuitBreaker breaker = CircuitBreaker.of(channel.code(), CONFIG);
        breaker.getEventPublisher().onStateTransition(event -> {
            CircuitBreaker.State now = event.getStateTransition().getToState();
            LOG.warn("The {} provider: {}", channel.code(), event.getStateTransition());
            if (now == CircuitBreaker.State.OPEN) {
                opened(channel);
            }
        });
        Gauge.builder("throughline.provider.left.alone", breaker, each -> switch (each.getState()) {
                    case OPEN, FORCED_OPEN -> 1;
                    case HALF_OPEN -> 0.5;
                    default -> 0;
                })
                .description("1 while a provider that failed is left alone, 0.5 while it is tried with a few messages")
                .tag("channel", channel.code())
                .register(meters);
        return breaker;
    }

    /** Up whatever the providers do: a node without its provider still hears, shows and queues. */
    @Override
    public Health health() {
        Map<String, Object> details = new LinkedHashMap<>();
        breakers.forEach((channel, breaker) ->
                details.put(channel.code(), breaker.getState().name().toLowerCase(java.util.Locale.ROOT)));
        return Health.up().withDetails(details).build();
    }
}
