package health.throughline.organization;

import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * A unit of the health system.
 *
 * @param path from the root, slashes around every step: {@code /all/mercy/cardiology/}
 * @param name what staff call it
 * @param patientSafeName what may stand in a message (K12); none means no message can name this place
 */
public record OrgUnit(
        OrgUnitId id,
        @Nullable OrgUnitId parent,
        Kind kind,
        String path,
        String name,
        @Nullable String patientSafeName,
        ZoneId zone,
        @Nullable String phone,
        @Nullable String addressLine,
        @Nullable String city,
        @Nullable String state,
        @Nullable String postalCode,
        @Nullable String parking,
        Phase phase) {

    /** The same unit in another phase. */
    OrgUnit in(Phase other) {
        return new OrgUnit(
                id,
                parent,
                kind,
                path,
                name,
                patientSafeName,
                zone,
                phone,
                addressLine,
                city,
                state,
                postalCode,
                parking,
                other);
    }

    /** What a unit is. */
    public enum Kind {
        SYSTEM,
        HOSPITAL,
        DEPARTMENT,
        LOCATION
    }

    /** How far a department has gone live (F8). */
    public enum Phase {
        OFF,
        SHADOW,
        ALLOW_LIST,
        LIVE
    }
}
