package health.throughline.journey;

import health.throughline.care.Appointment;
import health.throughline.care.Appointments;
import health.throughline.channel.Channel;
import health.throughline.conversation.Conversations;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/**
 * Finds the next rung of the reminder ladder that has not gone by. Rungs that passed before the visit was booked are skipped: at most one
 * message catches up. Silence gets a second attempt even where the ladder has no rung left; and where the ladder ends with
 * {@code call}, whoever was silent to the end is called once, if calls are made here.
 */
@Component
class PlanReminder implements JourneyStep {

    private static final LocalTime TIME_OF_DAY = LocalTime.of(10, 0);
    private static final Duration TOO_LATE_TO_REMIND = Duration.ofHours(2);
    private static final Duration LONGEST_WAIT = Duration.ofHours(24);
    private static final Duration SHORTEST_WAIT = Duration.ofHours(1);
    private static final int ATTEMPTS = 2;
    private static final String CALL = "call";

    private final Appointments appointments;
    private final Conversations conversations;
    private final Clock clock;

    PlanReminder(Appointments appointments, Conversations conversations, Clock clock) {
        this.appointments = appointments;
        this.conversations = conversations;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "planReminder";
    }

    @Override
    public void execute(DelegateExecution execution) {
        JourneyVariables variables = new JourneyVariables(execution);
        Appointment appointment = appointments.find(variables.appointment()).orElseThrow();
        Instant now = clock.instant();
        int sent = variables.remindersSent();
        Optional<Instant> due = next(variables.text("ladder"), variables.visitStart(), appointment.zone(), now, sent);
        boolean call = due.isEmpty() && sent > 0 && mayCall(variables, now);
        variables.set("channel", call ? Channel.VOICE.code() : "best");
        variables.set("reminderNext", call || due.isPresent());
        if (call) {
            variables.set("reminderDue", now);
            variables.set("replyWait", replyWait(now, variables.visitStart()).toString());
        }
        due.ifPresent(when -> {
            variables.set("reminderDue", when);
            variables.set(
                    "replyWait",
                    replyWait(when.isBefore(now) ? now : when, variables.visitStart())
                            .toString());
            variables.set(JourneyVariables.REMINDERS_SENT, sent + 1);
        });
    }

    private boolean mayCall(JourneyVariables variables, Instant now) {
        return rungs(variables.text("ladder")).anyMatch(CALL::equals)
                && now.isBefore(variables.visitStart().minus(TOO_LATE_TO_REMIND))
                && !variables.channelsTried().contains(Channel.VOICE)
                && conversations.channels().contains(Channel.VOICE);
    }

    private static Stream<String> rungs(String ladder) {
        return Arrays.stream(ladder.split(",")).map(String::strip);
    }

    static Optional<Instant> next(String ladder, Instant visit, ZoneId zone, Instant now, int sent) {
        if (!now.isBefore(visit.minus(TOO_LATE_TO_REMIND))) {
            return Optional.empty();
        }
        LocalDate day = visit.atZone(zone).toLocalDate();
        Optional<Instant> rung = rungs(ladder)
                .filter(days -> !days.equals(CALL))
                .map(days -> day.minusDays(Long.parseLong(days))
                        .atTime(TIME_OF_DAY)
                        .atZone(zone)
                        .toInstant())
                .filter(when -> when.isAfter(now) && when.isBefore(visit.minus(TOO_LATE_TO_REMIND)))
                .min(Comparator.naturalOrder());
        if (rung.isPresent()) {
            return rung;
        }
        return sent < ATTEMPTS ? Optional.of(now) : Optional.empty();
    }

    /** Time to answer: a day where there is time, else a third of what is left. */
    static Duration replyWait(Instant asked, Instant visit) {
        Duration third = Duration.between(asked, visit).dividedBy(3);
        if (third.compareTo(LONGEST_WAIT) > 0) {
            return LONGEST_WAIT;
        }
        return third.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : third;
    }
}
