package health.throughline.conversation;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Published synchronously, in the transaction in which a message came to an end without reaching anybody: refused by the provider,
 * undelivered, suppressed, expired or parked.
 *
 * @param reason code, for example {@code 30003}, {@code K3.opt-out}, {@code expired}
 * @param sentence what happened, for a coordinator
 * @param worthSaying whether a person should say it where no journey hears of this: it asks nothing, what it says still holds, and the
 *     patient has not refused it
 */
public record MessageFailed(
        UUID message,
        UUID patient,
        UUID orgUnit,
        @Nullable UUID journeyInstance,
        @Nullable String processInstance,
        String reason,
        String sentence,
        boolean worthSaying) {}
