package health.throughline.organization;

import java.util.UUID;

/** Names a unit of the organisation: system, hospital, department or location. */
public record OrgUnitId(UUID value) {

    @Override
    public String toString() {
        return value.toString();
    }
}
