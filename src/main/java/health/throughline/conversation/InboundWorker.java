package health.throughline.conversation;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Works inbound messages off as they come, several at a time and one transaction each; what fails comes again after a while and is never
 * dropped. Of one address the older goes first, see {@link Replies}; of all, what may speak of danger. Two that meet at the rows of one
 * patient or journey are done over one after the other, see {@link Again}.
 */
@Component
class InboundWorker implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(InboundWorker.class);
    private static final Duration BUSY = Duration.ofSeconds(20);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final int WORKERS = 2;

    /** So few that what is urgent waits for no more than these. */
    private static final int BATCH = 5;

    private static final int TRIES_BEFORE_PARKING = 10;

    private final JdbcInbound inbound;
    private final Replies replies;
    private final Again again;
    private final InboundSignal signal;
    private final ConversationSettings settings;
    private final Clock clock;
    private volatile boolean running;
    private List<Thread> loops = List.of();

    InboundWorker(
            JdbcInbound inbound,
            Replies replies,
            Again again,
            InboundSignal signal,
            ConversationSettings settings,
            Clock clock) {
        this.inbound = inbound;
        this.replies = replies;
        this.again = again;
        this.signal = signal;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public void start() {
        running = true;
        loops = IntStream.rangeClosed(1, WORKERS)
                .mapToObj(n -> Thread.ofPlatform().name("inbound-" + n).start(this::loop))
                .toList();
    }

    @Override
    public void stop() {
        running = false;
        loops.forEach(Thread::interrupt);
        try {
            for (Thread loop : loops) {
                loop.join(STOP_LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void loop() {
        while (running) {
            try {
                List<JdbcInbound.Work> due = inbound.claim(clock.instant(), BUSY, BATCH);
                if (due.size() == BATCH) {
                    signal.wakeAnother();
                }
                due.forEach(this::workOff);
                if (due.isEmpty()) {
                    signal.await(settings.poll());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException | Error e) {
                LOG.warn("Inbound messages wait: {}", e.getClass().getSimpleName());
                LOG.debug("Inbound failure", e);
                pause();
            }
        }
    }

    private void workOff(JdbcInbound.Work work) {
        try {
            again.inTransaction(() -> replies.workOff(work.inbound()));
        } catch (RuntimeException | Error e) {
            LOG.warn(
                    "Inbound message {} comes again in {}: {}",
                    work.inbound(),
                    BUSY,
                    e.getClass().getSimpleName());
            LOG.debug("Inbound failure", e);
            if (work.tries() >= TRIES_BEFORE_PARKING) {
                park(work);
            }
        }
    }

    private void park(JdbcInbound.Work work) {
        try {
            again.inTransaction(() -> replies.park(work.inbound(), true));
        } catch (RuntimeException | Error e) {
            LOG.warn(
                    "Whose message {} is could not be found out: {}",
                    work.inbound(),
                    e.getClass().getSimpleName());
            again.inTransaction(() -> replies.park(work.inbound(), false));
        }
    }

    private void pause() {
        try {
            signal.await(BUSY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
