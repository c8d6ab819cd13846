package health.throughline.consent;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a phone number may live, as far as its area code tells.
 *
 * @param code the area code, for the sentence; none when there is none
 * @param zones every zone it may mean; empty unless {@link Kind#KNOWN}
 * @param state the state all of it lies in; none outside the United States
 */
record Area(
        Kind kind,
        @Nullable String code,
        List<String> zones,
        @Nullable String state) {

    enum Kind {
        /** Not a phone: an address that tells nothing about a place, such as an e-mail's. */
        NONE,
        KNOWN,
        /** A phone whose number tells no place (toll-free, abroad, new): it may be anywhere. */
        UNKNOWN
    }

    static final Area NONE = new Area(Kind.NONE, null, List.of(), null);
    static final Area UNKNOWN = new Area(Kind.UNKNOWN, null, List.of(), null);
}
