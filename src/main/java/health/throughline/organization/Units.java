package health.throughline.organization;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All units as they stood at one moment. */
record Units(
        List<OrgUnit> all, Map<OrgUnitId, OrgUnit> byId, Map<String, OrgUnit> byPath, Map<ExternalId, OrgUnitId> ids) {

    /** What a source system calls a unit. */
    record ExternalId(String source, String type, String value) {}

    static Units of(List<OrgUnit> all, Map<ExternalId, OrgUnitId> ids) {
        var byId = new HashMap<OrgUnitId, OrgUnit>();
        var byPath = new HashMap<String, OrgUnit>();
        for (OrgUnit unit : all) {
            byId.put(unit.id(), unit);
            byPath.put(unit.path(), unit);
        }
        return new Units(List.copyOf(all), byId, byPath, Map.copyOf(ids));
    }

    Optional<OrgUnit> find(@Nullable OrgUnitId id) {
        return id == null ? Optional.empty() : Optional.ofNullable(byId.get(id));
    }
}
