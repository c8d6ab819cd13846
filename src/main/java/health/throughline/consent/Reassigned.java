package health.throughline.consent;

import java.time.Duration;

/**
 * When a number may have changed hands (K9); the content of {@code rules/reassigned}.
 *
 * @param confirmedFor how long a number counts as theirs after they were last heard of there
 * @param answerHolds how long an answer of the look-up counts
 * @param askAgainAfter a message that needs an answer looks again after that long
 */
record Reassigned(Duration confirmedFor, Duration answerHolds, Duration askAgainAfter) {}
