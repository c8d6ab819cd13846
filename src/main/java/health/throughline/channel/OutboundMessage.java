package health.throughline.channel;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * One attempt, ready for the wire.
 *
 * @param sender the sender's value: an E.164 number, a messaging service's id, a mail address
 * @param body what is said, as plain text
 * @param parts what the channel's wording has besides, rendered, by name: an e-mail's {@code subject}
 * @param locale language the body is in, as a BCP 47 tag
 * @param validity after which the provider must let the message die in its queue (K17)
 * @param deadline the adapter writes no byte of the request at or after this instant of the machine's own clock: the lease that
 *     allows this attempt ends then, and another node may hold it
 */
public record OutboundMessage(
        AttemptId attempt,
        Address to,
        String sender,
        String body,
        Map<String, String> parts,
        String locale,
        Duration validity,
        Instant deadline) {}
