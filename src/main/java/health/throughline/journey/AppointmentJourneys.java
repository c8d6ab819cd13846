package health.throughline.journey;

import health.throughline.care.Appointment;
import health.throughline.care.AppointmentChanged;
import health.throughline.care.VisitBegan;
import health.throughline.journey.JdbcJourneys.Instance;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.Organization;
import health.throughline.patient.PatientFeed;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.PatientStatus;
import health.throughline.patient.Patients;
import java.time.Clock;
import java.util.Locale;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Lets journeys follow their visits: booked starts one, moved starts anew, whatever ends the visit ends the journey. */
@Component
class AppointmentJourneys {

    static final String PRE_VISIT = "pre-visit";

    private final Journeys journeys;
    private final JdbcJourneys instances;
    private final Correlation correlation;
    private final Organization organization;
    private final Patients patients;
    private final Clock clock;

    AppointmentJourneys(
            Journeys journeys,
            JdbcJourneys instances,
            Correlation correlation,
            Organization organization,
            Patients patients,
            Clock clock) {
        this.correlation = correlation;
        this.journeys = journeys;
        this.instances = instances;
        this.organization = organization;
        this.patients = patients;
        this.clock = clock;
    }

    @EventListener
    void on(AppointmentChanged event) {
        Appointment appointment = event.appointment();
        switch (event.kind()) {
            case BOOKED -> start(appointment);
            case MOVED, CHANGED -> {
                withdraw(appointment, "visit-" + code(event));
                start(appointment);
            }
            case CANCELLED -> {
                if (appointment.answer() != Appointment.Answer.CANCEL_REQUESTED || !heardAsWished(appointment)) {
                    withdraw(appointment, "visit-cancelled");
                }
            }
            case ARRIVED, ENDED, NO_SHOW, REMOVED -> withdraw(appointment, "visit-" + code(event));
        }
    }

    private static String code(AppointmentChanged event) {
        return event.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @EventListener
    void on(VisitBegan event) {
        if (event.appointment() != null) {
            withdraw(event.appointment().value(), "visit-begun");
        }
    }

    @EventListener
    void on(PatientFeed.PatientDied event) {
        for (Instance instance : instances.activeOfPatient(event.patient().value())) {
            journeys.withdraw(instance.id(), "patient-died");
        }
    }

    private void start(Appointment appointment) {
        boolean toCome = appointment.startAt() != null && appointment.startAt().isAfter(clock.instant());
        boolean booked =
                appointment.status() == Appointment.Status.BOOKED || appointment.status() == Appointment.Status.PENDING;
        if (toCome && booked && !departmentIsOff(appointment) && mayBeContacted(appointment.patient())) {
            journeys.start(PRE_VISIT, appointment, "ehr");
        }
    }

    private boolean mayBeContacted(PatientId patient) {
        return patients.find(patient)
                .map(PatientProfile::status)
                .filter(status -> status == PatientStatus.ACTIVE || status == PatientStatus.TEST)
                .isPresent();
    }

    private boolean departmentIsOff(Appointment appointment) {
        return organization
                .find(appointment.orgUnit())
                .map(unit -> unit.phase() == OrgUnit.Phase.OFF)
                .orElse(true);
    }

    private boolean heardAsWished(Appointment appointment) {
        boolean heard = false;
        for (Instance instance :
                instances.activeOf(EngineJourneys.APPOINTMENT, appointment.id().value())) {
            heard |= correlation.cancelledAsWished(instance);
        }
        return heard;
    }

    private void withdraw(Appointment appointment, String reason) {
        withdraw(appointment.id().value(), reason);
    }

    private void withdraw(java.util.UUID appointment, String reason) {
        for (Instance instance : instances.activeOf(EngineJourneys.APPOINTMENT, appointment)) {
            journeys.withdraw(instance.id(), reason);
        }
    }
}
