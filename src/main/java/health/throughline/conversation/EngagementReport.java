package health.throughline.conversation;

import java.time.Instant;
import java.util.List;

/** What came of what was said, by channel. Reads only; whoever asks gets what they may see. */
public interface EngagementReport {

    /** From the first moment up to the second, every channel by which anything was said or heard, in alphabetical order. */
    List<OfChannel> of(Instant from, Instant to);

    /**
     * Counts messages, each once however often a thing happened to it; {@code replied} and {@code chose} count what came in.
     *
     * @param opened probably: mail programs fetch pictures by themselves, and many people never load them
     * @param chose by a key or a button
     */
    record OfChannel(
            String channel,
            long sent,
            long delivered,
            long read,
            long opened,
            long clicked,
            long replied,
            long chose,
            long undelivered,
            long notSent) {}
}
