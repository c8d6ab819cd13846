package health.throughline.audit;

import health.throughline.encryption.KeyedHash;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Chains the rows that wait, oldest first: apart from the transactions that wrote them, which would else stand in one line. */
@Component
class AuditSequencer {

    static final int MOST_IN_A_BATCH = 10_000;
    private static final int MOST_BATCHES = 100;

    private final JdbcAuditChain chain;
    private final CheckpointFile file;
    private final KeyedHash key;
    private final Clock clock;
    private final AuditSettings settings;
    private final TransactionTemplate transaction;

    AuditSequencer(
            JdbcAuditChain chain,
            CheckpointFile file,
            KeyedHash key,
            Clock clock,
            AuditSettings settings,
            PlatformTransactionManager transactions) {
        this.chain = chain;
        this.file = file;
        this.key = key;
        this.clock = clock;
        this.settings = settings;
        this.transaction = new TransactionTemplate(transactions);
    }

    private record Batch(int rows, List<Checkpoint> checkpoints) {}

    /** Chains what waits; tells how many rows. Safe to call at any time, on any node. */
    @Scheduled(fixedDelayString = "${throughline.audit.sequence-every:PT1S}")
    int sequence() {
        int rows = 0;
        for (int batch = 0; batch < MOST_BATCHES; batch++) {
            Batch chained = transaction.execute(status -> chainBatch());
            chained.checkpoints().forEach(file::append);
            rows += chained.rows();
            if (chained.rows() < MOST_IN_A_BATCH) {
                break;
            }
        }
        return rows;
    }

    private Batch chainBatch() {
        chain.becomeOnlyWriter();
        var head = chain.head();
        long sequence = head.map(JdbcAuditChain.Link::sequence).orElse(0L);
        byte[] hash = head.map(JdbcAuditChain.Link::hash).orElse(ChainedRow.GENESIS);
        var links = new ArrayList<JdbcAuditChain.Link>();
        var checkpoints = new ArrayList<Checkpoint>();
        var last = chain.lastCheckpoint();
        long signedUpTo = last.map(Checkpoint::sequence).orElse(0L);
        Instant signedAt = last.map(Checkpoint::signedAt).orElse(Instant.EPOCH);
        Instant now = clock.instant();
        for (ChainedRow row : chain.unchained(MOST_IN_A_BATCH)) {
            hash = row.hashAfter(hash);
            sequence++;
            links.add(new JdbcAuditChain.Link(sequence, row.id(), hash, row));
            if (sequence - signedUpTo >= settings.checkpointRows()) {
                checkpoints.add(Checkpoint.sign(key, sequence, hash, now));
                signedUpTo = sequence;
                signedAt = now;
            }
        }
        if (sequence > signedUpTo && Duration.between(signedAt, now).compareTo(settings.checkpointAge()) >= 0) {
            checkpoints.add(Checkpoint.sign(key, sequence, hash, now));
        }
        if (!links.isEmpty()) {
            chain.append(links);
        }
        checkpoints.forEach(chain::add);
        return new Batch(links.size(), checkpoints);
    }
}
