package health.throughline.care;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Whether the sources still speak: what a silent one said last may no longer be true. */
public interface Feeds {

    /** Since when the source has been silent, where that is longer than its limit. A source without a limit is never silent. */
    Optional<Instant> silentSince(String source);

    /** All that are. */
    List<String> silent();
}
