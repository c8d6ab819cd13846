package health.throughline.patient;

import health.throughline.organization.OrgUnitId;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Those a message can be addressed to who are no patients. Needs the product's own rights: their numbers belong to no patient's record. */
public interface Parties {

    /** A member of staff at their work phone; the same again is the same party. */
    PartyId staff(AddressId phone, OrgUnitId unit, String name);

    /** Whoever wrote from an address that no patient has; the same address again is the same party. */
    PartyId unknownSender(AddressId address, OrgUnitId unit);

    /** Who stands for the patient or did, those barred too; empty for most. */
    List<Related> relatedTo(PatientId patient);

    /** The patient, a minor, consented alone: nobody else is told (K8). */
    boolean consentedAlone(PatientId patient);

    /** Nobody else is told, or they are again. */
    void consentsAlone(PatientId patient, boolean alone);

    /**
     * The person must not be told anything about the patient (custody, an order of a court), or may be again; whatever a source sends of
     * the relationship stays.
     *
     * @return whether they are anything to the patient
     */
    boolean bar(PartyId party, PatientId patient, boolean barred);

    /** Published synchronously, in its transaction, when a person has said anew who may be told about the patient. */
    record AuthorityChanged(PatientId patient) {}

    /**
     * @param authority FHIR relationship code
     * @param name as known
     * @param reachable active contact points, the best first
     */
    record Related(
            PartyId party,
            String authority,
            String scope,
            @Nullable String name,
            @Nullable String language,
            @Nullable LocalDate start,
            @Nullable LocalDate end,
            boolean barred,
            List<ContactPoint> reachable) {

        public boolean inForceOn(LocalDate day) {
            return (start == null || !start.isAfter(day)) && (end == null || !end.isBefore(day));
        }
    }
}
