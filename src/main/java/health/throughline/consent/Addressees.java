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

    /**
     * Whether somebody else may read what is said there to that addressee, so that it says no more than whom to call (K8): another adult
     * has the same number, and it is not about a child, whose parents read it anyway; of what is sensitive, anybody else at all. An age
     * that nobody knows counts as of age.
     */
    boolean othersRead(PatientProfile patient, Addressee whom, ContactPoint at, boolean sensitive, Instant now);

    /** @param language in which they read; none where nobody knows */
    record Addressee(PartyId party, @Nullable String language, List<ContactPoint> reachable) {}
}
