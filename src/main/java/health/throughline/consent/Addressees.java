package health.throughline.consent;

import health.throughline.patient.ContactPoint;
import health.throughline.patient.PartyId;
import health.throughline.patient.PatientProfile;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who is written to about a patient (K8). Whether each of them may be told, the decision about the message says. */
public interface Addressees {

    /**
     * In order: of a child those who have authority over it, then the child's own addresses; of everybody else the patient, then who
     * holds a power of attorney. What is sensitive, and what a minor consented to alone, is for the patient (K8, K13).
     */
    List<Addressee> of(PatientProfile patient, boolean sensitive, Instant now);

    /** @param language in which they read; none where nobody knows */
    record Addressee(PartyId party, @Nullable String language, List<ContactPoint> reachable) {}
}
