package health.throughline.consent;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Area codes of the North American Numbering Plan and where they lie; the content of {@code rules/area-codes}. */
record AreaCodes(Map<String, Entry> areas) {

    private static final String COUNTRY = "+1";
    private static final int CODE_LENGTH = 3;

    /** @param country set outside the United States, where no state has quiet hours */
    record Entry(
            List<String> zones,
            @Nullable String state,
            @Nullable String country) {}

    /** @param phone E.164 */
    Area of(String phone) {
        int end = COUNTRY.length() + CODE_LENGTH;
        if (!phone.startsWith(COUNTRY) || phone.length() < end) {
            return Area.UNKNOWN;
        }
        String code = phone.substring(COUNTRY.length(), end);
        Entry entry = areas.get(code);
        return entry == null
                ? new Area(Area.Kind.UNKNOWN, code, List.of(), null)
                : new Area(Area.Kind.KNOWN, code, entry.zones(), entry.state());
    }
}
