package health.throughline.channel;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What may be said while somebody is on the line. Asked by an adapter in the middle of a call, so it answers at once; stores nothing but
 * what {@link #textInstead} asks for, and that {@link #bornOn} was. Implemented by {@code conversation}.
 */
public interface Dialogues {

    /** What the attempt has to say; none where there is no such attempt. */
    Optional<Dialogue> of(AttemptId attempt);

    /**
     * What is said to who calls us from there: about the one visit asked about at that number, else about nobody.
     *
     * @param known whether it is certain that the call comes from there; else nothing is said that tells whose number it is
     */
    Dialogue ofCaller(Address caller, boolean known);

    /** Whether the one patient of the number was born on that day. Every try counts; see {@link Proof#ENOUGH}. */
    Proof bornOn(Address caller, LocalDate day);

    /** What became of a try to show who calls. */
    enum Proof {
        RIGHT,
        WRONG,
        /** Too many tries for this number lately: it was not looked at. A person has to find out. */
        ENOUGH
    }

    /**
     * What words mean. The same words mean the same when they come in through the inbox later.
     *
     * @param answers the attempt they answer, where there is one
     * @param locale language that was spoken before
     */
    Understood understand(@Nullable AttemptId answers, String words, String locale);

    /**
     * Says it by text instead, where consent and the number allow that.
     *
     * @param answers the attempt that asked, where there is one
     * @return whether a text goes
     */
    boolean textInstead(@Nullable AttemptId answers, Address caller);

    /**
     * A call's words and what it may do.
     *
     * @param answers the attempt that a key pressed in it answers; none where nothing is asked
     * @param question kind of the question that is open; none where no answer is waited for
     * @param wordings never empty, the one in the patient's language first
     * @param transferTo where a person answers now, E.164; none where nobody does
     */
    record Dialogue(
            @Nullable AttemptId answers,
            @Nullable String question,
            List<Wording> wordings,
            @Nullable String transferTo) {}

    /**
     * @param text what is said first
     * @param prompts everything else that may be said, by name
     */
    record Wording(String locale, String text, Map<String, String> prompts) {

        /** Said to who speaks of danger. */
        public static final String DANGER = "danger";

        /**
         * What every telephone menu in the country says, and all that is said of danger where nobody has reviewed more: silence would be
         * the one wrong answer.
         */
        private static final Map<String, String> IN_DANGER = Map.of(
                "en", "If this is an emergency, hang up and call 9 1 1 now.",
                "es", "Si es una emergencia, cuelgue y llame al 9 1 1 ahora.");

        /** Empty where there is none of that name, except for {@link #DANGER}: that is never met with silence. */
        public String prompt(String name) {
            String prompt = prompts.getOrDefault(name, "");
            return name.equals(DANGER) && prompt.isBlank() ? inDanger(locale) : prompt;
        }

        private static String inDanger(String locale) {
            return IN_DANGER.getOrDefault(locale.split("-", 2)[0], IN_DANGER.getOrDefault("en", ""));
        }
    }

    /**
     * @param meaning code, {@code unclear} where it is in doubt
     * @param danger words that call for help at once
     */
    record Understood(String meaning, boolean danger) {}
}
