package health.throughline.conversation;

import health.throughline.channel.Attached;
import health.throughline.channel.AttachmentSettings;
import health.throughline.channel.AttachmentSource;
import health.throughline.channel.AttachmentSource.Fetched;
import health.throughline.channel.AttachmentStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Fetches what came with messages from the provider that keeps it, after the message itself is durable, a few at once. What fails comes again
 * after a while, a bounded number of times; then the coordinator reads that it is not here.
 */
@Component
class AttachmentWorker implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(AttachmentWorker.class);
    private static final Duration BUSY = Duration.ofMinutes(2);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(30);
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final int AT_ONCE = 4;

    private final JdbcAttachments attachments;
    private final AttachmentStore store;
    private final AttachmentSettings settings;
    private final Map<String, AttachmentSource> sources;
    private final Again again;
    private final AttachmentSignal signal;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private volatile boolean running;
    private Thread loop = new Thread();

    AttachmentWorker(
            JdbcAttachments attachments,
            AttachmentStore store,
            AttachmentSettings settings,
            List<AttachmentSource> sources,
            Again again,
            AttachmentSignal signal,
            ApplicationEventPublisher events,
            Clock clock) {
        this.attachments = attachments;
        this.store = store;
        this.settings = settings;
        this.sources = sources.stream().collect(Collectors.toMap(AttachmentSource::provider, Function.identity()));
        this.again = again;
        this.signal = signal;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public void start() {
        running = true;
        loop = Thread.ofPlatform().name("attachments").start(this::loop);
    }

    @Override
    public void stop() {
        running = false;
        loop.interrupt();
        try {
            loop.join(STOP_LIMIT);
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
                List<JdbcAttachments.Due> due = attachments.claim(clock.instant(), BUSY, AT_ONCE);
                if (due.isEmpty()) {
                    signal.await(LOOK);
                } else {
                    together(due);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException | Error e) {
                LOG.warn("What came with messages waits: {}", e.getClass().getSimpleName());
                LOG.debug("Attachment failure", e);
                pause();
            }
        }
    }

    private void together(List<JdbcAttachments.Due> due) throws InterruptedException {
        var done = new CountDownLatch(due.size());
        for (JdbcAttachments.Due one : due) {
            Thread.ofVirtual().name("attachment").start(() -> {
                try {
                    take(one);
                } finally {
                    done.countDown();
                }
            });
        }
        done.await();
    }

    private void take(JdbcAttachments.Due due) {
        try {
            Attached became = became(due);
            if (became instanceof Attached.ToFetch) {
                attachments.again(due.id(), clock.instant().plus(pause(due.tries())));
            } else {
                again.inTransaction(() -> attachments
                        .became(due, became)
                        .ifPresent(patient -> events.publishEvent(new ConversationChanged(patient))));
            }
        } catch (RuntimeException | Error e) {
            // its lease runs out, and it comes again
            LOG.warn("Attachment {} comes again: {}", due.id(), e.getClass().getSimpleName());
            LOG.debug("Attachment failure", e);
        }
    }

    /** @return what it was, unchanged, where it is to be tried again */
    private Attached became(JdbcAttachments.Due due) {
        Attached.Kind kind = due.kind();
        AttachmentSource source = sources.get(due.provider());
        if (!store.open()) {
            return new Attached.NotKept("", kind, AttachmentStore.noFolder(kind));
        }
        Fetched fetched =
                source == null ? new Fetched.NotNow("no-source") : source.fetch(due.reference(), store.mostBytes());
        return switch (fetched) {
            case Fetched.Got got -> kept(due, got);
            case Fetched.TooLarge large -> new Attached.NotKept("", kind, store.tooLarge(kind, large.bytes()));
            case Fetched.LedAstray astray -> {
                LOG.error("Attachment {} was not fetched: {}", due.id(), astray.code());
                yield new Attached.NotKept(
                        "",
                        kind,
                        kind.words() + " was not kept: the carrier's answer led to a place that is not the carrier's.");
            }
            case Fetched.NotNow later -> later(due, later.code());
        };
    }

    private Attached kept(JdbcAttachments.Due due, Fetched.Got got) {
        try {
            return store.keep(due.id(), "", due.kind(), got.content());
        } catch (IllegalStateException e) {
            return later(due, "not-written");
        }
    }

    private Attached later(JdbcAttachments.Due due, String code) {
        LOG.info("Attachment {} was not there at try {} ({})", due.id(), due.tries(), code);
        if (due.tries() < settings.tries()) {
            return new Attached.ToFetch(due.reference(), due.kind());
        }
        return new Attached.NotKept(
                "",
                due.kind(),
                due.kind().words() + " could not be fetched from the carrier in " + due.tries()
                        + " tries. Ask the patient to send it again.");
    }

    /** Doubled each time, within a bound. */
    private Duration pause(int tries) {
        Duration doubled = settings.firstPause().multipliedBy(1L << Math.min(tries - 1, 20));
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    private void pause() {
        try {
            signal.await(LOOK.multipliedBy(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
