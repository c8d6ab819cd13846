package health.throughline.conversation;

import com.ibm.icu.text.DateFormat;
import com.ibm.icu.text.MessageFormat;
import com.ibm.icu.util.TimeZone;
import com.ibm.icu.util.ULocale;
import health.throughline.channel.Channel;
import health.throughline.consent.Purpose;
import health.throughline.consent.Urgency;
import health.throughline.conversation.template.Exposure;
import health.throughline.conversation.template.TemplateFile;
import health.throughline.conversation.template.Wording;
import java.text.Format;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
 * @param expires from that day on it is not said any more; none where it stays good
 * @param variables those that this wording uses
 * @param people those of them that are a person's name
 * @param pattern ICU MessageFormat with named arguments; wall-clock times are given as {@link LocalDateTime}
 * @param parts patterns the channel's wording has besides, by name
 * @param isMinimal it says no more than whom to call
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
        @Nullable LocalDate expires,
        Set<String> variables,
        Set<String> people,
        String pattern,
        Map<String, String> parts,
        boolean isMinimal) {

    /** The one variable of {@link #spoken}. */
    static final String SPOKEN = "body";

    private static final String SOMEBODY = "N";

    private static final String PHONE = "phone";

    /** So long before it would be untrue, a text that asks to call goes though nobody is there to answer. */
    private static final Duration LEFT_TO_CALL = Duration.ofHours(3);

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
                null,
                Set.of(SPOKEN),
                Set.of(),
                "{" + SPOKEN + "}",
                Map.of(),
                false);
    }

    /** What is said instead where others may read it (K8); none where the wording has nothing less. */
    Optional<Text> minimal() {
        return Optional.ofNullable(parts.get(TemplateFile.MINIMAL))
                .map(least -> new Text(
                        version,
                        key,
                        channel,
                        locale,
                        purpose,
                        urgency,
                        critical,
                        reviewed,
                        expires,
                        new Wording(least).variables(),
                        Set.of(),
                        least,
                        Map.of(),
                        true));
    }

    /** The same words for another purpose. */
    Text as(Purpose purpose, Urgency urgency) {
        return new Text(
                version, key, channel, locale, purpose, urgency, critical, reviewed, expires, variables, people,
                pattern, parts, isMinimal);
    }

    /** In a person's own words. */
    boolean isSpoken() {
        return version == null;
    }

    /** A text that names a phone number asks to call it; somebody should be there (K11). */
    boolean asksToCall() {
        return variables.contains(PHONE);
    }

    /** Until when what asks to call, and is true until then, waits for somebody to be there. */
    static Instant latestToCall(Instant expiresAt) {
        return expiresAt.minus(LEFT_TO_CALL);
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

    /** What others may see or hear of it, by part, without the names of people: those give nothing away, whatever they sound like. */
    Map<String, String> exposed(Map<String, Object> values) {
        Map<String, Object> nameless = new HashMap<>(values);
        people.forEach(name -> nameless.replace(name, SOMEBODY));
        Map<String, String> exposed = new TreeMap<>();
        if (Exposure.of(channel, TemplateFile.BODY)) {
            exposed.put(TemplateFile.BODY, render(nameless));
        }
        parts.forEach((name, part) -> {
            if (Exposure.of(channel, name)) {
                exposed.put(name, render(part, nameless));
            }
        });
        return exposed;
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
