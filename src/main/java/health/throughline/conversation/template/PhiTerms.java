package health.throughline.conversation.template;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The words that give health away, as files that say from when they hold and where they come from ({@code rules/phi-terms*.json}).
 *
 * @param source law or decision it follows; each list names its own
 */
public record PhiTerms(String name, String version, LocalDate effectiveFrom, String source, Content content) {

    private static final String FILES = "classpath:rules/phi-terms*.json";

    /**
     * @param sets words that phrases name together: "@body" stands for each of that set, "{sore|stiff}" for each of these
     * @param harmless phrases that are none of it, whatever words they hold
     * @param firstNames words that are first names too: written with a capital letter they count as such
     * @param ambiguous words that are names too: after a title or greeting and in the name of a street they count as such
     * @param titles after which whatever is written with a capital letter is a name
     * @param nameAfter titles and greetings, after which a name may come
     * @param streetBefore words a street's name follows, "calle"
     */
    public record Content(
            Map<String, List<String>> sets,
            List<Terms> terms,
            List<Near> near,
            List<Stems> stems,
            Misspelt misspelt,
            List<String> harmless,
            List<String> firstNames,
            List<String> ambiguous,
            List<String> titles,
            List<String> nameAfter,
            List<String> streetWords,
            List<String> streetBefore) {}

    /** @param words a word with a capital letter counts only as it is written here, or in capitals */
    public record Terms(Kind kind, String language, String source, List<String> words) {}

    /** Words that give something away only together, in one sentence, with at most so many words between. */
    public record Near(Kind kind, String source, int within, List<String> first, List<String> second) {}

    /** @param except words and names that are one letter apart from a word of the lists, or sound like it */
    public record Misspelt(String source, int atLeast, List<String> except) {}

    /** Endings by which a word is known for one of its kind. */
    public record Stems(Kind kind, String source, int atLeast, List<String> endings, List<String> except) {}

    /** What a word gives away. */
    public enum Kind {
        @JsonProperty("condition")
        CONDITION("a condition"),
        @JsonProperty("drug")
        DRUG("a medicine"),
        @JsonProperty("specialty")
        SPECIALTY("a medical specialty"),
        @JsonProperty("procedure")
        PROCEDURE("a test or treatment"),
        @JsonProperty("result")
        RESULT("a result");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** With its article, to be put into a sentence. */
        public String words() {
            return words;
        }

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The version in force at that instant; before the first came into force, the first. */
    public static PhiTerms inForce(Instant at) {
        LocalDate day = at.atZone(ZoneOffset.UTC).toLocalDate();
        List<PhiTerms> versions = read();
        return versions.stream()
                .filter(version -> !version.effectiveFrom().isAfter(day))
                .reduce((earlier, later) -> later)
                .orElseGet(versions::getFirst);
    }

    private static List<PhiTerms> read() {
        JsonMapper json = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        List<PhiTerms> versions = new ArrayList<>();
        try {
            for (Resource file : new PathMatchingResourcePatternResolver().getResources(FILES)) {
                try (InputStream content = file.getInputStream()) {
                    versions.add(json.readValue(content, PhiTerms.class));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The list of words that give health away could not be read", e);
        }
        if (versions.isEmpty()) {
            throw new IllegalStateException("There is no " + FILES + ": without it nothing may be sent");
        }
        versions.sort(Comparator.comparing(PhiTerms::effectiveFrom));
        return versions;
    }
}
