package health.throughline.journey;

import java.util.List;
import java.util.UUID;

/** The tasks that a journey gave to people. Implemented by {@code coordination}, which keeps them. */
public interface JourneyTasks {

    List<TaskOfJourney> of(UUID journeyInstance);

    record TaskOfJourney(UUID id, String title, String state) {}
}
