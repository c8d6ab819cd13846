package health.throughline.channel;

import java.time.Duration;
import java.time.Instant;

/**
 * One attempt, ready for the wire.
 *
 * @param sender the sender's value: an E.164 number or a messaging service's id
 * @param validity after which the provider must let the message die in its queue (K17)
 * @param deadline the adapter writes no byte of the request at or after this instant of the machine's own clock: the lease that
 *     allows this attempt ends then, and another node may hold it
 */
public record OutboundMessage(
        AttemptId attempt, Address to, String sender, String body, Duration validity, Instant deadline) {}
