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
 */
record Turn(Step step, int wording, boolean slow, int misses, int number) {

    static final Turn FIRST = new Turn(Step.MENU, 0, false, 0, 1);

    private static final Pattern PATH =
            Pattern.compile("(text|menu|doubt|dialed|help|left)-(\\d{1,2})-([01])-(\\d{1,2})-(\\d{1,3})");

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
        LEFT
    }

    static Optional<Turn> ofPath(String path) {
        Matcher parts = PATH.matcher(path);
        return parts.matches()
                ? Optional.of(new Turn(
                        Step.valueOf(parts.group(1).toUpperCase(java.util.Locale.ROOT)),
                        Integer.parseInt(parts.group(2)),
                        parts.group(3).equals("1"),
                        Integer.parseInt(parts.group(4)),
                        Integer.parseInt(parts.group(5))))
                : Optional.empty();
    }

    String path() {
        return step.name().toLowerCase(java.util.Locale.ROOT) + "-" + wording + "-" + (slow ? 1 : 0) + "-" + misses
                + "-" + number;
    }

    Turn next(Step then) {
        return new Turn(then, wording, slow, misses, number + 1);
    }

    Turn heard() {
        return new Turn(step, wording, slow, 0, number);
    }

    Turn missed() {
        return new Turn(step, wording, slow, misses + 1, number);
    }

    Turn slower() {
        return new Turn(step, wording, true, 0, number);
    }

    Turn in(int otherWording) {
        return new Turn(step, otherWording, slow, 0, number);
    }
}
