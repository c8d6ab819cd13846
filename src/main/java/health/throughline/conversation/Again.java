package health.throughline.conversation;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Does over, a few times and each in a transaction of its own, what may meet others at the same rows: a journey that moves on at the same
 * moment, a deadlock. What cannot be asked for again, such as an answer that came or a receipt, must not be lost to that.
 */
@Component
class Again {

    private static final int TIMES = 5;
    private static final long FIRST_PAUSE_MILLIS = 20;
    private static final Logger LOG = LoggerFactory.getLogger(Again.class);

    private final TransactionTemplate transaction;

    Again(TransactionTemplate transaction) {
        this.transaction = transaction;
    }

    /** Throws what the last try threw; what cannot be right the next time either is not tried again. */
    void inTransaction(Runnable work) {
        for (int tried = 1; ; tried++) {
            try {
                transaction.executeWithoutResult(status -> work.run());
                return;
            } catch (IllegalArgumentException e) {
                throw e;
            } catch (RuntimeException e) {
                if (tried == TIMES || !pause(tried)) {
                    throw e;
                }
                LOG.info("Done over after {}", e.getClass().getSimpleName());
            }
        }
    }

    /** The same for what only others at the same rows may keep from happening; all else is thrown at once. */
    <T> T afterConflict(Supplier<T> work) {
        for (int tried = 1; ; tried++) {
            try {
                return work.get();
            } catch (ConcurrencyFailureException e) {
                if (tried == TIMES || !pause(tried)) {
                    throw e;
                }
            }
        }
    }

    private static boolean pause(int tried) {
        long longest = FIRST_PAUSE_MILLIS << tried;
        try {
            Thread.sleep(longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
