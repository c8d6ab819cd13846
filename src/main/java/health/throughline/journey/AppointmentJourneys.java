package health.throughline.journey;

import health.throughline.care.Appointment;
import health.throughline.care.AppointmentChanged;
import health.throughline.care.Findings;
import health.throughline.care.VisitBegan;
import health.throughline.journey.JdbcJourneys.Instance;
import health.throughline.organization.Coverage;
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
    private final Coverage coverage;
    private final Findings findings;
    private final Clock clock;

    AppointmentJourneys(
            Journeys journeys,
            JdbcJourneys instances,
            Correlation correlation,
            Organization organization,
            Patients patients,
            Coverage coverage,
            Findings findings,
            Clock clock) {
        this.correlation = correlation;
        this.journeys = journeys;
        this.instances = instances;
        this.organization = organization;
        this.patients = patients;
        this.coverage = coverage;
        this.findings = findings;
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
        if (toCome
                && booked
                && !departmentIsOff(appointment)
                && mayBeContacted(appointment.patient())
                && isCovered(appointment)) {
            journeys.start(PRE_VISIT, appointment, "ehr");
        }
    }

    boolean hasJourney(Appointment visit) {
        return !instances
                .activeOf(EngineJourneys.APPOINTMENT, visit.id().value())
                .isEmpty();
    }

    /** Whether a text about the visit would reach the patient, as far as the department has come. */
    boolean reallySendsTo(Appointment visit) {
        return switch (organization.find(visit.orgUnit()).map(OrgUnit::phase).orElse(OrgUnit.Phase.OFF)) {
            case LIVE -> true;
            case ALLOW_LIST ->
                organization.allowed(visit.orgUnit()).contains(visit.patient().value());
            case OFF, SHADOW -> false;
        };
    }

    /** From where the visit stands now: what a journey only pretended to say was never said. */
    void beginAnew(Appointment visit, String reason) {
        withdraw(visit, reason);
        start(visit);
    }

    private boolean isCovered(Appointment appointment) {
        if (coverage.isCovered(appointment.orgUnit())) {
            return true;
        }
        findings.found(
                "no-coverage",
                true,
                appointment.orgUnit(),
                null,
                "OrgUnit/" + appointment.orgUnit(),
                "Nobody is on call for this unit, so no journey starts: a patient who wrote of danger at night would reach"
                        + " nobody. Name who is called under Queues.");
        return false;
    }

    boolean mayBeContacted(PatientId patient) {
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
