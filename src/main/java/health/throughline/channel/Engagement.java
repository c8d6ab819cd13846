package health.throughline.channel;

import java.time.Instant;
import java.util.Locale;

/** What somebody did with a message without answering it. */
public record Engagement(String provider, String providerId, AttemptId attempt, Kind kind, Instant at) {

    /** By what the channel can see. */
    public enum Kind {
        /** Loaded what stands in it: probably read, though programs that fetch mail for their users load it as well. */
        OPENED,
        /** Followed a link of the message's. */
        CLICKED;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
