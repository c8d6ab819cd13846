package health.throughline.care.fhir;

import health.throughline.care.Appointment;
import health.throughline.care.EhrAnswered.Result;
import health.throughline.care.EhrSettings;
import health.throughline.care.EhrWrites;
import health.throughline.care.EhrWrites.Write;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Carries patients' answers to the EHR, several at a time, never inside a transaction; whom it cannot reach in time a person hears of. */
@Component
class EhrWriter implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(EhrWriter.class);
    private static final int AT_ONCE = 20;
    private static final int TIMES = 3;
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

    private final EhrWrites writes;
    private final EhrClient client;
    private final EhrSettings settings;
    private final Clock clock;
    private volatile boolean running;
    private Thread loop = new Thread();

    EhrWriter(EhrWrites writes, EhrClient client, EhrSettings settings, Clock clock) {
        this.writes = writes;
        this.client = client;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public void start() {
        running = true;
        if (settings.url() != null) {
            loop = Thread.ofPlatform().name("ehr-writer").start(this::loop);
        }
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
        try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            while (running) {
                Thread.sleep(look(each) ? Duration.ZERO : settings.poll());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return whether there was something to do */
    private boolean look(ExecutorService each) throws InterruptedException {
        try {
            List<Write> due = writes.claim(AT_ONCE);
            for (var done : each.invokeAll(due.stream()
                    .map(write -> Executors.callable(() -> carry(write)))
                    .toList())) {
                done.resultNow();
            }
            return !due.isEmpty();
        } catch (RuntimeException | Error e) {
            LOG.warn("Answers to the EHR wait: {}", e.getClass().getSimpleName());
            LOG.debug("EHR write failure", e);
            Thread.sleep(AFTER_FAILURE);
            return false;
        }
    }

    /** An answer is about the visit the patient was asked about: of one that was moved since, it would confirm what nobody said. */
    private boolean overtaken(Write write) {
        if (write.same() && write.stands()) {
            return false;
        }
        if (write.stands() && write.answer() == Appointment.Answer.CANCEL_REQUESTED) {
            settle(write, Result.SLOT_LOST, "visit-changed"); // the wish may hold for the new time too: a person asks
        } else {
            writes.overtaken(write); // cancelled or over, or moved and asked about anew
        }
        return true;
    }

    private void carry(Write write) {
        if (overtaken(write)) {
            return;
        }
        try {
            switch (client.tell(write)) {
                case EhrClient.Word.Settled settled -> settle(write, settled.result(), settled.reason());
                case EhrClient.Word.NotYet notYet -> {
                    if (tooLate(write)) {
                        settle(write, Result.UNANSWERED, notYet.reason());
                    } else {
                        LOG.info(
                                "The EHR has not taken {} yet ({}); again in {}",
                                write.id(),
                                notYet.reason(),
                                notYet.again());
                        writes.later(write, notYet.again(), notYet.reason());
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean tooLate(Write write) {
        Instant now = clock.instant();
        Instant visit = write.visitStart();
        return !now.isBefore(write.answeredAt().plus(settings.giveUpAfter())) || visit != null && !now.isBefore(visit);
    }

    /** A journey that moves at the same moment makes the first try fail; after the last the lease ends and the EHR is told once more. */
    private void settle(Write write, Result result, String reason) {
        for (int tried = 1; ; tried++) {
            try {
                writes.settle(write, result, reason);
                return;
            } catch (RuntimeException e) {
                if (tried == TIMES) {
                    LOG.warn(
                            "What the EHR said of {} is taken down later: {}",
                            write.id(),
                            e.getClass().getSimpleName());
                    return;
                }
            }
        }
    }
}
