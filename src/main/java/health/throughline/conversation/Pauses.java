package health.throughline.conversation;

import static health.throughline.conversation.JdbcMessages.utc;

import health.throughline.consent.Urgency;
import health.throughline.conversation.SendPause.Pause;
import health.throughline.patient.PatientId;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Keeps automation waiting while a person talks, and lets it go on at once afterwards. */
@Component
class Pauses {

    private final List<SendPause> pauses;
    private final JdbcClient jdbc;
    private final DispatchSignal wakeUp;
    private final Clock clock;

    Pauses(List<SendPause> pauses, JdbcClient jdbc, DispatchSignal wakeUp, Clock clock) {
        this.pauses = pauses;
        this.jdbc = jdbc;
        this.wakeUp = wakeUp;
        this.clock = clock;
    }

    Optional<Pause> of(JdbcMessages.Message message) {
        if (message.byPerson() || message.urgency() == Urgency.URGENT) {
            return Optional.empty();
        }
        return pauses.stream()
                .map(pause -> pause.pause(message.about()))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** What waited for that reason is due now; each message is checked again as it starts. */
    void lift(PatientId patient, String reason) {
        jdbc.sql("update dispatch set due_at = ? where patient_id = ? and state = 'queued' and reason = ?")
                .params(utc(clock.instant()), patient.value(), reason)
                .update();
        wakeUp.afterCommit();
    }
}
