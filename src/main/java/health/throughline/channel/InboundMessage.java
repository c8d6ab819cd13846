package health.throughline.channel;

import java.time.Instant;

/**
 * Something a patient sent, its signature already checked.
 *
 * @param providerId unique at the provider for ever
 * @param to the sender id of ours that was written to (E.164 or service id)
 * @param raw what came over the wire, kept encrypted
 */
public record InboundMessage(
        String provider, String providerId, Address from, String to, String body, String raw, Instant receivedAt) {}
