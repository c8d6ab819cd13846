package health.throughline.conversation;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Tells a worker of this node that something new is committed; other nodes find it at their next look. */
class WakeUp {

    private final Semaphore news = new Semaphore(0);

    void afterCommit() {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            news.release();
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                news.release();
            }
        });
    }

    /** There is more than one of them gets done. */
    void wakeAnother() {
        news.release();
    }

    /** Waits for news, at most that long. */
    void await(Duration atMost) throws InterruptedException {
        if (news.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            news.drainPermits();
        }
    }
}
