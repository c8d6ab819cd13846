package health.throughline.conversation;

import static health.throughline.conversation.JdbcMessages.utc;

import health.throughline.consent.Urgency;
import health.throughline.conversation.SendPause.Pause;
import health.throughline.patient.PatientId;
import health.throughline.patient.Patients;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Keeps automation waiting while a person talks with the patient, or with somebody at the same phone, and lets it go on afterwards. */
@Component
class Pauses {

    private final List<SendPause> pauses;
    private final JdbcClient jdbc;
    private final Patients patients;
    private final DispatchSignal wakeUp;
    private final Clock clock;

    Pauses(List<SendPause> pauses, JdbcClient jdbc, Patients patients, DispatchSignal wakeUp, Clock clock) {
        this.pauses = pauses;
        this.jdbc = jdbc;
        this.patients = patients;
        this.wakeUp = wakeUp;
        this.clock = clock;
    }

    Optional<Pause> of(JdbcMessages.Message message) {
        PatientId about = message.patient();
        if (about == null
                || message.byPerson()
                || message.urgency() == Urgency.URGENT
                // what it tells of was said already, perhaps by the very person who took over
                || PageNotices.isNotice(message.intent())) {
            return Optional.empty();
        }
        return Stream.concat(Stream.of(about), patients.reachedAt(message.address()).stream())
                .distinct()
                .flatMap(patient -> pauses.stream().map(pause -> pause.pause(message.about(patient))))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** What waited for that reason is due now; each message is checked again as it starts. */
    void lift(PatientId patient, String reason) {
        jdbc.sql("""
                        update dispatch set due_at = :now where state = 'queued' and reason = :reason
                          and patient_id in (
                            select cast(:patient as uuid)
                            union select o.patient_id from contact_point c join contact_point o on o.address_id = c.address_id
                            where c.patient_id = :patient)
                        """)
                .param("now", utc(clock.instant()))
                .param("reason", reason)
                .param("patient", patient.value())
                .update();
        wakeUp.afterCommit();
    }
}
