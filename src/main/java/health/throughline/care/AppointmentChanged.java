package health.throughline.care;

/** Published synchronously in the transaction that stores the change; {@code journey} starts and ends journeys by it. */
public record AppointmentChanged(Appointment appointment, Kind kind) {

    /** What a patient would notice. */
    public enum Kind {
        BOOKED,
        MOVED,
        CHANGED,
        CANCELLED,
        ARRIVED,
        ENDED,
        NO_SHOW,
        REMOVED
    }
}
