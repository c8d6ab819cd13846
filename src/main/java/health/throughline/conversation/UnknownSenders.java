package health.throughline.conversation;

import health.throughline.patient.AddressId;
import health.throughline.patient.PatientId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Messages from numbers of which it is not known whose they are: no patient has the number, or several share it and nothing was asked
 * there. Joins the caller's transaction; row-level security decides which of them the caller sees.
 */
public interface UnknownSenders {

    /** Those with messages that wait for a person, the newest first. @param after the last of the former page */
    List<Sender> waiting(@Nullable Cursor after, int limit);

    /** Their messages without a patient and our answers to them, the newest first; none where there are none the caller may see. */
    List<Line> messages(AddressId sender, int limit);

    /**
     * A person found out who writes there. Where nobody had the number it becomes one of the patient's, and what waits is read anew as
     * theirs; where several share it, what waits is this patient's.
     */
    void link(AddressId sender, PatientId patient, String by);

    /** What waits is nobody's: settled. A later message comes up again. */
    void nobodys(AddressId sender, String by);

    /**
     * Answers them where they wrote, while nobody knows who they are: as it may go to whoever asked just now, never with more.
     *
     * @param key of this message: it is said once
     * @throws IllegalStateException saying why it cannot be said
     */
    UUID answer(AddressId sender, String text, String by, String key);

    record Cursor(Instant at, UUID sender) {}

    record Sender(AddressId id, Instant lastAt, int waiting) {}

    /**
     * @param waits for a person
     * @param by who of us said it; none for what they wrote
     */
    record Line(
            UUID id,
            Instant at,
            String text,
            boolean waits,
            @Nullable String by,
            List<Attachment> attachments) {}

    /** Published synchronously: these inbound messages need no person as an unknown's any more. */
    record Settled(AddressId sender, List<UUID> inbounds, String how, String by) {}
}
