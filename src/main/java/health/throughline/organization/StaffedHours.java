package health.throughline.organization;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * When a queue has somebody at work, by the clock on its wall. Without any hours it is staffed around the clock. Pure.
 *
 * @param days the spans of each weekday, in order, not overlapping
 * @param closures days without any
 */
public record StaffedHours(ZoneId zone, Map<DayOfWeek, List<Span>> days, Set<LocalDate> closures) {

    /** Nobody waits longer than this for a queue that is closed for good. */
    private static final int MOST_DAYS = 400;

    /** From an hour to an hour of one day; {@code to} midnight is the end of the day. */
    public record Span(LocalTime from, LocalTime to) {}

    public StaffedHours {
        days = days.isEmpty() ? Map.of() : Map.copyOf(new EnumMap<>(days));
        closures = Set.copyOf(closures);
    }

    public static StaffedHours always(ZoneId zone) {
        return new StaffedHours(zone, Map.of(), Set.of());
    }

    /** The moment at which that much staffed time has gone by. An hour lost or won to a clock change counts as it passes. */
    public Instant after(Instant from, Duration work) {
        if (days.values().stream().allMatch(List::isEmpty)) {
            return from.plus(work);
        }
        Duration left = work;
        LocalDate first = from.atZone(zone).toLocalDate();
        for (int n = 0; n < MOST_DAYS; n++) {
            for (Span span : of(first.plusDays(n))) {
                Instant begins = begins(first.plusDays(n), span);
                Instant ends = ends(first.plusDays(n), span);
                Instant start = begins.isBefore(from) ? from : begins;
                if (!start.isBefore(ends)) {
                    continue;
                }
                Duration room = Duration.between(start, ends);
                if (left.compareTo(room) <= 0) {
                    return start.plus(left);
                }
                left = left.minus(room);
            }
        }
        return from.plus(work);
    }

    public boolean openAt(Instant moment) {
        if (days.values().stream().allMatch(List::isEmpty)) {
            return true;
        }
        LocalDate day = moment.atZone(zone).toLocalDate();
        return of(day).stream()
                .anyMatch(span -> !moment.isBefore(begins(day, span)) && moment.isBefore(ends(day, span)));
    }

    /** From when to when somebody is there, in order, of that many days; empty where it is always. */
    public List<Opening> openings(Instant from, int ahead) {
        LocalDate first = from.atZone(zone).toLocalDate();
        return Stream.iterate(first, day -> day.plusDays(1))
                .limit(ahead)
                .flatMap(day -> of(day).stream().map(span -> new Opening(begins(day, span), ends(day, span))))
                .filter(opening -> opening.to().isAfter(from))
                .toList();
    }

    /** Somebody is there from one moment until, not including, another. */
    public record Opening(Instant from, Instant to) {}

    private List<Span> of(LocalDate day) {
        return closures.contains(day) ? List.of() : days.getOrDefault(day.getDayOfWeek(), List.of());
    }

    private Instant begins(LocalDate day, Span span) {
        return day.atTime(span.from()).atZone(zone).toInstant();
    }

    private Instant ends(LocalDate day, Span span) {
        return (span.to().equals(LocalTime.MIDNIGHT)
                        ? day.plusDays(1).atStartOfDay(zone)
                        : day.atTime(span.to()).atZone(zone))
                .toInstant();
    }
}
