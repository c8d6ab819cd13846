package health.throughline.consent;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * When automation may reach somebody (K10); the content of {@code rules/quiet-hours}.
 *
 * @param everywhere the hours no state widens
 * @param unknownZones where somebody may be of whom nothing is known
 */
record QuietHours(Week everywhere, List<String> unknownZones, Map<String, State> states) {

    private static final int DAYS_AHEAD = 14;

    /** @param hours none where the state has no hours of its own */
    record State(List<String> zones, @Nullable Week hours) {}

    /** Monday to Friday, Saturday, Sunday. */
    record Week(Window weekday, Window saturday, Window sunday) {
        Window on(DayOfWeek day) {
            return switch (day) {
                case SATURDAY -> saturday;
                case SUNDAY -> sunday;
                default -> weekday;
            };
        }
    }

    /** From {@code opens} up to, not including, {@code closes}. Empty where it closes before it opens. */
    record Window(LocalTime opens, LocalTime closes) {
        Window and(Window other) {
            return new Window(
                    opens.isAfter(other.opens) ? opens : other.opens,
                    closes.isBefore(other.closes) ? closes : other.closes);
        }

        boolean never() {
            return !opens.isBefore(closes);
        }
    }

    /** A place where the recipient may be, and the states whose hours may hold there. */
    record Place(ZoneId zone, List<String> states) {}

    /** Everywhere the recipient may be: where they live, and everywhere their number may mean. */
    List<Place> places(SendFacts.Whereabouts whereabouts) {
        Set<Place> places = new LinkedHashSet<>(home(whereabouts.zone(), known(whereabouts.state())));
        Area area = whereabouts.area();
        switch (area.kind()) {
            case NONE -> {}
            case KNOWN -> {
                String state = known(area.state());
                area.zones()
                        .forEach(zone ->
                                places.add(new Place(ZoneId.of(zone), state == null ? List.of() : List.of(state))));
            }
            case UNKNOWN -> places.addAll(anywhere());
        }
        return List.copyOf(places);
    }

    private List<Place> home(@Nullable String zone, @Nullable String state) {
        if (state != null) {
            List<String> zones = new ArrayList<>();
            if (zone != null) {
                zones.add(zone);
            }
            List<String> ofState = stateOf(state).zones();
            if (zone == null || !ofState.contains(zone)) {
                zones.addAll(ofState);
            }
            return zones.stream()
                    .map(z -> new Place(ZoneId.of(z), List.of(state)))
                    .toList();
        }
        return zone != null ? List.of(new Place(ZoneId.of(zone), statesIn(zone))) : anywhere();
    }

    private List<Place> anywhere() {
        return unknownZones.stream()
                .map(zone -> new Place(ZoneId.of(zone), strict(states.keySet())))
                .toList();
    }

    /** Every state that the zone reaches into; all of them for a zone that none is known by. */
    private List<String> statesIn(String zone) {
        Set<String> found = states.entrySet().stream()
                .filter(state -> state.getValue().zones().contains(zone))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        return strict(found.isEmpty() ? states.keySet() : found);
    }

    /** Those with hours of their own; the others make no difference. */
    private List<String> strict(Set<String> codes) {
        return codes.stream()
                .filter(code -> stateOf(code).hours() != null)
                .sorted()
                .toList();
    }

    private @Nullable String known(@Nullable String state) {
        return state != null && states.containsKey(state) ? state : null;
    }

    private State stateOf(String code) {
        State state = states.get(code);
        if (state == null) {
            throw new IllegalArgumentException("No state " + code + " in the quiet hours");
        }
        return state;
    }

    Window window(Place place, DayOfWeek day) {
        Window window = everywhere.on(day);
        for (String code : place.states()) {
            Week hours = stateOf(code).hours();
            if (hours != null) {
                window = window.and(hours.on(day));
            }
        }
        return window;
    }

    /** The first instant from {@code from} on at which every place is open; none where they never are together. */
    Optional<Instant> openFrom(Instant from, List<Place> places) {
        Instant horizon = from.plus(Duration.ofDays(DAYS_AHEAD));
        Instant candidate = from;
        while (candidate.isBefore(horizon)) {
            Instant next = candidate;
            for (Place place : places) {
                Optional<Instant> open = openFrom(candidate, place);
                if (open.isEmpty()) {
                    return Optional.empty();
                }
                next = open.get().isAfter(next) ? open.get() : next;
            }
            if (next.equals(candidate)) {
                return Optional.of(candidate);
            }
            candidate = next;
        }
        return Optional.empty();
    }

    private Optional<Instant> openFrom(Instant from, Place place) {
        LocalDate first = from.atZone(place.zone()).toLocalDate();
        for (int ahead = 0; ahead <= DAYS_AHEAD; ahead++) {
            LocalDate date = first.plusDays(ahead);
            Window window = window(place, date.getDayOfWeek());
            if (window.never()) {
                continue;
            }
            Instant opens = date.atTime(window.opens()).atZone(place.zone()).toInstant();
            Instant closes = date.atTime(window.closes()).atZone(place.zone()).toInstant();
            if (from.isBefore(closes)) {
                return Optional.of(from.isBefore(opens) ? opens : from);
            }
        }
        return Optional.empty();
    }
}
