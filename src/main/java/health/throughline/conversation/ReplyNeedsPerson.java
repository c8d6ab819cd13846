package health.throughline.conversation;

import health.throughline.patient.AddressId;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Published synchronously, in the transaction that hands an inbound message to a person: no question was open, nobody waited, it was
 * unclear, or somebody may be in danger.
 *
 * @param from where it came from
 * @param patient none for an unknown sender
 * @param reason code, for example {@code red-flag}, {@code no-open-question}, {@code unknown-sender}, {@code shared-number}
 */
public record ReplyNeedsPerson(
        UUID inbound,
        AddressId from,
        @Nullable UUID patient,
        @Nullable UUID orgUnit,
        @Nullable UUID journeyInstance,
        String reason,
        String meaning,
        @Nullable String language,
        boolean urgent,
        String sentence) {

    /** Nothing proves that it comes from whom it names. */
    public static final String UNPROVEN_SENDER = "unproven-sender";

    /** It reads like a machine's, or is one of too many. */
    public static final String MAY_BE_AUTOMATIC = "may-be-automatic";

    private static final Set<String> WRITTEN_BY_ANYBODY = Set.of(UNPROVEN_SENDER, MAY_BE_AUTOMATIC);

    /** Whether anybody, or a machine, can write as many of them as they like: then one task takes them all. */
    public boolean mayBeOneOfMany() {
        return !urgent && WRITTEN_BY_ANYBODY.contains(reason);
    }

    /** The reason where a person talks with the patient already. */
    public static final String TAKEN_OVER = "taken-over";

    /** The reason where somebody has to look at what was sent. */
    public static final String PICTURE = "picture";
}
