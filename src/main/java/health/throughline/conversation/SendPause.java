package health.throughline.conversation;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Why automation to a patient waits: a person talks with them. Asked in the transaction that starts an attempt, after the stop button and
 * before the guards; every bean of this type is asked. The message stays in the queue, and expires there as any other. Not asked about
 * what a person says, nor about what is urgent.
 */
public interface SendPause {

    Optional<Pause> pause(UUID patient);

    /** Where it depends on more than who is written to. */
    default Optional<Pause> pause(SendGuard.About about) {
        return pause(about.patient());
    }

    /**
     * @param reason code, kept with the message that waits and given to {@link Talk#goOn} when it may go
     * @param lookAgainAfter when to ask again, should nobody call {@link Talk#goOn}
     */
    record Pause(String reason, Duration lookAgainAfter) {}
}
