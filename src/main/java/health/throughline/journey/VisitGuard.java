package health.throughline.journey;

import health.throughline.care.Appointment;
import health.throughline.care.AppointmentId;
import health.throughline.care.Appointments;
import health.throughline.care.Encounters;
import health.throughline.conversation.SendGuard;
import health.throughline.patient.PatientId;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Says no to a message about a visit that is no longer as it says, in the transaction that would send it. */
@Component
class VisitGuard implements SendGuard {

    private final Appointments appointments;
    private final JdbcJourneys journeys;
    private final Encounters encounters;
    private final Clock clock;

    VisitGuard(Appointments appointments, JdbcJourneys journeys, Encounters encounters, Clock clock) {
        this.appointments = appointments;
        this.encounters = encounters;
        this.journeys = journeys;
        this.clock = clock;
    }

    @Override
    public Optional<Objection> objection(About about) {
        UUID journey = about.journeyInstance();
        if (journey != null
                && journeys.find(journey)
                        .filter(instance -> instance.state().equals("withdrawn"))
                        .isPresent()) {
            return objection("journey-withdrawn", "Its journey was withdrawn.");
        }
        if (encounters.inpatientNow(new PatientId(about.patient()))) {
            return objection("inpatient", "The patient is in hospital now.");
        }
        UUID subject = about.subject();
        if (subject == null || !EngineJourneys.APPOINTMENT.equals(about.subjectType())) {
            return Optional.empty();
        }
        Appointment visit = appointments.find(new AppointmentId(subject)).orElse(null);
        if (visit == null) {
            return objection("visit-unknown", "The visit is not known any more.");
        }
        if (visit.status() != Appointment.Status.BOOKED && visit.status() != Appointment.Status.PENDING) {
            return objection("visit-" + visit.status().code(), "The visit is no longer booked.");
        }
        Integer written = about.subjectRevision();
        if (written != null && visit.revision() != written && appointments.changedSince(visit.id(), written)) {
            return objection("visit-changed", "The visit was changed after this was written.");
        }
        if (visit.startAt() == null || !visit.startAt().isAfter(clock.instant())) {
            return objection("visit-past", "The visit is over or has begun.");
        }
        return Optional.empty();
    }

    private static Optional<Objection> objection(String reason, String sentence) {
        return Optional.of(new Objection(reason, sentence));
    }
}
