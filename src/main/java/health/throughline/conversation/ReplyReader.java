package health.throughline.conversation;

import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads what a patient wrote. Pure: same text, same context, same reading. Implemented by {@code assistant}. */
public interface ReplyReader {

    Reading read(String text, Context context);

    /** A quick look for the words that {@link #read} takes for a red flag, to order what waits by; it decides nothing. Pure. */
    boolean mayBeDanger(String text);

    /**
     * @param question kind of the open question, for example {@code confirm-visit}; none when nothing is asked
     * @param language what the patient is known to read; none when unknown
     * @param visit local time of the visit asked about; while unknown, any day or hour a patient names is doubt
     */
    record Context(
            @Nullable String question,
            @Nullable Locale language,
            @Nullable LocalDateTime visit) {}

    /**
     * @param meaning what was meant; anything doubtful is {@link Meaning#UNCLEAR}
     * @param redFlag words that call for help at once
     * @param language tag of the language it was written in, as far as told
     * @param because one sentence for a coordinator, without the patient's words
     * @param wishes every intent found, when there was more than one; beside words that call for help only the refusal, where there is one
     */
    record Reading(
            Meaning meaning, boolean redFlag, @Nullable String language, String because, List<Meaning> wishes) {}

    /** What a reply can mean. */
    enum Meaning {
        CONFIRM,
        CANCEL,
        MOVE,
        QUESTION,
        /** Revokes consent in free words (K3). */
        OPT_OUT,
        WRONG_NUMBER,
        /** Polite and without consequence ("thanks", a heart). */
        COURTESY,
        /** Negation, two wishes, or doubt: a person reads it. */
        UNCLEAR;

        /** Chosen in a call whose number nobody vouches for: a refusal all the same. */
        static final String OPT_OUT_UNVOUCHED = "opt-out-unvouched";

        /** Said in such a call: nothing more goes there, and nobody's journey takes it for true. */
        static final String WRONG_NUMBER_UNVOUCHED = "wrong-number-unvouched";

        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** What no meaning has is unclear. */
        static Meaning ofCode(String code) {
            if (code.equals(OPT_OUT_UNVOUCHED)) {
                return OPT_OUT;
            }
            if (code.equals(WRONG_NUMBER_UNVOUCHED)) {
                return WRONG_NUMBER;
            }
            return Arrays.stream(values())
                    .filter(meaning -> meaning.code().equals(code))
                    .findFirst()
                    .orElse(UNCLEAR);
        }
    }
}
