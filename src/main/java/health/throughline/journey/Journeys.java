package health.throughline.journey;

import health.throughline.care.Appointment;
import java.util.UUID;

/** Starts and ends patients' journeys. Joins the caller's transaction; the engine works in it too. */
public interface Journeys {

    /**
     * Starts the journey for the visit, unless one is already active for it.
     *
     * @return the instance, new or the one that was there
     */
    Started start(String key, Appointment appointment, String startedBy);

    /** Ends an active journey and keeps what it has not sent from going. Idempotent. */
    void withdraw(UUID journeyInstance, String reason);

    /** @param isNew false where one was active already */
    record Started(UUID id, boolean isNew) {}
}
