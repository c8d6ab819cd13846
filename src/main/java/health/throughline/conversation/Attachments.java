package health.throughline.conversation;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What patients sent besides words, opened. Joins the caller's transaction; row-level security decides whether the caller sees it. */
public interface Attachments {

    /** None where there is none that the caller may see. */
    Optional<Opened> open(UUID id);

    /**
     * @param patient none while nobody knows whose it is
     * @param content none while it is not kept here
     */
    record Opened(Attachment what, @Nullable UUID patient, byte @Nullable [] content) {}
}
