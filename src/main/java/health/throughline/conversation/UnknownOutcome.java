package health.throughline.conversation;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Published synchronously when nobody can say whether a message went out and the rule gives it to a person. */
public record UnknownOutcome(
        UUID message, UUID patient, UUID orgUnit, @Nullable UUID journeyInstance, String sentence) {}
