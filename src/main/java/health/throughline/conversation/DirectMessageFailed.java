package health.throughline.conversation;

import java.util.UUID;

/**
 * Published synchronously when a message that no journey sent came to an end without reaching anybody.
 *
 * @param intent under which it was said: whoever said it knows it by that
 */
public record DirectMessageFailed(UUID message, String intent, String reason, String sentence) {}
