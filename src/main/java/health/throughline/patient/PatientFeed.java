package health.throughline.patient;

import health.throughline.organization.OrgUnitId;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes what a source system says about people. Joins the caller's transaction. The same again changes nothing. */
public interface PatientFeed {

    /**
     * Matches by identifier, never by phone alone; makes the patient, the party and the key when new.
     *
     * @return the patient and what had to be left as it was (an old number re-sent, for example), to go back to the source or a person
     */
    Applied apply(PatientRecord record);

    /** The identifier system under which the ids of a source system itself are kept. */
    static String idSystem(String source) {
        return "urn:throughline:source:" + source;
    }

    /** A related person (guardian, proxy) of a known patient. */
    PartyId applyRelated(RelatedRecord record);

    /** A practitioner or an organisation, known by the source's id. */
    PartyId applyParty(PartyRecord record);

    /** @param kind {@code related_person}, {@code practitioner} or {@code organization} */
    Optional<PartyId> findParty(String source, String kind, String externalId);

    /**
     * A person confirmed how the patient may be reached: it stands from now on, and other values of the same channel step back.
     *
     * @param source {@code staff}, {@code patient} or another source system
     * @throws IllegalArgumentException where the value is no address; the message names what is wrong, not the value
     */
    Applied verified(PatientId patient, String source, Telecom telecom, Instant verifiedAt);

    /** Marks a patient as deceased: nothing is sent from now on. Idempotent. Publishes {@link PatientDied} the first time. */
    void died(PatientId patient, Instant when);

    /**
     * @param observedAt when the source last changed the record; older than what is stored changes nothing
     * @param orgUnit the hospital that keeps the record
     * @param deceasedAt set for a dead patient
     */
    record PatientRecord(
            String source,
            String externalId,
            Instant observedAt,
            OrgUnitId orgUnit,
            List<Identifier> identifiers,
            String givenName,
            String familyName,
            @Nullable LocalDate birthDate,
            @Nullable String sex,
            @Nullable String language,
            boolean interpreterNeeded,
            @Nullable ZoneId zone,
            @Nullable String state,
            boolean test,
            @Nullable Instant deceasedAt,
            List<Telecom> telecoms) {}

    /** @param system the assigner, as FHIR's identifier.system */
    record Identifier(String system, String type, String value) {}

    /**
     * @param system {@code phone}, {@code sms} or {@code email}
     * @param use FHIR's ContactPoint.use; {@code home} phones are taken for landlines, {@code old} ones end the contact point
     * @param rank FHIR's preference order, 1 first
     */
    record Telecom(
            String system,
            String value,
            String use,
            int rank,
            @Nullable LocalDate start,
            @Nullable LocalDate end) {}

    /** @param authority FHIR relationship code, for example {@code GUARD} or {@code MTH} */
    record RelatedRecord(
            String source,
            String externalId,
            Instant observedAt,
            PatientId patient,
            String name,
            String authority,
            @Nullable String language,
            @Nullable LocalDate start,
            @Nullable LocalDate end,
            List<Telecom> telecoms) {}

    /** @param kind {@code practitioner} or {@code organization} */
    record PartyRecord(String source, String externalId, String kind, OrgUnitId orgUnit, String name) {}

    /** @param differences one sentence each, without the values */
    record Applied(PatientId patient, boolean changed, List<String> differences) {}

    /** Published synchronously in the feed's transaction. */
    record PatientDied(PatientId patient) {}

    /** Published synchronously in the feed's transaction when a source begins to take the record for another person's: it is frozen. */
    record Disputed(PatientId patient) {}

    /** Published synchronously in the feed's transaction, once, when the source of a death says no longer so. Nothing is sent for that. */
    record DeathTakenBack(PatientId patient) {}

    /** Published synchronously in the feed's transaction when how a patient may be reached has changed. */
    record ContactPointsChanged(PatientId patient) {}
}
