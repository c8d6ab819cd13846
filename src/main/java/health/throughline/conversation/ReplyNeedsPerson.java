package health.throughline.conversation;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Published synchronously, in the transaction that hands an inbound message to a person: no question was open, nobody waited, it was
 * unclear, or somebody may be in danger.
 *
 * @param patient none for an unknown sender
 * @param reason code, for example {@code red-flag}, {@code no-open-question}, {@code unknown-sender}, {@code shared-number}
 */
public record ReplyNeedsPerson(
        UUID inbound,
        @Nullable UUID patient,
        @Nullable UUID orgUnit,
        @Nullable UUID journeyInstance,
        String reason,
        String meaning,
        @Nullable String language,
        boolean urgent,
        String sentence) {

    /** The reason where a person talks with the patient already. */
    public static final String TAKEN_OVER = "taken-over";

    /** The reason where somebody has to look at what was sent. */
    public static final String PICTURE = "picture";
}
