package health.throughline.patient;

import java.util.Locale;

/** What a patient's record is good for. Only {@link #ACTIVE} and {@link #TEST} patients are ever contacted. */
public enum PatientStatus {
    ACTIVE,
    DECEASED,
    MERGED,
    DISPUTED,
    TEST,
    STAFF_RESTRICTED;

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static PatientStatus ofCode(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
