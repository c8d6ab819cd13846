package health.throughline.channel;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is known after an attempt; the evidence table of the reliability rules. Every reason can be read by a coordinator. */
public sealed interface SendOutcome {

    /** The provider took it under this id. */
    record Accepted(String providerId) implements SendOutcome {}

    /**
     * Certainly not sent, and may be tried again: before the first byte, or refused for rate.
     *
     * @param ofAll it says nothing about this message: the provider is not reached, asks for patience, or refuses us (our credentials, our
     *     account). No try of the message's is used up: it waits until that is mended, for as long as it would still be true
     */
    record Retry(@Nullable Duration after, String code, String reason, boolean ofAll) implements SendOutcome {
        public Retry(@Nullable Duration after, String code, String reason) {
            this(after, code, reason, false);
        }

        public static Retry ofAll(String code, String reason) {
            return new Retry(null, code, reason, true);
        }
    }

    /** Certainly not sent, and not to be tried again the same way. */
    record Rejected(Then then, String code, String reason) implements SendOutcome {}

    /** Nobody knows whether it was sent. Never a blind retry. */
    record Unknown(String code, String reason) implements SendOutcome {}

    /** What a rejection asks for. */
    enum Then {
        /** The message is wrong or not wanted anywhere. */
        GIVE_UP,
        /** This address cannot be reached on this channel. */
        NEXT_CHANNEL,
        /** This address exists no more: as {@link #NEXT_CHANNEL}, and nothing goes there again until somebody writes from it. */
        SUPPRESS_ADDRESS,
        /** The carrier knows an opt-out (Twilio 21610). */
        RECORD_OPT_OUT,
        /** The provider wants an approved template (63016). */
        NEEDS_TEMPLATE
    }
}
