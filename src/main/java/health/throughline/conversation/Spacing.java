package health.throughline.conversation;

import health.throughline.conversation.JdbcDispatch.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Keeps what different journeys say to one patient, or at one phone, some hours apart, the more important first: care before operational
 * before billing before marketing, and in each what is bound to a time before what is not. What is urgent, an answer, or said by a person
 * is never kept. Care that would be lost goes all the same; so does what nothing more important crowded out.
 */
@Component
class Spacing {

    private static final String CARE = "care";

    private final JdbcTogether together;
    private final ConversationSettings settings;

    Spacing(JdbcTogether together, ConversationSettings settings) {
        this.together = together;
        this.settings = settings;
    }

    /** @param until none where it is not to be said at all */
    record Room(@Nullable Instant until, String reason, String sentence) {}

    /** None where it may go now. */
    Optional<Room> of(Row row, Instant now) {
        if (!row.automated() || row.patient() == null || row.journeyInstance() == null) {
            return Optional.empty();
        }
        Duration apart = settings.apart();
        Optional<JdbcTogether.Neighbour> said = together.saidSince(row, now.minus(apart));
        Optional<Instant> before = together.moreImportantBefore(row, now, now.plus(apart));
        Instant free = said.map(neighbour -> neighbour.at().plus(apart)).orElse(now);
        if (before.isPresent() && before.get().plus(apart).isAfter(free)) {
            free = before.get().plus(apart);
        }
        if (!free.isAfter(now)) {
            return Optional.empty();
        }
        if (free.isBefore(row.expiresAt())) {
            return Optional.of(new Room(free, "A6.apart", waits(before.isPresent())));
        }
        boolean outranked =
                before.isPresent() || said.map(JdbcTogether.Neighbour::highest).orElse(false);
        return row.purpose().equals(CARE) || !outranked
                ? Optional.empty()
                : Optional.of(new Room(
                        null,
                        "A6.crowded-out",
                        "Something more important is said to this patient or at this number, and " + hours()
                                + " later it would no longer be true."));
    }

    private String waits(boolean gaveWay) {
        return gaveWay
                ? "Gives way to something more important that is to be said first: messages of different departments are "
                        + hours() + " apart."
                : "Waits, because this patient or this number was written to for something else: messages of different departments are "
                        + hours() + " apart.";
    }

    private String hours() {
        return settings.apart().toHours() + " hours";
    }
}
