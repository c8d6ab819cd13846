package health.throughline.conversation;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What other modules know against a send that is about to start ("the visit was moved", "the patient is an inpatient"). Asked in the
 * transaction that starts the attempt; every bean of this type is asked.
 */
public interface SendGuard {

    Optional<Objection> objection(About about);

    record About(
            UUID patient,
            @Nullable UUID journeyInstance,
            @Nullable String subjectType,
            @Nullable UUID subject,
            @Nullable Integer subjectRevision) {}

    /** @param sentence why it must not go, for a coordinator */
    record Objection(String reason, String sentence) {}
}
