package health.throughline.simulator;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A mail in a patient's mailbox, or one that the patient wrote.
 *
 * @param address the patient's
 * @param replyTo whom an answer goes to
 * @param unsubscribe where the mail program's own "unsubscribe" posts to
 */
record SimulatedMail(
        String id,
        String address,
        boolean fromPatient,
        String subject,
        String text,
        String html,
        Instant at,
        @Nullable String messageId,
        @Nullable String replyTo,
        @Nullable String unsubscribe,
        List<Attached> attached,
        String source) {

    /** A file that came with it. */
    record Attached(String name, String type, byte[] content) {}
}
