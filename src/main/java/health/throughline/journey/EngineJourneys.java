package health.throughline.journey;

import health.throughline.TimeOrderedId;
import health.throughline.audit.Audit;
import health.throughline.care.Appointment;
import health.throughline.care.Appointments;
import health.throughline.journey.JdbcJourneys.Instance;
import health.throughline.journey.JdbcJourneys.NewInstance;
import health.throughline.journey.JdbcJourneys.Released;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.UUID;
import java.util.regex.Pattern;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

@Service
class EngineJourneys implements Journeys {

    static final String WITHDRAWN_MESSAGE = "JourneyWithdrawn";
    static final String APPOINTMENT = "appointment";

    /** What a person wrote stays out of the audit. */
    private static final Pattern CODE = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

    private final RuntimeService runtime;
    private final JourneyBundles bundles;
    private final JdbcJourneys journeys;
    private final Appointments appointments;
    private final Audit audit;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    EngineJourneys(
            RuntimeService runtime,
            JourneyBundles bundles,
            JdbcJourneys journeys,
            Appointments appointments,
            Audit audit,
            ApplicationEventPublisher events,
            Clock clock) {
        this.runtime = runtime;
        this.bundles = bundles;
        this.journeys = journeys;
        this.appointments = appointments;
        this.audit = audit;
        this.events = events;
        this.clock = clock;
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public Started start(String key, Appointment appointment, String startedBy) {
        Released bundle = bundles.current(key);
        Instant now = clock.instant();
        UUID id = TimeOrderedId.next();
        boolean isNew = journeys.insert(
                new NewInstance(
                        id,
                        key,
                        APPOINTMENT,
                        appointment.id().value(),
                        appointment.revision(),
                        appointment.patient().value(),
                        appointment.orgUnit().value(),
                        bundle.id(),
                        startedBy),
                now);
        if (!isNew) {
            return new Started(
                    journeys.activeOf(APPOINTMENT, appointment.id().value()).stream()
                            .filter(instance -> instance.key().equals(key))
                            .findFirst()
                            .orElseThrow()
                            .id(),
                    false);
        }
        ProcessInstance process = runtime.createProcessInstanceById(bundle.definitionId())
                .businessKey(id.toString())
                .setVariable(JourneyVariables.JOURNEY_INSTANCE, id.toString())
                .setVariable(JourneyVariables.PATIENT, appointment.patient().toString())
                .setVariable(JourneyVariables.ORG_UNIT, appointment.orgUnit().toString())
                .setVariable(JourneyVariables.SUBJECT_TYPE, APPOINTMENT)
                .setVariable(JourneyVariables.SUBJECT, appointment.id().toString())
                .setVariable(JourneyVariables.SUBJECT_REVISION, appointment.revision())
                .setVariable(
                        JourneyVariables.VISIT_START,
                        Date.from(java.util.Objects.requireNonNull(appointment.startAt())))
                .setVariable(JourneyVariables.VISIT_CLASS, appointments.visitClass(appointment))
                .setVariable(JourneyVariables.LEAD_DAYS, leadDays(appointment, now))
                .setVariable(JourneyVariables.REMINDERS_SENT, 0)
                .execute();
        journeys.runs(id, process.getProcessInstanceId());
        audit.record(Audit.Entry.done(
                        "journey.start",
                        "journey_instance",
                        id,
                        appointment.patient().value())
                .with("journey", key));
        return new Started(id, true);
    }

    private static long leadDays(Appointment appointment, Instant now) {
        ZoneId zone = appointment.zone();
        return ChronoUnit.DAYS.between(
                now.atZone(zone).toLocalDate(),
                java.util.Objects.requireNonNull(appointment.startAt())
                        .atZone(zone)
                        .toLocalDate());
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public void withdraw(UUID journeyInstance, String reason) {
        Instance instance = journeys.lock(journeyInstance).orElse(null);
        if (instance == null || !journeys.end(journeyInstance, "withdrawn", reason, clock.instant())) {
            return;
        }
        String code = CODE.matcher(reason).matches() ? reason : "stated";
        audit.record(Audit.Entry.done("journey.withdraw", "journey_instance", journeyInstance, instance.patient())
                .with("reason", code));
        events.publishEvent(new JourneyWithdrawn(journeyInstance, code));
        if (instance.rootProcess() != null) {
            tellEngine(instance.rootProcess());
        }
    }

    /** Where a timer moves the journey at this moment, the caller tries again as after any other meeting of two writers. */
    private void tellEngine(String process) {
        try {
            runtime.createMessageCorrelation(WITHDRAWN_MESSAGE)
                    .processInstanceId(process)
                    .correlate();
        } catch (OptimisticLockingException e) {
            throw new OptimisticLockingFailureException("The journey moved on at the same moment", e);
        }
    }
}
