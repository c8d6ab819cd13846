package health.throughline.channel.voice;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a call stands, as the path of the next request says it: a call has no other memory.
 *
 * @param step what was asked of the provider last
 * @param wording which of the dialogue's languages is spoken
 * @param misses how often nothing, or nothing clear, was heard
 * @param number counts requests of the call
 * @param known whether it is certain that somebody who calls us calls from the number that shows: its carrier vouches for it, or they
 *     keyed their date of birth. The path is ours and signed, so nobody else can say so
 */
record Turn(Step step, int wording, boolean slow, int misses, int number, boolean known) {

    static final Turn FIRST = new Turn(Step.MENU, 0, false, 0, 1, false);

    private static final Pattern PATH = Pattern.compile(
            "(text|menu|doubt|dialed|help|left|birth)-(\\d{1,2})-([01])-(\\d{1,2})-(\\d{1,3})(-known)?");

    /** What the provider was asked to do. */
    enum Step {
        /** Said the message, and listened meanwhile. */
        TEXT,
        /** Listens for a key or words. */
        MENU,
        /** Said who calls, and listens whether a person is there. */
        DOUBT,
        /** Called a person. */
        DIALED,
        /** Called a person for somebody in danger. */
        HELP,
        /** Spoke to a voicemail, to the end. */
        LEFT,
        /** Listens for a date of birth. */
        BIRTH
    }

    static Optional<Turn> ofPath(String path) {
        Matcher parts = PATH.matcher(path);
        return parts.matches()
                ? Optional.of(new Turn(
                        Step.valueOf(parts.group(1).toUpperCase(java.util.Locale.ROOT)),
                        Integer.parseInt(parts.group(2)),
                        parts.group(3).equals("1"),
                        Integer.parseInt(parts.group(4)),
                        Integer.parseInt(parts.group(5)),
                        parts.group(6) != null))
                : Optional.empty();
    }

    String path() {
        return step.name().toLowerCase(java.util.Locale.ROOT) + "-" + wording + "-" + (slow ? 1 : 0) + "-" + misses
                + "-" + number + (known ? "-known" : "");
    }

    Turn next(Step then) {
        return new Turn(then, wording, slow, misses, number + 1, known);
    }

    Turn heard() {
        return new Turn(step, wording, slow, 0, number, known);
    }

    Turn missed() {
        return new Turn(step, wording, slow, misses + 1, number, known);
    }

    Turn slower() {
        return new Turn(step, wording, true, 0, number, known);
    }

    Turn in(int otherWording) {
        return new Turn(step, otherWording, slow, 0, number, known);
    }

    Turn asKnown() {
        return new Turn(step, wording, slow, 0, number, true);
    }
}
