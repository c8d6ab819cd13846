package health.throughline.access;

import java.util.Locale;

/** What a member of staff is trusted with. */
public enum Role {
    COORDINATOR,
    SUPERVISOR,
    MODELER,
    ADMINISTRATOR,
    AUDITOR;

    /** As stored and as the API tells it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Role of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }

    String authority() {
        return "ROLE_" + name();
    }
}
