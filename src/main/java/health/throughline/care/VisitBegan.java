package health.throughline.care;

import health.throughline.patient.PatientId;
import org.jspecify.annotations.Nullable;

/** Published synchronously when the EHR says that the patient is being seen, or is in a bed, now. */
public record VisitBegan(PatientId patient, @Nullable AppointmentId appointment, boolean inpatient) {}
