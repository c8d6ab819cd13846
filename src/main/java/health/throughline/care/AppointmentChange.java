package health.throughline.care;

import health.throughline.care.Appointment.Status;
import health.throughline.care.AppointmentChanged.Kind;
import health.throughline.care.Appointments.AppointmentRecord;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a new version of an appointment means to the patient. Pure. */
final class AppointmentChange {

    private AppointmentChange() {}

    /** Of an appointment never heard of before: nothing where it is already over or was never certain. */
    static @Nullable Kind ofNew(Status status) {
        return switch (status) {
            case BOOKED -> Kind.BOOKED;
            case ARRIVED, CHECKED_IN -> Kind.ARRIVED;
            case PROPOSED, PENDING, WAITLIST, FULFILLED, CANCELLED, NOSHOW, ENTERED_IN_ERROR -> null;
        };
    }

    /** Of a later version of a known one. */
    static @Nullable Kind between(Appointment before, AppointmentRecord after) {
        return switch (after.status()) {
            case ENTERED_IN_ERROR -> before.status() == Status.ENTERED_IN_ERROR ? null : Kind.REMOVED;
            case CANCELLED -> before.status() == Status.CANCELLED ? null : Kind.CANCELLED;
            case NOSHOW -> before.status() == Status.NOSHOW ? null : Kind.NO_SHOW;
            case FULFILLED -> before.status() == Status.FULFILLED ? null : Kind.ENDED;
            case ARRIVED, CHECKED_IN -> isHere(before.status()) ? null : Kind.ARRIVED;
            case BOOKED -> before.status() == Status.BOOKED ? details(before, after) : Kind.BOOKED;
            case PROPOSED, PENDING, WAITLIST -> details(before, after);
        };
    }

    /** Whether the versions say the same about everything that is stored. */
    static boolean same(Appointment before, AppointmentRecord after) {
        return before.status() == after.status()
                && details(before, after) == null
                && before.patient().equals(after.patient())
                && before.zone().equals(after.zone())
                && Objects.equals(before.endAt(), after.endAt());
    }

    private static boolean isHere(Status status) {
        return status == Status.ARRIVED || status == Status.CHECKED_IN;
    }

    private static @Nullable Kind details(Appointment before, AppointmentRecord after) {
        if (!Objects.equals(before.startAt(), after.startAt())
                || !Objects.equals(before.startLocal(), after.startLocal())) {
            return Kind.MOVED;
        }
        boolean elsewhere = !Objects.equals(before.location(), after.location())
                || !before.orgUnit().equals(after.orgUnit())
                || !Objects.equals(before.visitType(), after.visitType())
                || before.sensitive() != after.sensitive();
        return elsewhere ? Kind.CHANGED : null;
    }
}
