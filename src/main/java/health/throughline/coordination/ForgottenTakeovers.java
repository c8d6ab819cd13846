package health.throughline.coordination;

import health.throughline.conversation.Talk;
import health.throughline.patient.PatientId;
import java.time.Clock;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Hands conversations back that somebody took over and left; what the patient wrote last stays a task, for anybody. */
@Component
class ForgottenTakeovers {

    private static final int BATCH = 50;

    private final Talk talk;
    private final JdbcTasks tasks;
    private final CoordinationSettings settings;
    private final Clock clock;

    ForgottenTakeovers(Talk talk, JdbcTasks tasks, CoordinationSettings settings, Clock clock) {
        this.talk = talk;
        this.tasks = tasks;
        this.settings = settings;
        this.clock = clock;
    }

    @Scheduled(fixedDelay = 5_000)
    @Transactional
    public void handBack() {
        for (PatientId patient : talk.giveBackForgotten(clock.instant().minus(settings.takeoverLimit()), BATCH)) {
            tasks.openOfCause(PersonTasks.talkOf(patient.value()))
                    .filter(task -> task.assignee() != null)
                    .ifPresent(task -> tasks.assign(task, null, "throughline", clock.instant()));
        }
    }
}
