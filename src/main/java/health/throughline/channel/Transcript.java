package health.throughline.channel;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was said to and by an address. A channel whose page is our own shows it from here and keeps no text itself: what has an attempt is
 * on the page, so an attempt that was started has arrived there. Implemented where messages are kept.
 */
public interface Transcript {

    /** The latest lines, the oldest of them first. */
    List<Line> of(Address address, int limit);

    /**
     * @param ours said by us, else from there
     * @param byPerson a person of ours wrote it, no journey and no rule
     * @param attempt by which it was brought; none for what came from there
     * @param read whether it was shown to them before
     */
    record Line(
            String id,
            Instant at,
            boolean ours,
            boolean byPerson,
            String text,
            @Nullable AttemptId attempt,
            boolean read) {}
}
