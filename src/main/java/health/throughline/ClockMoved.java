package health.throughline;

import java.time.Duration;

/** Published when the clock of the local system was moved forward: whoever keeps a clock of their own moves it by as much. */
public record ClockMoved(Duration offset) {}
