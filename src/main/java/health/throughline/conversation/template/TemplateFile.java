package health.throughline.conversation.template;

import health.throughline.consent.Purpose;
import health.throughline.consent.Urgency;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A text as its file says it: {@code texts/<key>.yaml}. What is not said about the text itself is a channel, with a wording for each
 * language: a pattern, or several by name, of which {@code text} is the body.
 *
 * @param reviewer who read it and answers for it; none where nobody did
 * @param expires from that day on it is not said any more, until somebody has read it again
 * @param opens whether it may be the first a patient hears from us: then it says who writes, and how to stop and to get help (K6)
 * @param about what it is for, to whoever looks for a text
 * @param together the text that can say it together with others of its kind, each by its part {@code item}; none where it stands alone
 * @param wordings by channel, locale and part
 */
public record TemplateFile(
        String file,
        String key,
        Purpose purpose,
        Urgency urgency,
        String owner,
        @Nullable String reviewer,
        @Nullable LocalDate expires,
        boolean critical,
        boolean opens,
        String about,
        @Nullable String together,
        Map<String, Variable> variables,
        Map<String, Map<String, Map<String, String>>> wordings) {

    /** The part that is said on every channel. */
    public static final String BODY = "text";

    /** The part that is said instead where others may read or hear it: who writes and whom to call, and nothing else (K8). */
    public static final String MINIMAL = "minimal";

    /** The part of an e-mail that goes with it on a sheet of its own. */
    public static final String ATTACHMENT = "attachment";

    private static final Set<String> ABOUT_THE_TEXT = Set.of(
            "key",
            "purpose",
            "urgency",
            "owner",
            "reviewer",
            "expires",
            "critical",
            "opens",
            "about",
            "variables",
            "together");

    /** @param known variables every text may use, by name */
    public static TemplateFile of(String file, Map<String, Object> document, Map<String, Variable> known) {
        Map<String, Map<String, Map<String, String>>> wordings = new TreeMap<>();
        document.forEach((channel, ofLocales) -> {
            if (!ABOUT_THE_TEXT.contains(channel)) {
                if (!(ofLocales instanceof Map<?, ?> locales)) {
                    throw new IllegalStateException(
                            file + ": \"" + channel + "\" is neither something said about the text " + ABOUT_THE_TEXT
                                    + " nor a channel with a wording for each language");
                }
                Map<String, Map<String, String>> ofChannel = new TreeMap<>();
                locales.forEach((locale, wording) ->
                        ofChannel.put(String.valueOf(locale), parts(wording, file + ", " + channel + " " + locale)));
                wordings.put(channel, ofChannel);
            }
        });
        return new TemplateFile(
                file,
                required(document, "key", file),
                Purpose.ofCode(required(document, "purpose", file)),
                Urgency.ofCode(required(document, "urgency", file)),
                required(document, "owner", file),
                text(document, "reviewer"),
                day(document.get("expires"), file),
                Boolean.parseBoolean(required(document, "critical", file)),
                Boolean.parseBoolean(String.valueOf(document.get("opens"))),
                Optional.ofNullable(text(document, "about")).orElse(""),
                text(document, "together"),
                variables(document.get("variables"), known, file),
                wordings);
    }

    public Optional<Map<String, String>> wording(String channel, String locale) {
        return Optional.ofNullable(wordings.get(channel)).map(locales -> locales.get(locale));
    }

    /** Variables by name as a file declares them: names alone, or each with its type. */
    public static Map<String, Variable> variables(@Nullable Object declared, Map<String, Variable> known, String file) {
        Map<String, Variable> variables = new LinkedHashMap<>();
        if (declared instanceof List<?> names) {
            names.forEach(name -> variables.put(
                    String.valueOf(name),
                    Optional.ofNullable(known.get(String.valueOf(name)))
                            .orElseGet(() -> Variable.string(String.valueOf(name)))));
        } else if (declared instanceof Map<?, ?> byName) {
            byName.forEach(
                    (name, how) -> variables.put(String.valueOf(name), variable(String.valueOf(name), how, file)));
        } else if (declared != null) {
            throw new IllegalStateException(file + ": variables are a list of names, or names with types");
        }
        return variables;
    }

    private static Variable variable(String name, Object how, String file) {
        Object code = how instanceof Map<?, ?> said ? said.get("type") : how;
        Variable.Type type = Variable.Type.ofCode(String.valueOf(code))
                .orElseThrow(() -> new IllegalStateException(
                        file + ", {" + name + "}: there is no type \"" + code + "\"; give it one of "
                                + List.of(Variable.Type.values()).stream()
                                        .map(Variable.Type::code)
                                        .toList()));
        List<String> values = new ArrayList<>();
        Map<String, String> samples = new TreeMap<>();
        if (how instanceof Map<?, ?> said) {
            if (said.get("values") instanceof List<?> list) {
                list.forEach(value -> values.add(String.valueOf(value)));
            }
            if (said.get("sample") instanceof Map<?, ?> byLanguage) {
                byLanguage.forEach((language, sample) -> samples.put(String.valueOf(language), String.valueOf(sample)));
            } else if (said.get("sample") != null) {
                samples.put("en", String.valueOf(said.get("sample")));
            }
        }
        return new Variable(name, type, List.copyOf(values), Map.copyOf(samples));
    }

    private static Map<String, String> parts(Object wording, String where) {
        Map<String, String> parts = new TreeMap<>();
        if (wording instanceof Map<?, ?> several) {
            several.forEach((name, pattern) ->
                    parts.put(String.valueOf(name), String.valueOf(pattern).strip()));
        } else {
            parts.put(BODY, String.valueOf(wording).strip());
        }
        if (!parts.containsKey(BODY)) {
            throw new IllegalStateException(where + ": has no part \"" + BODY + "\"");
        }
        return parts;
    }

    private static @Nullable LocalDate day(@Nullable Object value, String file) {
        if (value == null) {
            return null;
        }
        if (value instanceof Date date) {
            return date.toInstant().atZone(ZoneOffset.UTC).toLocalDate();
        }
        throw new IllegalStateException(file + ": expires is a day, for example 2027-12-31");
    }

    private static String required(Map<String, Object> document, String name, String file) {
        String value = text(document, name);
        if (value == null) {
            throw new IllegalStateException(file + " must say its " + name);
        }
        return value;
    }

    private static @Nullable String text(Map<String, Object> document, String name) {
        Object value = document.get(name);
        return value == null ? null : value.toString().strip();
    }
}
