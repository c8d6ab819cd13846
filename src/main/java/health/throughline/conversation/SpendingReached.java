package health.throughline.conversation;

import java.time.LocalDate;
import java.util.UUID;

/** A unit's budget of the month is used up to that part; told once a month for each. */
public record SpendingReached(UUID unit, LocalDate month, int percent) {}
