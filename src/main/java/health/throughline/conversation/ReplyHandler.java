package health.throughline.conversation;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Takes an understood reply to whatever waits for it. Called in the transaction that marks the inbound message as handled. Implemented
 * by {@code journey}.
 */
public interface ReplyHandler {

    Handled handle(PatientReplied reply);

    /** @param processInstance kept on the message that asked */
    record PatientReplied(
            UUID inbound,
            UUID patient,
            UUID message,
            String question,
            ReplyReader.Meaning meaning,
            @Nullable UUID journeyInstance,
            @Nullable String processInstance) {}

    /** Whether somebody waited. */
    enum Handled {
        TAKEN,
        /** The journey runs but does not wait yet: try again. */
        NOT_YET,
        /** Nobody will ever wait for it: a person reads it. */
        NOBODY_WAITS
    }
}
