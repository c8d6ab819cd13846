package health.throughline.coordination;

import health.throughline.care.Appointment;
import health.throughline.care.AppointmentId;
import health.throughline.care.Appointments;
import health.throughline.channel.Channel;
import health.throughline.organization.Coverage;
import health.throughline.organization.OrgUnitId;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.camunda.bpm.engine.delegate.DelegateTask;
import org.camunda.bpm.engine.delegate.TaskListener;
import org.camunda.bpm.engine.impl.persistence.entity.TaskEntity;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Mirrors the engine's user tasks into the worklist, in the engine's own transaction. */
@Component
class EngineTasks {

    private static final Duration TIME_TO_ACT = Duration.ofHours(4);
    private static final Duration BEFORE_VISIT = Duration.ofHours(2);

    private final JdbcTasks tasks;
    private final Appointments appointments;
    private final Patients patients;
    private final Reasons reasons;
    private final CarriedTasks carried;
    private final Coverage coverage;
    private final Clock clock;

    EngineTasks(
            JdbcTasks tasks,
            Appointments appointments,
            Patients patients,
            Reasons reasons,
            CarriedTasks carried,
            Coverage coverage,
            Clock clock) {
        this.tasks = tasks;
        this.appointments = appointments;
        this.patients = patients;
        this.reasons = reasons;
        this.carried = carried;
        this.coverage = coverage;
        this.clock = clock;
    }

    @EventListener
    void on(DelegateTask task) {
        switch (task.getEventName()) {
            case TaskListener.EVENTNAME_CREATE -> create(task);
            case TaskListener.EVENTNAME_DELETE ->
                tasks.ofEngine(task.getId())
                        .filter(JdbcTasks.Task::isOpen)
                        .ifPresent(open -> carried.end(open, "journey-over"));
            default -> {}
        }
    }

    private void create(DelegateTask task) {
        Instant now = clock.instant();
        PatientId patient = new PatientId(UUID.fromString(variable(task, "patientId")));
        UUID subject = UUID.fromString(variable(task, "subjectId"));
        Appointment visit = appointments.find(new AppointmentId(subject)).orElse(null);
        String language = patients.find(patient).map(PatientProfile::language).orElse(null);
        boolean calledBefore = "not_reached".equals(task.getVariable("outcome"));
        String answer = answer(task);
        String code = Reasons.codeOf(answer, calledBefore);
        int asked = task.getVariable("remindersSent") instanceof Number number ? number.intValue() : 0;
        tasks.insert(
                new JdbcTasks.NewTask(
                        UUID.fromString(variable(task, "orgUnitId")),
                        patient.value(),
                        UUID.fromString(variable(task, "journeyInstanceId")),
                        "appointment",
                        subject,
                        reasons.title(code, asked, visit, language),
                        code,
                        facts(asked, visit, code, answer, (String) task.getVariable("because")),
                        Reasons.priority(code),
                        language,
                        due(new OrgUnitId(UUID.fromString(variable(task, "orgUnitId"))), now, visit),
                        task.getId(),
                        form(task),
                        null),
                now);
    }

    private static Map<String, Object> facts(
            int asked, @Nullable Appointment visit, String code, @Nullable String answer, @Nullable String because) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("remindersSent", asked);
        CarriedTasks.remember(facts, answer, visit);
        if (code.equals("unreachable") && because != null) {
            facts.put("because", because);
        }
        if (visit != null && visit.startAt() != null) {
            facts.put("visitStart", visit.startAt().toString());
        }
        return facts;
    }

    /** In four hours of the unit's working time, and in any case before the visit. */
    private Instant due(OrgUnitId unit, Instant now, @Nullable Appointment visit) {
        Instant due = coverage.after(unit, now, TIME_TO_ACT);
        if (visit == null || visit.startAt() == null) {
            return due;
        }
        Instant latest = visit.startAt().minus(BEFORE_VISIT);
        return latest.isBefore(now) ? now : due.isBefore(latest) ? due : latest;
    }

    private static String form(DelegateTask task) {
        if (task instanceof TaskEntity entity && entity.getTaskDefinition() != null) {
            var key = entity.getTaskDefinition().getCamundaFormDefinitionKey();
            if (key != null) {
                return key.getExpressionText();
            }
        }
        return TaskForms.FOLLOW_UP;
    }

    private static String variable(DelegateTask task, String name) {
        Object value = task.getVariable(name);
        if (value == null) {
            throw new IllegalStateException("Task " + task.getTaskDefinitionKey() + " needs the variable " + name);
        }
        return value.toString();
    }

    /** Who stayed silent and does not pick up either has not answered: the call was the last try, not the only one. */
    private static @Nullable String answer(DelegateTask task) {
        String answer = (String) task.getVariable("answer");
        return "unreachable".equals(answer) && Channel.VOICE.code().equals(task.getVariable("channel"))
                ? "none"
                : answer;
    }
}
