package health.throughline.coordination;

import health.throughline.ClockMoved;
import health.throughline.care.Feeds;
import java.time.Instant;
import java.util.List;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Tells staff, once for each silence, that a source has gone silent; the task closes by itself when it speaks again. */
@Component
class FeedAlarm {

    private final Feeds feeds;
    private final PersonTasks tasks;
    private final TransactionTemplate transaction;

    FeedAlarm(Feeds feeds, PersonTasks tasks, TransactionTemplate transaction) {
        this.feeds = feeds;
        this.tasks = tasks;
        this.transaction = transaction;
    }

    @EventListener
    void on(ClockMoved moved) {
        look();
    }

    @Scheduled(fixedDelayString = "PT30S", initialDelayString = "PT30S")
    void look() {
        transaction.executeWithoutResult(status -> {
            List<String> silent = feeds.silent();
            for (String source : silent) {
                tasks.silent(source, feeds.silentSince(source).orElse(Instant.EPOCH));
            }
            tasks.heardBut(silent);
        });
    }
}
