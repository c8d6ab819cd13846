package health.throughline.conversation;

import health.throughline.channel.AttemptId;
import health.throughline.channel.Channel;
import health.throughline.channel.ChannelAdapter;
import health.throughline.channel.OutboundMessage;
import health.throughline.channel.SendOutcome;
import io.github.bucket4j.Bucket;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.stereotype.Component;

/**
 * Sends what is due. One loop per channel, so that a slow provider delays only its own; each message on a virtual thread; claims bounded
 * by the shared rate and by what this node has in flight. Any number of nodes may run it.
 */
@Component
class Dispatcher implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final Duration SWEEP = Duration.ofSeconds(5);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final int SWEEP_BATCH = 100;

    private final JdbcDispatch dispatch;
    private final Attempts attempts;
    private final Senders senders;
    private final DispatchSignal wakeUp;
    private final InboundCatchUp catchUp;
    private final ProviderBreakers breakers;
    private final Again again;
    private final FailPoint failPoint;
    private final ConversationSettings settings;
    private final Clock clock;
    private final String node = ManagementFactory.getRuntimeMXBean().getName();

    private volatile boolean running;
    private final List<Thread> loops = new ArrayList<>();
    private ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();

    Dispatcher(
            JdbcDispatch dispatch,
            Attempts attempts,
            Senders senders,
            DispatchSignal wakeUp,
            InboundCatchUp catchUp,
            ProviderBreakers breakers,
            Again again,
            FailPoint failPoint,
            ConversationSettings settings,
            Clock clock) {
        this.dispatch = dispatch;
        this.attempts = attempts;
        this.senders = senders;
        this.wakeUp = wakeUp;
        this.catchUp = catchUp;
        this.breakers = breakers;
        this.again = again;
        this.failPoint = failPoint;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public synchronized void start() {
        running = true;
        calls = Executors.newVirtualThreadPerTaskExecutor();
        for (Channel channel : senders.channels()) {
            catchUp.needed(channel);
            loops.add(Thread.ofPlatform().name("dispatch-" + channel.code()).start(() -> loop(channel)));
        }
    }

    @Override
    public synchronized void stop() {
        running = false;
        loops.forEach(Thread::interrupt);
        try {
            for (Thread loop : loops) {
                loop.join(STOP_LIMIT);
            }
            calls.shutdown();
            if (!calls.awaitTermination(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("Stopped with provider requests open; their outcome will be settled from the provider's list");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        loops.clear();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void loop(Channel channel) {
        Semaphore free = new Semaphore(settings.inFlight());
        Instant nextSweep = Instant.MIN;
        while (running) {
            try {
                if (Instant.now().isAfter(nextSweep)) {
                    attempts.takeOverLost(SWEEP_BATCH);
                    dispatch.freeHeld(clock.instant());
                    dispatch.clear(clock.instant());
                    nextSweep = Instant.now().plus(SWEEP);
                }
                if (cycle(channel, free) == 0) {
                    wakeUp.await(settings.poll());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException | Error e) {
                LOG.warn(
                        "The {} dispatcher could not work and tries again: {}",
                        channel.code(),
                        e.getClass().getSimpleName());
                LOG.debug("Dispatcher failure", e);
                pause();
            }
        }
    }

    private void pause() {
        try {
            wakeUp.await(SWEEP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int cycle(Channel channel, Semaphore free) {
        int room = Math.min(settings.batch(), free.availablePermits());
        int permits = breakers.permits(channel, room);
        int claimed = 0;
        try {
            // asked after the breaker: it may have been open until now, and then the provider is heard first
            if (permits > 0 && catchUp.heard(channel)) {
                claimed = claim(channel, free, permits);
            }
            return claimed;
        } finally {
            breakers.giveBack(channel, permits - claimed);
        }
    }

    private int claim(Channel channel, Semaphore free, int room) {
        Bucket rate = senders.rate(channel);
        int tokens = (int) rate.tryConsumeAsMuchAsPossible(room);
        if (tokens == 0) {
            return 0;
        }
        List<JdbcDispatch.Claim> claims = dispatch.claim(channel, node, settings.lease(), clock.instant(), tokens);
        int units = claims.stream().mapToInt(JdbcDispatch.Claim::units).sum();
        if (units < tokens) {
            rate.addTokens(tokens - units);
        } else if (units > tokens) {
            // long messages count as many as they are: the next claims wait for it
            rate.consumeIgnoringRateLimits(units - tokens);
        }
        for (JdbcDispatch.Claim claim : claims) {
            free.acquireUninterruptibly();
            calls.execute(() -> {
                try {
                    send(channel, claim);
                } finally {
                    free.release();
                }
            });
        }
        return claims.size();
    }

    private void send(Channel channel, JdbcDispatch.Claim claim) {
        boolean reported = false;
        try {
            failPoint.at("claimed");
            Optional<OutboundMessage> outbound = again.afterConflict(() -> attempts.start(claim, node));
            if (outbound.isEmpty()) {
                // what did not go leaves its share of the rate to what may
                senders.rate(channel).addTokens(claim.units());
            } else {
                failPoint.at("attempt-started");
                AttemptId attempt = outbound.get().attempt();
                pay(channel, claim, outbound.get());
                Instant asked = Instant.now();
                SendOutcome outcome = call(senders.adapter(channel), outbound.get());
                breakers.report(channel, outcome, Duration.between(asked, Instant.now()));
                reported = true;
                failPoint.at("answered");
                again.inTransaction(() -> attempts.outcome(attempt, outcome));
                failPoint.at("outcome-written");
            }
        } catch (ConcurrencyFailureException e) {
            // somebody else moved on at the same rows, every time: nothing is wrong with the message
            LOG.info(
                    "Message {} is tried again soon: {}",
                    claim.message(),
                    e.getClass().getSimpleName());
            overtaken(claim);
        } catch (RuntimeException e) {
            LOG.warn(
                    "Message {} could not be sent: {}",
                    claim.message(),
                    e.getClass().getSimpleName());
            LOG.debug("Send failure", e);
            stumbled(claim);
        } finally {
            if (!reported) {
                breakers.giveBack(channel, 1);
            }
        }
    }

    private void overtaken(JdbcDispatch.Claim claim) {
        try {
            attempts.overtaken(claim);
        } catch (RuntimeException e) {
            LOG.warn(
                    "Message {} was left to its lease: {}",
                    claim.message(),
                    e.getClass().getSimpleName());
        }
    }

    private void stumbled(JdbcDispatch.Claim claim) {
        try {
            if (attempts.stumbled(claim)) {
                attempts.tellOfParked(claim);
            }
        } catch (RuntimeException e) {
            // the lease ends by itself: before the attempt was written it is free again, after it is unknown and will
            // be settled
            LOG.warn(
                    "Message {} was left to its lease: {}",
                    claim.message(),
                    e.getClass().getSimpleName());
        }
    }

    /** What says several messages is longer than the one that was claimed: the next claims wait for the rest. */
    private void pay(Channel channel, JdbcDispatch.Claim claim, OutboundMessage outbound) {
        int more = senders.adapter(channel).units(outbound.body()) - claim.units();
        if (more > 0) {
            senders.rate(channel).consumeIgnoringRateLimits(more);
        }
    }

    private static SendOutcome call(ChannelAdapter adapter, OutboundMessage message) {
        try {
            return adapter.send(message);
        } catch (RuntimeException e) {
            LOG.warn(
                    "The {} adapter failed on attempt {}: {}",
                    adapter.provider(),
                    message.attempt(),
                    e.getClass().getSimpleName());
            return new SendOutcome.Unknown("adapter-failure", "The adapter failed in the middle of sending");
        }
    }
}
