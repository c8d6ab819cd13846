package health.throughline.journey;

import java.util.UUID;

/**
 * A journey is withdrawn. Published in that transaction, while the journey's tasks are still there.
 *
 * @param reason a code; {@code stated} where somebody gave it in words
 */
public record JourneyWithdrawn(UUID journeyInstance, String reason) {}
