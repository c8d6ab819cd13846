package health.throughline.consent;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a number may have changed hands (K9); the content of {@code rules/reassigned}.
 *
 * @param confirmedFor how long a number counts as theirs after they were last heard of there
 * @param answerHolds how long an answer of the look-up counts
 * @param askAgainAfter a message that needs an answer looks again after that long
 * @param yesStands a yes holds until the number is given again; none in versions before 2026.2, when it held like every answer
 */
record Reassigned(
        Duration confirmedFor,
        Duration answerHolds,
        Duration askAgainAfter,
        @Nullable Boolean yesStands) {

    boolean stands(SendFacts.Number number) {
        Instant asked = number.askedAt();
        return Boolean.TRUE.equals(yesStands)
                && "yes".equals(number.answer())
                && asked != null
                && asked.isAfter(number.confirmedAt());
    }
}
