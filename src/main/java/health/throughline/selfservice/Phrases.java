package health.throughline.selfservice;

import com.ibm.icu.text.DateFormat;
import com.ibm.icu.text.MessageFormat;
import com.ibm.icu.util.TimeZone;
import com.ibm.icu.util.ULocale;
import java.io.IOException;
import java.io.InputStream;
import java.text.Format;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The words of a page, from {@code texts/pages}: every phrase in every language the file names, or the product does not start. The
 * pseudo-language {@code ar-XB} turns the English around: it shows that a page mirrors, and that no word of it stands in the code.
 */
final class Phrases {

    static final String MIRRORED = "ar-XB";

    private static final String ENGLISH = "en";
    private static final char FROM_RIGHT = '\u200f';

    private final String file;
    private final List<String> languages;
    private final Map<String, Map<String, String>> phrases;

    private Phrases(String file, List<String> languages, Map<String, Map<String, String>> phrases) {
        this.file = file;
        this.languages = languages;
        this.phrases = phrases;
    }

    @SuppressWarnings("unchecked")
    static Phrases load(String name) {
        String file = "texts/pages/" + name + ".yaml";
        try (InputStream content = new ClassPathResource(file).getInputStream()) {
            Map<String, Object> document = new Yaml(new SafeConstructor(new LoaderOptions())).load(content);
            var languages = Objects.requireNonNull((List<String>) document.get("languages"), file);
            var phrases = Objects.requireNonNull((Map<String, Map<String, String>>) document.get("phrases"), file);
            phrases.forEach((key, wordings) -> {
                if (!wordings.keySet().containsAll(languages)) {
                    throw new IllegalStateException(file + ": " + key + " needs a wording in each of " + languages);
                }
                wordings.forEach((language, wording) -> new MessageFormat(wording, ULocale.forLanguageTag(language)));
            });
            return new Phrases(file, List.copyOf(languages), phrases);
        } catch (IOException e) {
            throw new IllegalStateException(file + " cannot be read", e);
        }
    }

    /** The first that is wanted and there; else English. */
    In in(@Nullable String... wanted) {
        for (String one : wanted) {
            if (one == null || one.isBlank()) {
                continue;
            }
            if (one.equals(MIRRORED)) {
                return new In(MIRRORED);
            }
            String language = ULocale.forLanguageTag(one).getLanguage();
            if (languages.contains(language)) {
                return new In(language);
            }
        }
        return new In(ENGLISH);
    }

    /** Every language there is, and the one that turns the English around. */
    List<String> languagesAndMirrored() {
        return Stream.concat(languages.stream(), Stream.of(MIRRORED)).toList();
    }

    Set<String> keys() {
        return phrases.keySet();
    }

    boolean has(String key) {
        return phrases.containsKey(key);
    }

    /** The words in one language. */
    final class In {

        private final String language;

        private In(String language) {
            this.language = language;
        }

        String language() {
            return language;
        }

        String direction() {
            return ULocale.forLanguageTag(language).isRightToLeft() ? "rtl" : "ltr";
        }

        String say(String key) {
            return say(key, Map.of());
        }

        String say(String key, Map<String, Object> values) {
            boolean mirrored = language.equals(MIRRORED);
            Map<String, String> wordings =
                    Objects.requireNonNull(phrases.get(key), () -> file + " has no phrase " + key);
            String wording = wordings.get(mirrored ? ENGLISH : language);
            MessageFormat format = new MessageFormat(wording, ULocale.forLanguageTag(mirrored ? ENGLISH : language));
            for (Format part : format.getFormats()) {
                if (part instanceof DateFormat date) {
                    date.setTimeZone(TimeZone.GMT_ZONE);
                }
            }
            Map<String, Object> arguments = new HashMap<>();
            values.forEach((name, value) -> arguments.put(
                    name, value instanceof LocalDateTime local ? Date.from(local.toInstant(ZoneOffset.UTC)) : value));
            String said = format.format(arguments).replace('\u202f', ' ').replace('\u00a0', ' ');
            return mirrored ? FROM_RIGHT + "[" + said + "]" + FROM_RIGHT : said;
        }
    }
}
