package health.throughline.organization;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The units of the health system, all of them below the root unit (path {@code /all/}). Not patient data: every signed-in user may read it.
 */
public interface Organization {

    Optional<OrgUnit> find(OrgUnitId id);

    Optional<OrgUnit> findByPath(String path);

    /** The unit a source system calls by this id, for example ({@code ehr}, {@code Location}, {@code loc-12}). */
    Optional<OrgUnit> findByExternalId(String source, String type, String externalId);

    List<OrgUnit> all();

    /** The nearest unit of that kind at or above the given one. */
    Optional<OrgUnit> ancestor(OrgUnitId id, OrgUnit.Kind kind);

    /** The one hospital there is; none where there are several. */
    default Optional<OrgUnit> onlyHospital() {
        List<OrgUnit> hospitals = all().stream()
                .filter(unit -> unit.kind() == OrgUnit.Kind.HOSPITAL)
                .limit(2)
                .toList();
        return hospitals.size() == 1 ? Optional.of(hospitals.getFirst()) : Optional.empty();
    }

    /**
     * Stores the unit (insert, or update where the id is known), with a version row of what it was changed to. The phase of a known unit
     * stays as it is: a feed that read the unit a moment ago must not undo a change of phase. Idempotent.
     */
    void save(OrgUnit unit);

    /**
     * Moves the unit to another phase: one step forward, or any number back. Publishes {@link PhaseChanged}.
     *
     * @param reason kept with the version
     * @throws IllegalArgumentException where the step is not allowed; says which is
     */
    void changePhase(OrgUnitId unit, OrgUnit.Phase to, String reason);

    /** Published synchronously in the transaction that changes it. */
    record PhaseChanged(OrgUnitId unit, OrgUnit.Phase from, OrgUnit.Phase to) {}

    /** Patients to whom the unit sends while its phase is allow_list. Published with {@link AllowListed}. @return false where they were on it */
    boolean allow(OrgUnitId unit, UUID patient);

    /** @return false where they were not on it */
    boolean disallow(OrgUnitId unit, UUID patient);

    /** Whoever is on the unit's allow-list, the longest first. */
    List<UUID> allowed(OrgUnitId unit);

    /** Published synchronously in the transaction that puts somebody on the list. */
    record AllowListed(OrgUnitId unit, UUID patient) {}

    /** Lets a source system's id point to the unit. Idempotent. */
    void identify(OrgUnitId unit, String source, String type, String externalId);
}
