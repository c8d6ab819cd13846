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

    /** Ranked: one of a higher rank wins over one of a lower, whichever comes first. */
    public enum Status {
        ACCEPTED(1),
        QUEUED(2),
        SENDING(3),
        SENT(4),
        DELIVERED(6),
        READ(7),
        UNDELIVERED(5),
        FAILED(5);

        private final int rank;

        Status(int rank) {
            this.rank = rank;
        }

        public int rank() {
            return rank;
        }

        public String code() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
