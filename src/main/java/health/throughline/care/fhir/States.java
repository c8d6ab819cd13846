package health.throughline.care.fhir;

import java.time.ZoneId;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** States of the United States, and the zone of those that lie wholly in one. */
final class States {

    private static final String TABLE = """
            AL Alabama America/Chicago
            AK Alaska -
            AZ Arizona -
            AR Arkansas America/Chicago
            CA California America/Los_Angeles
            CO Colorado America/Denver
            CT Connecticut America/New_York
            DE Delaware America/New_York
            DC District_of_Columbia America/New_York
            FL Florida -
            GA Georgia America/New_York
            HI Hawaii Pacific/Honolulu
            ID Idaho -
            IL Illinois America/Chicago
            IN Indiana -
            IA Iowa America/Chicago
            KS Kansas -
            KY Kentucky -
            LA Louisiana America/Chicago
            ME Maine America/New_York
            MD Maryland America/New_York
            MA Massachusetts America/New_York
            MI Michigan -
            MN Minnesota America/Chicago
            MS Mississippi America/Chicago
            MO Missouri America/Chicago
            MT Montana America/Denver
            NE Nebraska -
            NV Nevada -
            NH New_Hampshire America/New_York
            NJ New_Jersey America/New_York
            NM New_Mexico America/Denver
            NY New_York America/New_York
            NC North_Carolina America/New_York
            ND North_Dakota -
            OH Ohio America/New_York
            OK Oklahoma America/Chicago
            OR Oregon -
            PA Pennsylvania America/New_York
            PR Puerto_Rico America/Puerto_Rico
            RI Rhode_Island America/New_York
            SC South_Carolina America/New_York
            SD South_Dakota -
            TN Tennessee -
            TX Texas -
            UT Utah America/Denver
            VT Vermont America/New_York
            VA Virginia America/New_York
            WA Washington America/Los_Angeles
            WV West_Virginia America/New_York
            WI Wisconsin America/Chicago
            WY Wyoming America/Denver
            """;
    private static final Map<String, String> CODES = new HashMap<>();
    private static final Map<String, ZoneId> ZONES = new HashMap<>();

    static {
        TABLE.lines().map(line -> line.split(" ")).forEach(row -> {
            CODES.put(row[0], row[0]);
            CODES.put(row[1].replace('_', ' ').toUpperCase(Locale.ROOT), row[0]);
            if (!row[2].equals("-")) {
                ZONES.put(row[0], ZoneId.of(row[2]));
            }
        });
    }

    private States() {}

    /** The two-letter code of a state written either way; none when it is not one. */
    static @Nullable String code(@Nullable String written) {
        return written == null ? null : CODES.get(written.strip().toUpperCase(Locale.ROOT));
    }

    static @Nullable ZoneId zone(@Nullable String code) {
        return code == null ? null : ZONES.get(code);
    }
}
