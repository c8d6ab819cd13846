package health.throughline.organization;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The stop button (F7). A hold in force keeps every send it covers from starting. */
public interface Holds {

    /**
     * Asked in the transaction that is about to start an attempt: the hold that keeps it back, if any. From here to the end of the
     * transaction no hold is committed, so that what starts has started before any hold that covers it, and nothing starts after.
     */
    Optional<Placed> keepingBack(Sending sending);

    /** The holds in force that cover it, as committed when asked; keeps nobody waiting, so the answer may be old when it comes. */
    List<Placed> covering(Sending sending);

    /**
     * Waits for every attempt that is just starting, then keeps all others back from the commit on. Publishes {@link HoldPlaced}.
     *
     * @param value id of a unit, key of a journey, code of a channel; nothing for the system
     * @param until none: until somebody lifts it
     */
    Placed place(OrgUnitId owner, Scope scope, String value, String reason, @Nullable Instant until);

    /** Publishes {@link HoldLifted}. @return false where it was lifted already */
    boolean lift(UUID hold, @Nullable String reason);

    Optional<Placed> find(UUID hold);

    /** In force now, the oldest first. */
    List<Placed> inForce();

    /** In force or over, the newest first. */
    List<Placed> latest(int limit);

    /**
     * What is about to be sent.
     *
     * @param journey key of the journey that speaks
     * @param channel lower-case name of the channel
     * @param location where the visit is that it speaks of
     */
    record Sending(
            OrgUnitId unit,
            @Nullable String journey,
            String channel,
            @Nullable OrgUnitId location) {}

    /**
     * @param owner it covers what is sent for this unit and those below
     * @param place name of the unit or location on hold
     */
    record Placed(
            UUID id,
            OrgUnitId owner,
            Scope scope,
            String value,
            @Nullable String place,
            String reason,
            String placedBy,
            Instant placedAt,
            @Nullable Instant until,
            @Nullable Instant liftedAt,
            @Nullable String liftedBy,
            @Nullable String liftReason) {

        /** Who stopped what and why, for a coordinator. */
        public String sentence() {
            return what() + " is on hold, placed by " + placedBy + ": " + reason;
        }

        public String what() {
            return switch (scope) {
                case SYSTEM -> "Everything";
                case JOURNEY -> "Journey " + value;
                case CHANNEL -> "Channel " + value;
                case ORG_UNIT, LOCATION -> place == null ? value : place;
            };
        }
    }

    /** What a hold can name. */
    enum Scope {
        SYSTEM,
        ORG_UNIT,
        JOURNEY,
        CHANNEL,
        LOCATION;

        /** As written in the database and in the API. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Published synchronously in the transaction that places it. */
    record HoldPlaced(UUID hold) {}

    /** Published synchronously in the transaction that lifts it. */
    record HoldLifted(UUID hold) {}
}
