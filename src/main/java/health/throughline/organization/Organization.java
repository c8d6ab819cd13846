package health.throughline.organization;

import java.util.List;
import java.util.Optional;

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

    /** Stores the unit (insert, or update where the id is known), with a version row of what it was changed to. Idempotent. */
    void save(OrgUnit unit);

    /** Lets a source system's id point to the unit. Idempotent. */
    void identify(OrgUnitId unit, String source, String type, String externalId);
}
