package health.throughline.patient;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which records are one person. A merge is a pointer from the duplicate to the surviving record and an entry in the history of both: no
 * fact moves, so undoing it gives every record back what it had, and what came for it meanwhile. All join the caller's transaction.
 */
public interface Identities {

    /**
     * From now on the duplicate is read and written to as the surviving record. What is refused changes nothing.
     *
     * @param reason a code, no free text
     */
    Outcome merge(PatientId duplicate, PatientId surviving, String reason);

    /** Gives the duplicate back what it was before it was merged. */
    Outcome unmerge(PatientId duplicate, String reason);

    /** Nothing is sent to or about the patient until a person has settled who it is. Idempotent. */
    Outcome freeze(PatientId patient, String reason);

    /** A person has settled who it is; or that the patient lives, once the source that said otherwise has taken it back. */
    Outcome settle(PatientId patient, String reason);

    /** The record itself and whatever was merged into it, itself first. */
    List<PatientId> standsFor(PatientId surviving);

    /** What happened to the identity of the record, newest first, at most 100. */
    List<Happening> history(PatientId patient);

    /** Whether it was done. */
    sealed interface Outcome {
        record Done() implements Outcome {}

        /** @param sentence what stands in the way, and the mend */
        record Refused(String sentence) implements Outcome {}
    }

    /** Published synchronously, in the transaction that changes which person the record is, or is in doubt about it. */
    record IdentityChanged(PatientId patient) {}

    /** @param kind {@code created}, {@code merged}, {@code unmerged}, {@code disputed}, {@code settled}, {@code linked}, {@code unlinked}, {@code died}, {@code death-retracted} */
    record Happening(
            Instant at,
            String kind,
            String actor,
            @Nullable PatientId other,
            @Nullable String reason) {}
}
