package health.throughline.journey;

import java.util.UUID;

/** Published synchronously when a step of a journey failed for good: a person takes over, nobody is stranded. */
public record JourneyStuck(UUID journeyInstance, UUID patient, UUID orgUnit, String activity) {}
