package health.throughline.organization;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The stop button (F7). A hold in force keeps every send it covers from starting. */
public interface Holds {

    /**
     * The hold that covers a send, if any, as committed when asked.
     *
     * @param channel lower-case name of the channel
     */
    Optional<Hold> covering(OrgUnitId unit, @Nullable String journey, String channel, @Nullable OrgUnitId location);

    /** @param sentence says who stopped what and why, for a coordinator */
    record Hold(java.util.UUID id, String sentence) {}
}
