package health.throughline.conversation;

import health.throughline.conversation.Conversations.Origin;

/** Whether what a journey speaks of is for the patient alone (K13). Implemented by {@code journey}. */
public interface Sensitivity {

    boolean isSensitive(Origin origin);
}
