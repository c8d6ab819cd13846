package health.throughline.audit;

import health.throughline.audit.JdbcAuditChain.Link;
import health.throughline.encryption.KeyedHash;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Reads the chain in batches under one snapshot, so that the sequencer may go on meanwhile. */
@Component
class ChainVerifier implements AuditVerifier {

    private static final int BATCH = 5_000;

    private final JdbcAuditChain chain;
    private final CheckpointFile file;
    private final KeyedHash key;
    private final TransactionTemplate snapshot;

    ChainVerifier(JdbcAuditChain chain, CheckpointFile file, KeyedHash key, PlatformTransactionManager transactions) {
        this.chain = chain;
        this.file = file;
        this.key = key;
        this.snapshot = new TransactionTemplate(transactions);
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        snapshot.setReadOnly(true);
    }

    @Override
    public Verification verify() {
        // Read before the snapshot is taken: else a checkpoint signed in between would look like a cut tail.
        var kept = new ArrayDeque<>(file.all().stream()
                .sorted(Comparator.comparingLong(Checkpoint::sequence))
                .toList());
        return snapshot.execute(status -> verify(kept));
    }

    private Verification verify(Queue<Checkpoint> kept) {
        long unchained = chain.unchainedCount();
        var walk = new Walk(kept);
        Break broken = walk.toTheEnd();
        if (broken == null) {
            broken = outside();
        }
        return new Verification(walk.sequence, unchained, walk.agreed, broken);
    }

    private @Nullable Break outside() {
        var missing = chain.announcedButMissing();
        if (missing.isPresent()) {
            return new Break(
                    Kind.DELETED, 0, missing.get(), "A row was deleted before it was chained: " + missing.get() + ".");
        }
        return chain.neverChained()
                .map(id -> new Break(Kind.INSERTED, 0, id, "A row stands outside the chain: " + id + "."))
                .orElse(null);
    }

    /** One pass from the first link to the last. */
    private final class Walk {

        private final Queue<Checkpoint> kept;
        private final Queue<Checkpoint> stored = new ArrayDeque<>();
        private long storedUpTo;
        private long sequence;
        private long agreed;
        private byte[] hash = ChainedRow.GENESIS;

        Walk(Queue<Checkpoint> kept) {
            this.kept = kept;
        }

        @Nullable
        Break toTheEnd() {
            for (List<Link> links = next(); !links.isEmpty(); links = next()) {
                for (int n = 0; n < links.size(); n++) {
                    Break broken = step(links.get(n), links.subList(n, links.size()));
                    if (broken != null) {
                        return broken;
                    }
                }
            }
            refill();
            long signed = Math.max(
                    stored.stream().mapToLong(Checkpoint::sequence).max().orElse(0),
                    kept.stream().mapToLong(Checkpoint::sequence).max().orElse(0));
            return signed > sequence
                    ? new Break(
                            Kind.CUT,
                            sequence + 1,
                            null,
                            "The end was cut off: the chain stops at row %d, but row %d was signed."
                                    .formatted(sequence, signed))
                    : null;
        }

        private List<Link> next() {
            return chain.linksAfter(sequence, BATCH);
        }

        private @Nullable Break step(Link link, List<Link> rest) {
            long expected = sequence + 1;
            if (link.sequence() != expected) {
                return new Break(Kind.DELETED, expected, null, "Row %d of the chain was deleted.".formatted(expected));
            }
            ChainedRow row = link.row();
            if (row == null) {
                return new Break(
                        Kind.DELETED,
                        expected,
                        link.auditId(),
                        "Row %d (%s) was deleted.".formatted(expected, link.auditId()));
            }
            if (!Arrays.equals(row.hashAfter(hash), link.hash())) {
                boolean moved =
                        rest.stream().skip(1).anyMatch(other -> fits(other, link.hash()) || fits(other, other.hash()));
                return moved
                        ? new Break(
                                Kind.REORDERED,
                                expected,
                                row.id(),
                                "Row %d (%s) stands where another row stood.".formatted(expected, row.id()))
                        : new Break(
                                Kind.EDITED,
                                expected,
                                row.id(),
                                "Row %d (%s) was edited.".formatted(expected, row.id()));
            }
            hash = link.hash();
            sequence = expected;
            return checkpoints();
        }

        private boolean fits(Link other, byte[] expected) {
            return other.row() != null && Arrays.equals(other.row().hashAfter(hash), expected);
        }

        private @Nullable Break checkpoints() {
            refill();
            Break broken = compare(stored);
            return broken == null ? compare(kept) : broken;
        }

        private @Nullable Break compare(Queue<Checkpoint> signed) {
            for (Checkpoint next = signed.peek(); next != null && next.sequence() <= sequence; next = signed.peek()) {
                signed.remove();
                if (!next.isGenuine(key)) {
                    return new Break(
                            Kind.FORGED_CHECKPOINT,
                            next.sequence(),
                            null,
                            "The checkpoint at row %d was not signed with our key.".formatted(next.sequence()));
                }
                if (next.sequence() == sequence && !Arrays.equals(next.hash(), hash)) {
                    return new Break(
                            Kind.EDITED,
                            sequence,
                            null,
                            "The chain was rewritten at or before row %d: its signed checkpoint says otherwise."
                                    .formatted(sequence));
                }
                agreed++;
            }
            return null;
        }

        private void refill() {
            if (stored.isEmpty() && storedUpTo != Long.MAX_VALUE) {
                var more = chain.checkpointsAfter(storedUpTo, BATCH);
                stored.addAll(more);
                storedUpTo = more.isEmpty() ? Long.MAX_VALUE : more.getLast().sequence();
            }
        }
    }
}
