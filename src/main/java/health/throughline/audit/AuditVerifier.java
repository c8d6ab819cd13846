package health.throughline.audit;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Walks the whole chain and tells whether anything was changed behind the product's back. Must see every row: call it as the system. */
public interface AuditVerifier {

    Verification verify();

    /**
     * @param chained rows found in order, up to the first break
     * @param unchained rows that still wait for the sequencer, so are not protected yet
     * @param checkpoints signed checkpoints that agreed with the chain
     * @param broken the first break; nothing after it can be trusted
     */
    record Verification(
            long chained,
            long unchained,
            long checkpoints,
            @Nullable Break broken) {

        public boolean intact() {
            return broken == null;
        }

        public String sentence() {
            return broken == null
                    ? "The audit is intact: %d rows chained, %d checkpoints agree, %d rows wait to be chained."
                            .formatted(chained, checkpoints, unchained)
                    : broken.sentence()
                            + " Before it %d rows are in order; %d rows wait to be chained."
                                    .formatted(chained, unchained);
        }
    }

    /** @param sequence the place in the chain from which on it cannot be trusted; 0 where a row outside the chain is at fault */
    record Break(Kind kind, long sequence, @Nullable UUID auditId, String sentence) {}

    /** What was done to the audit. */
    enum Kind {
        EDITED,
        DELETED,
        REORDERED,
        CUT,
        INSERTED,
        FORGED_CHECKPOINT
    }
}
