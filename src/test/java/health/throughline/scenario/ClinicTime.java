package health.throughline.scenario;

import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/** The clock on the clinic's wall. It only goes forward, and only once everything that was due has happened. */
public final class ClinicTime {

    static final ZoneId ZONE = ZoneId.of("America/Denver");

    private final Clock clock;
    private final Api api;
    private final Runnable settle;

    ClinicTime(Clock clock, Api api, Runnable settle) {
        this.clock = clock;
        this.api = api;
        this.settle = settle;
    }

    public ZonedDateTime now() {
        return clock.instant().atZone(ZONE);
    }

    /** That many days from today, at that time. */
    public ZonedDateTime inDays(int days, int hour, int minute) {
        return now().toLocalDate().plusDays(days).atTime(hour, minute).atZone(ZONE);
    }

    public void nextDay(int hour, int minute) {
        goTo(inDays(1, hour, minute));
    }

    public void laterToday(int hour, int minute) {
        goTo(inDays(0, hour, minute));
    }

    public void on(LocalDate day, LocalTime time) {
        goTo(day.atTime(time).atZone(ZONE));
    }

    public void goTo(ZonedDateTime moment) {
        pass(Duration.between(clock.instant(), moment.toInstant()));
    }

    public void pass(Duration duration) {
        settle.run();
        api.post("/local/clock", "{\"forward\":\"" + duration + "\"}").good();
    }
}
