package health.throughline.organization;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who works a unit's queue, when, and who is called when it cannot wait (F6). A unit without its own follows the one above it. */
public interface Coverage {

    /** As the unit itself has it; none where it follows the unit above. */
    Optional<Queue> of(OrgUnitId unit);

    /** Those to be called, in order: of the unit or of the nearest above it that names any; empty where nobody would be called. */
    List<OnCall> onCall(OrgUnitId unit);

    /**
     * Those to be paged about what has to do with the unit: those on call; where neither it nor any above names anybody, those of the
     * nearest unit below that does. Who writes of danger from a phone nobody knows belongs to no hospital, and is called back all the same.
     */
    List<OnCall> toPage(OrgUnitId unit);

    /** Whether anybody would be called, whatever of it the caller may see. */
    boolean isCovered(OrgUnitId unit);

    /** When the unit, or the nearest above it that says so, is there; none where none says so. */
    Optional<StaffedHours> hours(OrgUnitId unit);

    /** The moment by which so much staffed time of the unit has gone by. */
    Instant after(OrgUnitId unit, Instant from, Duration work);

    /** Stores what the unit has; the caller has checked it. */
    void save(OrgUnitId unit, Queue queue);

    /**
     * @param hours none: as the unit above
     * @param covering user names of those who work it
     */
    record Queue(String name, @Nullable StaffedHours hours, List<String> covering, List<OnCall> onCall) {}

    /**
     * Somebody who is paged.
     *
     * @param party as whom, and
     * @param address where: the number itself is kept encrypted with all others
     * @param username under which a task they take by phone becomes theirs
     */
    record OnCall(
            String name, UUID party, UUID address, @Nullable String username) {}

    /** Published synchronously where units below this one may begin what they could not before. */
    record Covered(OrgUnitId unit) {}
}
