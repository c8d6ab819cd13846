package health.throughline.channel;

import java.util.Locale;

/** A way to reach a patient. */
public enum Channel {
    SMS,
    VOICE,
    EMAIL;

    /** As written in the database, in models and in the API. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Channel ofCode(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
