package health.throughline;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Makes the months ahead of the tables that are kept by month, long before anything is written into them. */
@Component
class MonthlyPartitions {

    private static final int MONTHS_AHEAD = 15;
    private static final Logger LOG = LoggerFactory.getLogger(MonthlyPartitions.class);

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Clock clock;

    MonthlyPartitions(JdbcClient jdbc, TransactionTemplate transaction, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Scheduled(fixedDelayString = "PT6H", initialDelayString = "PT5M")
    void ahead() {
        try {
            from(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
        } catch (DataAccessException e) {
            LOG.warn("The months ahead could not be made, and are tried again in six hours: {}", e.getMessage());
        }
    }

    /** Idempotent. A new partition locks its table for a moment: where that would have to wait, it is left for the next time. */
    void from(LocalDate day) {
        transaction.executeWithoutResult(status -> {
            jdbc.sql("select set_config('lock_timeout', '2s', true)")
                    .query(String.class)
                    .single();
            boolean alone = jdbc.sql("select pg_try_advisory_xact_lock(hashtextextended('partitions', 0))")
                    .query(Boolean.class)
                    .single();
            if (alone) {
                jdbc.sql("select count(*) from ensure_partitions(cast(? as date), ?)")
                        .params(day, MONTHS_AHEAD)
                        .query(Integer.class)
                        .single();
            }
        });
    }
}
