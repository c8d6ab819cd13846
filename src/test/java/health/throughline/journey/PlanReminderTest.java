package health.throughline.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanReminderTest {

    private static final ZoneId DENVER = ZoneId.of("America/Denver");

    private static Instant at(String local) {
        return LocalDateTime.parse(local).atZone(DENVER).toInstant();
    }

    private static Optional<String> next(String ladder, String visit, String now, int sent) {
        return PlanReminder.next(ladder, at(visit), DENVER, at(now), sent)
                .map(due -> due.atZone(DENVER).toLocalDateTime().toString());
    }

    @ParameterizedTest
    @CsvSource({
        "'7,2',    2026-06-01T09:00, 2026-06-23T10:00, 0",
        "'7,2,call', 2026-06-24T10:30, 2026-06-28T10:00, 1",
        "'2,7',    2026-06-01T09:00, 2026-06-23T10:00, 0",
        "'7, 2',   2026-06-24T10:30, 2026-06-28T10:00, 1",
        "'10,5,2', 2026-06-22T08:00, 2026-06-25T10:00, 1",
        "'10,5,2', 2026-06-25T10:00, 2026-06-28T10:00, 2",
        "'1',      2026-06-28T08:00, 2026-06-29T10:00, 0"
    })
    void takesTheNextRungAtTenByTheClinicsClock(String ladder, String now, String due, int sent) {
        assertThat(next(ladder, "2026-06-30T15:00", now, sent)).contains(due);
    }

    @Test
    void skipsRungsThatWentByBeforeTheVisitWasBooked() {
        assertThat(next("10,5,2", "2026-06-30T15:00", "2026-06-26T09:00", 0)).contains("2026-06-28T10:00");
    }

    @Test
    void remindsAtOnceWhenEveryRungWentBy() {
        assertThat(next("1", "2026-06-30T09:00", "2026-06-29T16:00", 0)).contains("2026-06-29T16:00");
    }

    @Test
    void asksASecondTimeAfterSilenceAndNoThird() {
        assertThat(next("1", "2026-06-30T15:00", "2026-06-29T20:00", 1)).contains("2026-06-29T20:00");
        assertThat(next("1", "2026-06-30T15:00", "2026-06-30T08:00", 2)).isEmpty();
        assertThat(next("7,2", "2026-06-30T15:00", "2026-06-29T10:00", 2)).isEmpty();
        assertThat(next("7,2,call", "2026-06-30T15:00", "2026-06-29T10:00", 2)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2026-06-30T13:00", "2026-06-30T14:30", "2026-06-30T15:00", "2026-07-01T09:00"})
    void remindsNobodyWithinTwoHoursOfTheVisit(String now) {
        assertThat(next("7,2", "2026-06-30T15:00", now, 0)).isEmpty();
        assertThat(next("7,2", "2026-06-30T15:00", now, 1)).isEmpty();
    }

    @Test
    void leavesOutARungThatWouldFallWithinTwoHours() {
        assertThat(next("0", "2026-06-30T11:00", "2026-06-29T12:00", 2)).isEmpty();
        assertThat(next("0", "2026-06-30T15:00", "2026-06-29T12:00", 0)).contains("2026-06-30T10:00");
    }

    @ParameterizedTest
    @CsvSource({
        // clocks go forward on 8 March 2026 and back on 1 November 2026, at two in the morning
        "2026-03-08T15:00, 2026-03-01T09:00, 2026-03-07T10:00, 2026-03-07T17:00:00Z",
        "2026-03-09T15:00, 2026-03-01T09:00, 2026-03-08T10:00, 2026-03-08T16:00:00Z",
        "2026-11-01T15:00, 2026-10-25T09:00, 2026-10-31T10:00, 2026-10-31T16:00:00Z",
        "2026-11-02T15:00, 2026-10-25T09:00, 2026-11-01T10:00, 2026-11-01T17:00:00Z"
    })
    void keepsTenOClockWhenClocksChange(String visit, String now, String local, Instant instant) {
        assertThat(next("1", visit, now, 0)).contains(local);
        assertThat(at(local)).isEqualTo(instant);
    }

    @Test
    void countsDaysByTheClinicsCalendar() {
        // 23:30 in Denver is the next day in UTC
        assertThat(next("1", "2026-06-30T23:30", "2026-06-01T09:00", 0)).contains("2026-06-29T10:00");
    }

    @ParameterizedTest
    @CsvSource({"P10D, PT24H", "PT73H, PT24H", "PT72H, PT24H", "PT30H, PT10H", "PT6H, PT2H", "PT2H, PT1H", "PT1M, PT1H"
    })
    void givesADayToAnswerOrAThirdOfWhatIsLeft(Duration left, Duration wait) {
        Instant visit = at("2026-06-30T15:00");
        assertThat(PlanReminder.replyWait(visit.minus(left), visit)).isEqualTo(wait);
    }
}
