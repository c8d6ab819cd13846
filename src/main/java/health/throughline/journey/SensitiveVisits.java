package health.throughline.journey;

import health.throughline.care.Appointment;
import health.throughline.care.AppointmentId;
import health.throughline.care.Appointments;
import health.throughline.care.VisitTypes;
import health.throughline.conversation.Conversations.Origin;
import health.throughline.conversation.Sensitivity;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** A journey is as sensitive as the visit it is about: by its type, or by the label the EHR gave it (K13). */
@Component
class SensitiveVisits implements Sensitivity {

    private static final String APPOINTMENT = "appointment";

    private final Appointments appointments;
    private final VisitTypes types;

    SensitiveVisits(Appointments appointments, VisitTypes types) {
        this.appointments = appointments;
        this.types = types;
    }

    @Override
    public boolean isSensitive(Origin origin) {
        return APPOINTMENT.equals(origin.subjectType())
                && Optional.ofNullable(origin.subject())
                        .map(AppointmentId::new)
                        .flatMap(appointments::find)
                        .filter(this::isSensitive)
                        .isPresent();
    }

    boolean isSensitive(Appointment appointment) {
        String type = appointment.visitType();
        return appointment.sensitive() || type != null && types.isSensitive(appointment.source(), type);
    }
}
