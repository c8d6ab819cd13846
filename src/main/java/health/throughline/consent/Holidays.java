package health.throughline.consent;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Days on which no office answers the phone (K11); the content of {@code rules/holidays}. */
record Holidays(List<Holiday> days) {

    /**
     * A day of the year, or the nth weekday of a month (-1 the last).
     *
     * @param day none where it is a weekday
     */
    record Holiday(
            String name,
            int month,
            @Nullable Integer day,
            @Nullable DayOfWeek weekday,
            @Nullable Integer nth) {

        Holiday {
            if ((day == null) == (weekday == null || nth == null)) {
                throw new IllegalArgumentException(name + " is a day of a month, or the nth weekday of one");
            }
        }

        /** The day it is kept: one on a weekend moves to the nearest weekday. */
        LocalDate in(int year) {
            if (day == null) {
                return LocalDate.of(year, month, 1)
                        .with(TemporalAdjusters.dayOfWeekInMonth(
                                java.util.Objects.requireNonNull(nth), java.util.Objects.requireNonNull(weekday)));
            }
            LocalDate date = LocalDate.of(year, month, day);
            return switch (date.getDayOfWeek()) {
                case SATURDAY -> date.minusDays(1);
                case SUNDAY -> date.plusDays(1);
                default -> date;
            };
        }
    }

    /** New Year's Day of the next year may be kept on the last day of this one. */
    boolean on(LocalDate date) {
        return days.stream()
                .anyMatch(holiday -> holiday.in(date.getYear()).equals(date)
                        || holiday.in(date.getYear() + 1).equals(date));
    }
}
