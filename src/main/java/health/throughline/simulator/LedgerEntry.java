package health.throughline.simulator;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One request to create a message, as it was on the wire.
 *
 * @param at by the carrier's clock
 * @param status answered; 0 where the connection was closed without an answer
 * @param accepted whether the carrier took the message, whatever it answered
 * @param sid of the message taken
 */
public record LedgerEntry(
        Instant at,
        String to,
        @Nullable String from,
        String body,
        @Nullable String statusCallback,
        @Nullable Integer validityPeriod,
        int status,
        boolean accepted,
        @Nullable String sid) {}
