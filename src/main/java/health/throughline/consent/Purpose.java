package health.throughline.consent;

import java.util.Locale;

/** What a message is for; decides which consent it needs (K1). */
public enum Purpose {
    CARE,
    OPERATIONAL,
    BILLING,
    MARKETING;

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Purpose ofCode(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
