package health.throughline.journey;

import health.throughline.care.Appointment.Answer;
import health.throughline.care.Appointments;
import java.time.Clock;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Takes down what the patient said about the visit; until the EHR acknowledges it is a request. */
@Component
class RecordAnswer implements JourneyStep {

    private final Appointments appointments;
    private final Clock clock;

    RecordAnswer(Appointments appointments, Clock clock) {
        this.appointments = appointments;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "recordAnswer";
    }

    @Override
    public void execute(DelegateExecution execution) {
        JourneyVariables variables = new JourneyVariables(execution);
        appointments.answered(variables.appointment(), answer(variables), clock.instant());
    }

    static Answer answer(JourneyVariables variables) {
        return switch (variables.answer()) {
            case "confirm" -> Answer.CONFIRMED;
            case "cancel" -> Answer.CANCEL_REQUESTED;
            case "move" -> Answer.MOVE_REQUESTED;
            default ->
                throw new IllegalStateException("There is nothing to record for the answer " + variables.answer());
        };
    }
}
