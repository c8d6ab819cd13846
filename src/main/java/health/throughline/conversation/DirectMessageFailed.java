package health.throughline.conversation;

import health.throughline.channel.Channel;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Published synchronously when a message that no journey sent came to an end without reaching anybody.
 *
 * @param intent under which it was said: whoever said it knows it by that
 * @param patient none where it was to somebody who is no patient, or whom nobody knows
 * @param author who of us said it; the product's own name where nobody did
 */
public record DirectMessageFailed(
        UUID message,
        String intent,
        @Nullable UUID patient,
        UUID orgUnit,
        Channel channel,
        String author,
        String reason,
        String sentence) {

    /** How the intents of what is said without a journey begin, where nobody but a person can say it another way. */
    public static final String BY_A_PERSON = "person:";

    public static final String ASKS_WHICH = "which:";
    public static final String ASKS_ABOUT_THE_VISIT = "cancel-asked:";
}
