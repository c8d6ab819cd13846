package health.throughline.patient;

import health.throughline.organization.OrgUnitId;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who a patient is and how they may be reached, decrypted. Never logged, never a process variable.
 *
 * @param orgUnit the hospital that keeps the record
 * @param language BCP-47 tag of the language they read; none when nobody knows
 * @param zone where they live; none when nobody knows
 * @param state two-letter state of residence; none when nobody knows
 * @param reachable active contact points, the best first
 */
public record PatientProfile(
        PatientId id,
        PartyId party,
        OrgUnitId orgUnit,
        PatientStatus status,
        String givenName,
        String familyName,
        @Nullable LocalDate birthDate,
        @Nullable String sex,
        @Nullable String language,
        boolean interpreterNeeded,
        @Nullable ZoneId zone,
        @Nullable String state,
        List<ContactPoint> reachable) {

    /** The same patient, written to by way of somebody: themselves, or who stands for them. */
    public PatientProfile addressedTo(PartyId whom, @Nullable String reads, List<ContactPoint> at) {
        return new PatientProfile(
                id,
                whom,
                orgUnit,
                status,
                givenName,
                familyName,
                birthDate,
                sex,
                reads == null ? language : reads,
                interpreterNeeded,
                zone,
                state,
                at);
    }

    @Override
    public String toString() {
        return "PatientProfile[" + id + "]";
    }
}
