package health.throughline.channel;

import java.util.Optional;
import java.util.UUID;

/** Whose coordinators see what visitors of a site write, by the unit the site is set to. Implemented by {@code selfservice}. */
public interface ChatUnits {

    /** None where the site is set to no unit: then those see it whose unit is the whole system. @param site its origin */
    Optional<UUID> of(String site);
}
