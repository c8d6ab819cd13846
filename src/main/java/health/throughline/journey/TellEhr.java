package health.throughline.journey;

import health.throughline.care.Appointment;
import health.throughline.care.Appointment.Answer;
import health.throughline.care.Appointments;
import health.throughline.care.WriteBack;
import java.time.Clock;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/**
 * Has the EHR told what the patient answered. Where no EHR can be told, a confirmation stands as noted here, and a wish is for a person to
 * carry out. Another time is always for a person to find: the EHR only learns of it.
 */
@Component
class TellEhr implements JourneyStep {

    /** As long as it takes, the patient reads nothing: it mostly takes a second. */
    private static final String A_MOMENT = "PT1M";

    /** Who asked to cancel has read already that it is passed on. */
    private static final String NEVER = "P400D";

    private final WriteBack writeBack;
    private final Appointments appointments;
    private final Clock clock;

    TellEhr(WriteBack writeBack, Appointments appointments, Clock clock) {
        this.writeBack = writeBack;
        this.appointments = appointments;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "tellEhr";
    }

    @Override
    public void execute(DelegateExecution execution) {
        JourneyVariables variables = new JourneyVariables(execution);
        Appointment appointment = appointments.find(variables.appointment()).orElseThrow();
        Answer answer = RecordAnswer.answer(variables);
        boolean told = writeBack.tell(new WriteBack.Request(
                variables.journeyInstance() + ":" + execution.getActivityInstanceId(),
                appointment,
                answer,
                clock.instant(),
                variables.journeyInstance(),
                execution.getProcessInstanceId()));
        variables.set("ehrAwaited", told && answer != Answer.MOVE_REQUESTED);
        variables.set(JourneyVariables.EHR_AGREES, !told && answer == Answer.CONFIRMED);
        variables.set("patience", answer == Answer.CONFIRMED ? A_MOMENT : NEVER);
    }
}
