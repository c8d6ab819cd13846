package health.throughline.organization;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.organization.StaffedHours.Span;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StaffedHoursTest {

    private static final ZoneId DENVER = ZoneId.of("America/Denver");
    private static final LocalDate CHRISTMAS = LocalDate.of(2026, 12, 25);

    private final StaffedHours office =
            hours(DENVER, Set.of(CHRISTMAS), new Span(LocalTime.of(8, 0), LocalTime.of(17, 0)));

    @Test
    void countsWithinTheDay() {
        assertThat(office.after(at("2026-11-23T09:30"), Duration.ofHours(4))).isEqualTo(at("2026-11-23T13:30"));
    }

    @Test
    void beginsWhenTheQueueOpens() {
        assertThat(office.after(at("2026-11-23T02:00"), Duration.ofHours(4))).isEqualTo(at("2026-11-23T12:00"));
        assertThat(office.after(at("2026-11-23T20:00"), Duration.ofMinutes(5))).isEqualTo(at("2026-11-24T08:05"));
    }

    @Test
    void goesOnAfterTheNightAndTheWeekend() {
        assertThat(office.after(at("2026-11-23T16:00"), Duration.ofHours(2))).isEqualTo(at("2026-11-24T09:00"));
        assertThat(office.after(at("2026-11-20T16:00"), Duration.ofHours(2))).isEqualTo(at("2026-11-23T09:00"));
        assertThat(office.after(at("2026-11-23T13:00"), Duration.ofHours(4))).isEqualTo(at("2026-11-23T17:00"));
    }

    @Test
    void skipsClosures() {
        assertThat(office.after(at("2026-12-24T16:30"), Duration.ofHours(1))).isEqualTo(at("2026-12-28T08:30"));
        assertThat(office.openAt(at("2026-12-25T10:00"))).isFalse();
        assertThat(office.openAt(at("2026-12-24T16:59"))).isTrue();
        assertThat(office.openAt(at("2026-12-24T17:00"))).isFalse();
    }

    @Test
    void leavesOutLunch() {
        StaffedHours lunch = hours(
                DENVER,
                Set.of(),
                new Span(LocalTime.of(8, 0), LocalTime.of(12, 0)),
                new Span(LocalTime.of(13, 0), LocalTime.of(17, 0)));
        assertThat(lunch.after(at("2026-11-23T11:30"), Duration.ofHours(1))).isEqualTo(at("2026-11-23T13:30"));
    }

    @Test
    void countsTheHoursOfTheWallThroughBothClockChanges() {
        StaffedHours always =
                new StaffedHours(DENVER, everyDay(new Span(LocalTime.MIDNIGHT, LocalTime.MIDNIGHT)), Set.of());
        // the night of 8 March 2026 has 23 hours, that of 1 November 25
        assertThat(always.after(at("2026-03-08T00:00"), Duration.ofHours(23))).isEqualTo(at("2026-03-09T00:00"));
        assertThat(always.after(at("2026-11-01T00:00"), Duration.ofHours(25))).isEqualTo(at("2026-11-02T00:00"));
        StaffedHours nights =
                new StaffedHours(DENVER, everyDay(new Span(LocalTime.of(1, 0), LocalTime.of(5, 0))), Set.of());
        assertThat(nights.after(at("2026-03-08T00:30"), Duration.ofHours(3))).isEqualTo(at("2026-03-08T05:00"));
        assertThat(nights.after(at("2026-11-01T00:30"), Duration.ofHours(5))).isEqualTo(at("2026-11-01T05:00"));
    }

    @Test
    void isStaffedAroundTheClockWithoutHours() {
        Instant now = at("2026-11-21T02:00");
        assertThat(StaffedHours.always(DENVER).after(now, Duration.ofHours(4)))
                .isEqualTo(now.plus(Duration.ofHours(4)));
        assertThat(StaffedHours.always(DENVER).openAt(now)).isTrue();
    }

    @Test
    void neverWaitsForAQueueThatStaysClosed() {
        var closed = new StaffedHours(
                DENVER, Map.of(DayOfWeek.FRIDAY, List.of(new Span(LocalTime.of(8, 0), LocalTime.of(8, 1)))), Set.of());
        Instant now = at("2026-11-21T02:00");
        assertThat(closed.after(now, Duration.ofDays(2))).isEqualTo(now.plus(Duration.ofDays(2)));
    }

    private static StaffedHours hours(ZoneId zone, Set<LocalDate> closures, Span... spans) {
        var days = everyDay(spans);
        days.remove(DayOfWeek.SATURDAY);
        days.remove(DayOfWeek.SUNDAY);
        return new StaffedHours(zone, days, closures);
    }

    private static Map<DayOfWeek, List<Span>> everyDay(Span... spans) {
        var days = new EnumMap<DayOfWeek, List<Span>>(DayOfWeek.class);
        for (DayOfWeek day : DayOfWeek.values()) {
            days.put(day, List.of(spans));
        }
        return days;
    }

    private static Instant at(String local) {
        return LocalDateTime.parse(local).atZone(DENVER).toInstant();
    }
}
