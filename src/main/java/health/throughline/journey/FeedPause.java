package health.throughline.journey;

import health.throughline.care.Appointment;
import health.throughline.care.AppointmentId;
import health.throughline.care.Appointments;
import health.throughline.care.Feeds;
import health.throughline.conversation.SendGuard;
import health.throughline.conversation.SendPause;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Keeps what speaks of a visit waiting while the source of the visit is silent: it may have been moved or cancelled since. */
@Component
class FeedPause implements SendPause {

    static final String REASON = "source-silent";
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

    private final Appointments appointments;
    private final Feeds feeds;

    FeedPause(Appointments appointments, Feeds feeds) {
        this.appointments = appointments;
        this.feeds = feeds;
    }

    @Override
    public Optional<Pause> pause(UUID patient) {
        return Optional.empty();
    }

    @Override
    public Optional<Pause> pause(SendGuard.About about) {
        UUID subject = about.subject();
        if (subject == null || !EngineJourneys.APPOINTMENT.equals(about.subjectType())) {
            return Optional.empty();
        }
        return appointments
                .find(new AppointmentId(subject))
                .map(Appointment::source)
                .flatMap(feeds::silentSince)
                .map(since -> new Pause(REASON, LOOK_AGAIN));
    }
}
