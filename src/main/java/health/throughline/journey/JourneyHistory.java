package health.throughline.journey;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A patient's ways through journeys, for the timeline. */
public interface JourneyHistory {

    /** Newest first, at most 100. */
    List<Way> of(UUID patient);

    /** @param outcome how it ended, as a code; none while it runs */
    record Way(
            UUID id,
            String journey,
            String title,
            String state,
            @Nullable String outcome,
            String startedBy,
            Instant startedAt,
            @Nullable Instant endedAt) {}
}
