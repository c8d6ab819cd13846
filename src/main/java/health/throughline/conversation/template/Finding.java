package health.throughline.conversation.template;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a wording, and how to mend it.
 *
 * @param rule code of the rule, for example {@code K12}
 * @param file or key it stands in
 * @param variable none where it is about none
 */
public record Finding(
        Severity severity,
        String rule,
        String file,
        String channel,
        String locale,
        @Nullable String variable,
        String sentence) {

    /** How bad it is. */
    public enum Severity {
        /** The product does not start with it. */
        BROKEN,
        /** It is not published. */
        ERROR,
        WARNING;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether it keeps the wording from being published. */
    public boolean refuses() {
        return severity != Severity.WARNING;
    }

    @Override
    public String toString() {
        return file + ", " + channel + " " + locale + (variable == null ? "" : ", {" + variable + "}") + ": " + sentence
                + " (" + rule + ")";
    }
}
