package health.throughline.channel;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a provider says became of an attempt; may come late, twice or out of order.
 *
 * @param attempt from the callback path, so a report proves acceptance even where the response was lost; none when only polled
 */
public record DeliveryReport(
        String provider,
        String providerId,
        @Nullable AttemptId attempt,
        Status status,
        @Nullable String errorCode,
        Instant receivedAt) {

    /** Ranked: a later one wins over an earlier one, a terminal one sticks. */
    public enum Status {
        ACCEPTED(1, false),
        QUEUED(2, false),
        SENDING(3, false),
        SENT(4, false),
        DELIVERED(6, true),
        READ(7, true),
        UNDELIVERED(5, true),
        FAILED(5, true);

        private final int rank;
        private final boolean terminal;

        Status(int rank, boolean terminal) {
            this.rank = rank;
            this.terminal = terminal;
        }

        public int rank() {
            return rank;
        }

        public boolean terminal() {
            return terminal;
        }

        public String code() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
