package health.throughline.conversation;

import com.ibm.icu.text.DateFormat;
import com.ibm.icu.text.MessageFormat;
import com.ibm.icu.util.TimeZone;
import com.ibm.icu.util.ULocale;
import health.throughline.consent.Purpose;
import health.throughline.consent.Urgency;
import java.text.Format;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One published wording: a text in one language for one channel.
 *
 * @param version none where a person speaks freely
 * @param critical a wrong word could harm: it goes out only reviewed by a named person (K14)
 * @param pattern ICU MessageFormat with named arguments; wall-clock times are given as {@link LocalDateTime}
 */
record Text(
        @Nullable UUID version,
        String key,
        String channel,
        String locale,
        Purpose purpose,
        Urgency urgency,
        boolean critical,
        boolean reviewed,
        Set<String> variables,
        String pattern) {

    /** The one variable of {@link #spoken}. */
    static final String SPOKEN = "body";

    /** What a person says in their own words, of no published version. */
    static Text spoken(Purpose purpose, String locale) {
        return new Text(
                null,
                "spoken",
                "sms",
                locale,
                purpose,
                Urgency.TIME_BOUND,
                false,
                true,
                Set.of(SPOKEN),
                "{" + SPOKEN + "}");
    }

    /** @throws IllegalArgumentException naming the variable that was not given, or was given and is not declared */
    String render(Map<String, Object> values) {
        if (!values.keySet().containsAll(variables)) {
            Set<String> missing = new TreeSet<>(variables);
            missing.removeAll(values.keySet());
            throw new IllegalArgumentException("Text " + key + " needs values for " + missing);
        }
        MessageFormat format = new MessageFormat(pattern, ULocale.forLanguageTag(locale));
        for (Format part : format.getFormats()) {
            if (part instanceof DateFormat date) {
                date.setTimeZone(TimeZone.GMT_ZONE);
            }
        }
        Map<String, Object> arguments = new HashMap<>();
        values.forEach((name, value) -> arguments.put(
                name, value instanceof LocalDateTime local ? Date.from(local.toInstant(ZoneOffset.UTC)) : value));
        // formatters put narrow no-break spaces into times; on the phone they would double the price of the whole text
        return format.format(arguments)
                .replace('\u202f', ' ')
                .replace('\u00a0', ' ')
                .strip();
    }
}
