package health.throughline.coordination;

import health.throughline.care.Appointment;
import health.throughline.care.AppointmentChanged;
import health.throughline.care.AppointmentId;
import health.throughline.care.Appointments;
import health.throughline.coordination.JdbcTasks.NewTask;
import health.throughline.coordination.JdbcTasks.Task;
import health.throughline.journey.JourneyWithdrawn;
import health.throughline.organization.Coverage;
import health.throughline.organization.OrgUnitId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * What a patient said to a journey, and no person has settled yet, outlives the journey: its task is closed, and one outside the journey
 * opens in the same hands. A journey ends with every change of its visit; a question does not.
 */
@Component
class CarriedTasks {

    /** As what the journey's task closes, and of which cause the other is. */
    static final String CARRIED = "carried";

    private static final String SAID = "said";
    private static final String QUESTION = "asks-a-question";
    private static final String UNCLEAR = "unclear-reply";
    private static final String MOVE = "asks-to-move";
    private static final String CANCEL = "asks-to-cancel";
    private static final Set<String> WORDS = Set.of(QUESTION, UNCLEAR, MOVE, CANCEL);
    private static final Duration SOON = Duration.ofHours(2);

    private final JdbcTasks tasks;
    private final Appointments appointments;
    private final Reasons reasons;
    private final Coverage coverage;
    private final Clock clock;

    CarriedTasks(JdbcTasks tasks, Appointments appointments, Reasons reasons, Coverage coverage, Clock clock) {
        this.tasks = tasks;
        this.appointments = appointments;
        this.reasons = reasons;
        this.coverage = coverage;
        this.clock = clock;
    }

    /** Keeps with a journey's task what the patient said, whatever becomes the task's reason later. */
    static void remember(Map<String, Object> facts, @Nullable String answer, @Nullable Appointment visit) {
        String said = answer == null ? "" : Reasons.codeOf(answer, false);
        if (said.startsWith("ehr-") && visit != null && visit.answer() != null) {
            said = switch (visit.answer()) {
                case CANCEL_REQUESTED -> CANCEL;
                case MOVE_REQUESTED -> MOVE;
                default -> "";
            };
        }
        if (WORDS.contains(said)) {
            facts.put(SAID, said);
        }
    }

    @EventListener
    void on(JourneyWithdrawn withdrawn) {
        List<Task> all = tasks.givenByJourney(withdrawn.journeyInstance());
        List<Task> open = all.stream().filter(Task::isOpen).toList();
        open.forEach(task -> end(task, withdrawn.reason()));
        if (open.isEmpty()) {
            all.stream()
                    .limit(1)
                    .filter(latest -> "not_reached".equals(latest.outcome()))
                    .filter(latest -> outlives(latest, withdrawn.reason()))
                    .forEach(latest -> carry(latest, withdrawn.reason()));
        }
    }

    /** The engine takes the task away without its having been done. */
    void end(Task task, String why) {
        boolean carried = outlives(task, why);
        tasks.close(task, "cancelled", carried ? CARRIED : "no-longer-needed", "throughline", clock.instant());
        if (carried) {
            carry(task, why);
        }
    }

    /** Another time is what was wished where the EHR gave one; and to call a visit off, it has to stand. */
    private boolean outlives(Task task, String why) {
        if (why.equals("patient-died")) {
            return false;
        }
        return switch (said(task)) {
            case QUESTION, UNCLEAR -> true;
            case MOVE -> !why.equals("visit-moved") && (why.equals("visit-cancelled") || stands(task));
            case CANCEL -> stands(task);
            default -> false;
        };
    }

    /** Tasks made before the product remembered it tell it by their reason. */
    private static String said(Task task) {
        Object said = task.facts().get(SAID);
        return said != null ? said.toString() : task.reason().startsWith("asks-") ? task.reason() : "";
    }

    private boolean stands(Task task) {
        Appointment visit = visit(task);
        return visit != null
                && (visit.status() == Appointment.Status.BOOKED || visit.status() == Appointment.Status.PENDING)
                && visit.startAt() != null
                && visit.startAt().isAfter(clock.instant());
    }

    private @Nullable Appointment visit(Task task) {
        return task.subject() == null
                ? null
                : appointments.find(new AppointmentId(task.subject())).orElse(null);
    }

    private void carry(Task task, String why) {
        Instant now = clock.instant();
        String said = said(task);
        int asked = task.facts().get("remindersSent") instanceof Number number ? number.intValue() : 0;
        Map<String, Object> facts = new LinkedHashMap<>(task.facts());
        facts.put(SAID, said);
        facts.put("since", why);
        tasks.insert(
                        new NewTask(
                                task.orgUnit(),
                                task.patient(),
                                task.journeyInstance(),
                                task.subjectType(),
                                task.subject(),
                                reasons.title(said, asked, visit(task), task.language()) + before(why),
                                said,
                                facts,
                                task.priority(),
                                task.language(),
                                task.isOpen() ? task.dueAt() : coverage.after(new OrgUnitId(task.orgUnit()), now, SOON),
                                null,
                                TaskForms.FOLLOW_UP,
                                CARRIED + ":" + task.id()),
                        now)
                .ifPresent(carried -> inTheSameHands(carried, task, now));
    }

    private void inTheSameHands(UUID carried, Task task, Instant now) {
        String assignee = task.assignee();
        if (assignee != null && task.isOpen()) {
            tasks.find(carried).ifPresent(open -> tasks.assign(open, assignee, assignee, now));
        }
    }

    private static String before(String why) {
        return "; said before "
                + switch (why) {
                    case "visit-moved" -> "the visit was moved";
                    case "visit-changed" -> "the visit was changed";
                    case "visit-cancelled" -> "the visit was cancelled";
                    default -> "the journey ended";
                };
    }

    /** What was carried on is settled, too, where the EHR does as the patient wished. */
    @EventListener
    void on(AppointmentChanged event) {
        Set<String> fulfilled = switch (event.kind()) {
            case MOVED -> Set.of(MOVE);
            case CANCELLED -> Set.of(CANCEL);
            case REMOVED -> Set.of(MOVE, CANCEL);
            default -> Set.of();
        };
        if (!fulfilled.isEmpty()) {
            Appointment visit = event.appointment();
            tasks.openOfVisit(visit.patient().value(), visit.id().value()).stream()
                    .filter(task -> task.engineTask() == null && task.facts().containsKey("since"))
                    .filter(task -> fulfilled.contains(said(task)))
                    .forEach(
                            task -> tasks.close(task, "cancelled", "no-longer-needed", "throughline", clock.instant()));
        }
    }
}
