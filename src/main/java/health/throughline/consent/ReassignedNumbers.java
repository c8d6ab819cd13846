package health.throughline.consent;

import java.time.LocalDate;

/** Asks whether a phone number has changed hands since (K9). Called outside any transaction. Without one nobody is asked. */
public interface ReassignedNumbers {

    /**
     * @param phone E.164
     * @param confirmedOn when the patient was last known to have it
     * @throws Unavailable where there was no answer: that proves nothing, and it is asked again
     */
    Answer ask(String phone, LocalDate confirmedOn);

    /** What is known. No data is not a no. */
    enum Answer {
        NO,
        YES,
        NO_DATA;

        public String code() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    /** The look-up did not answer. */
    final class Unavailable extends RuntimeException {
        public Unavailable(String reason) {
            super(reason);
        }
    }
}
