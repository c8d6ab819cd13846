package health.throughline.conversation;

import health.throughline.patient.ContactPoint;
import health.throughline.patient.PatientProfile;
import java.util.List;

/** Which of a patient's ways to be reached suits them best. Reads only; what may not be used is not offered to it. */
public interface ChannelChoice {

    /** @return the same ways, the best first */
    List<ContactPoint> inOrder(PatientProfile patient, List<ContactPoint> ways);
}
