package health.throughline.channel;

/**
 * Where webhooks hand over what came from outside, its signature checked. Returns once the row is durable; the work happens after.
 * Repeats change nothing.
 */
public interface ChannelInbox {

    /** Stores the message once; exact STOP and START words reach the consent ledger in the same transaction. */
    void received(InboundMessage message);

    /** Stores the receipt once and moves the message's state where the report ranks higher. */
    void reported(DeliveryReport report);
}
