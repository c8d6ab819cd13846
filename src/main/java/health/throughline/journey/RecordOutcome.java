package health.throughline.journey;

import health.throughline.care.Appointment.Answer;
import health.throughline.care.Appointments;
import health.throughline.care.WriteBack;
import java.time.Clock;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Takes down what a coordinator settled with the patient. */
@Component
class RecordOutcome implements JourneyStep {

    private final Appointments appointments;
    private final WriteBack writeBack;
    private final Clock clock;

    RecordOutcome(Appointments appointments, WriteBack writeBack, Clock clock) {
        this.writeBack = writeBack;
        this.appointments = appointments;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "recordOutcome";
    }

    @Override
    public void execute(DelegateExecution execution) {
        JourneyVariables variables = new JourneyVariables(execution);
        String outcome = variables.text(JourneyVariables.OUTCOME);
        switch (outcome) {
            case "confirmed" -> {
                appointments.answered(variables.appointment(), Answer.CONFIRMED, clock.instant());
                writeBack.tell(new WriteBack.Request(
                        variables.journeyInstance() + ":" + execution.getActivityInstanceId(),
                        appointments.find(variables.appointment()).orElseThrow(),
                        Answer.CONFIRMED,
                        clock.instant(),
                        variables.journeyInstance(),
                        null));
            }
            case "cancelled" ->
                appointments.answered(variables.appointment(), Answer.CANCEL_REQUESTED, clock.instant());
            case "moved" -> appointments.answered(variables.appointment(), Answer.MOVE_REQUESTED, clock.instant());
            default -> {}
        }
    }
}
