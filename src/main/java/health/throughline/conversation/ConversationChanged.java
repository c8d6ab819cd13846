package health.throughline.conversation;

import java.util.UUID;

/** Published synchronously when something was said, answered, or came to another state: for pages that are open. */
public record ConversationChanged(UUID patient) {}
