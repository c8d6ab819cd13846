package health.throughline.simulator;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a phone takes its next calls.
 *
 * @param keys what its owner presses, one after the other, when listened for; words stand for themselves, {@link #NOTHING} for silence
 */
record Answering(Way as, List<String> keys) {

    static final String NOTHING = "-";

    /** Rings until its owner picks up on the page, or nobody does. */
    static final Answering RINGS = new Answering(Way.RINGS, List.of());

    /** Who or what answers. */
    enum Way {
        RINGS,
        PERSON,
        VOICEMAIL,
        /** Says that it records without a beep. */
        VOICEMAIL_WITHOUT_BEEP,
        /** The operator of a relay service announces herself for long; the carrier cannot tell what she is. */
        RELAY,
        BUSY,
        NO_ANSWER,
        FAILED;

        String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Optional<Way> ofCode(String code) {
            for (Way way : values()) {
                if (way.code().equals(code)) {
                    return Optional.of(way);
                }
            }
            return Optional.empty();
        }

        /** As Twilio's answering machine detection tells it. */
        String answeredBy() {
            return switch (this) {
                case VOICEMAIL -> "machine_end_beep";
                case VOICEMAIL_WITHOUT_BEEP -> "machine_end_silence";
                case RELAY -> "unknown";
                default -> "human";
            };
        }
    }
}
