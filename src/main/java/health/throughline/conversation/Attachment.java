package health.throughline.conversation;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A picture or a file that came with what a patient said.
 *
 * @param kind picture, sound, video or file
 * @param name as its sender called it; may be empty
 * @param type found out from its first bytes; none while it is not kept
 * @param state {@code to-fetch}, {@code kept} or {@code not-kept}
 * @param why one sentence where it was not kept
 */
public record Attachment(
        UUID id,
        String kind,
        String name,
        @Nullable String type,
        @Nullable Long bytes,
        String state,
        @Nullable String why) {}
