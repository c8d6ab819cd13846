package health.throughline.journey;

import java.util.Optional;

/** What journeys there are. */
public interface ReleasedJourneys {

    /** What staff call the journey; none where no journey of that key was released. */
    Optional<String> title(String key);
}
