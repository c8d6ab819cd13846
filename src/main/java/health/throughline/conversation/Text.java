package health.throughline.conversation;

import com.ibm.icu.text.DateFormat;
import com.ibm.icu.text.MessageFormat;
import com.ibm.icu.util.TimeZone;
import com.ibm.icu.util.ULocale;
import health.throughline.channel.Channel;
import health.throughline.consent.Purpose;
import health.throughline.consent.Urgency;
import java.text.Format;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One published wording: a text in one language for one channel.
 *
 * @param version none where a person speaks freely
 * @param critical a wrong word could harm: it goes out only reviewed by a named person (K14)
 * @param variables those that this wording uses
 * @param pattern ICU MessageFormat with named arguments; wall-clock times are given as {@link LocalDateTime}
 * @param parts patterns the channel's wording has besides, by name
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
        String pattern,
        Map<String, String> parts) {

    /** The one variable of {@link #spoken}. */
    static final String SPOKEN = "body";

    /** The part that stands for the message where it is said together with others. */
    static final String ITEM = "item";

    /** What a person says in their own words, of no published version. */
    static Text spoken(Purpose purpose, Channel channel, String locale) {
        return new Text(
                null,
                "spoken",
                channel.code(),
                locale,
                purpose,
                Urgency.TIME_BOUND,
                false,
                true,
                Set.of(SPOKEN),
                "{" + SPOKEN + "}",
                Map.of());
    }

    /** @throws IllegalArgumentException naming the variables that were not given */
    String render(Map<String, Object> values) {
        return render(pattern, values);
    }

    /** The parts beside the body, rendered. Throws as {@link #render} does. */
    Map<String, String> renderParts(Map<String, Object> values) {
        Map<String, String> rendered = new TreeMap<>();
        parts.forEach((name, part) -> rendered.put(name, render(part, values)));
        return rendered;
    }

    private String render(String pattern, Map<String, Object> values) {
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
