package health.throughline.channel;

import java.time.Instant;
import java.util.Optional;

/**
 * Where webhooks hand over what came from outside, its signature checked. Returns once the row is durable; the work happens after.
 * Repeats change nothing.
 */
public interface ChannelInbox {

    /** Stores the message once; exact STOP and START words reach the consent ledger in the same transaction. */
    void received(InboundMessage message);

    /** Stores the receipt once and moves the message's state where the report ranks higher. */
    void reported(DeliveryReport report);

    /** Where the attempt went; none where we made no such attempt. */
    default Optional<Address> addressOf(AttemptId attempt) {
        return Optional.empty();
    }

    /** Whether a patient, or who stands for one, is reached at that address. */
    default boolean reaches(Address address) {
        return true;
    }

    /**
     * How many agreements stand on record of those reached where the attempt went: a refusal repeated after a new one is a new refusal.
     */
    default int agreements(AttemptId attempt) {
        return 0;
    }

    /** The message was opened or followed: noted once, and a proof that it arrived. */
    default void engaged(Engagement engagement) {}

    /**
     * What was sent there came back for good: nothing goes to the address of that attempt on its channel until somebody writes from it.
     *
     * @param evidence a code, never the words of a server
     */
    default void unreachable(AttemptId attempt, String evidence, Instant at) {}
}
