package health.throughline.conversation.template;

import java.util.Set;

/** What somebody else may see or hear before the patient does (K12): all but the body of an e-mail and what waits behind a sign-in. */
public final class Exposure {

    private static final Set<String> BEHIND_A_SIGN_IN = Set.of("portal", "chat");
    private static final String EMAIL = "email";
    private static final Set<String> SEEN_IN_A_MAILBOX = Set.of("subject", "preheader");

    private Exposure() {}

    public static boolean of(String channel, String part) {
        return !BEHIND_A_SIGN_IN.contains(channel) && (!channel.equals(EMAIL) || SEEN_IN_A_MAILBOX.contains(part));
    }
}
