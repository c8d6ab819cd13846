package health.throughline.consent;

import java.util.Locale;

/** How soon a message must go; decides quiet hours and rate. */
public enum Urgency {
    URGENT(0),
    TIME_BOUND(1),
    ROUTINE(2);

    private final int rank;

    Urgency(int rank) {
        this.rank = rank;
    }

    /** Lower goes first. */
    public int rank() {
        return rank;
    }

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Urgency ofCode(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
