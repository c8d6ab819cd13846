package health.throughline.local;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The machine's clock, moved forward as far as somebody asked. It never goes back. */
class MovableClock extends Clock {

    private Duration offset = Duration.ZERO;

    synchronized Duration forward(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException(
                    "forward: the clock only moves forward; give a positive ISO-8601 duration such as PT12H");
        }
        offset = offset.plus(by);
        return offset;
    }

    synchronized Duration offset() {
        return offset;
    }

    @Override
    public Instant instant() {
        return Instant.now().plus(offset());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return zone.equals(ZoneOffset.UTC) ? this : Clock.offset(Clock.system(zone), offset());
    }
}
