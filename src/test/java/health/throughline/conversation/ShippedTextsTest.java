package health.throughline.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.conversation.template.Finding;
import health.throughline.conversation.template.PhiLinter;
import health.throughline.conversation.template.PhiTerms;
import health.throughline.conversation.template.TemplateFile;
import health.throughline.conversation.template.Wording;
import health.throughline.conversation.template.WordingLinter;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.yaml.snakeyaml.Yaml;

/** Every wording the product comes with, read as a publication reads it. */
class ShippedTextsTest {

    private static final List<String> LANGUAGES = List.of("en", "es");
    private static final Pattern BLAME = Pattern.compile(
            "(?iu)\\b(failed to|you did not|no-show|neglected|fall\u00f3|no cumpli\u00f3|incumpli\u00f3)\\b");

    private final WordingLinter linter =
            new WordingLinter(new PhiLinter(PhiTerms.inForce(Instant.parse("2026-11-22T00:00:00Z"))));

    @Test
    @DisplayName("K4, K6, K12, K14, K15, K16: nothing is said against any of them; English reads at grade 6 or below")
    void nothingIsSaidAgainstAny() throws IOException {
        List<Finding> refusing = new ArrayList<>();
        for (TemplateFile file : Texts.read()) {
            linter.findings(file, LANGUAGES).stream().filter(Finding::refuses).forEach(refusing::add);
        }
        assertThat(refusing).isEmpty();
    }

    @Test
    @DisplayName("K16: there is one text around every call, and it is held to saying who calls and where to call back")
    void theTextAroundCallsIsHeldToItsRule() throws IOException {
        assertThat(Texts.read().stream().filter(file -> file.key().equals("voice-prompts")))
                .singleElement()
                .satisfies(file -> assertThat(
                                Objects.requireNonNull(file.wordings().get("voice"))
                                        .values())
                        .allMatch(parts -> parts.containsKey("who")));
    }

    @Test
    @DisplayName("K14: whatever is said to patients is said in every language that is turned on")
    void everyChannelHasEveryLanguage() throws IOException {
        for (TemplateFile file : Texts.read()) {
            if (!file.owner().equals("patient-safety") || file.critical()) {
                file.wordings()
                        .forEach((channel, locales) -> assertThat(locales.keySet())
                                .as(file.file() + " " + channel)
                                .containsAll(LANGUAGES));
            }
        }
    }

    @Test
    void nobodyIsBlamedAndNobodyIsAskedTwoThings() throws IOException {
        for (TemplateFile file : Texts.read()) {
            file.wordings()
                    .forEach((channel, locales) -> locales.forEach((locale, parts) -> parts.forEach((part, pattern) -> {
                        String words = new Wording(pattern).everything();
                        assertThat(words)
                                .as(file.file() + " " + channel + " " + locale)
                                .doesNotContainPattern(BLAME);
                    })));
        }
    }

    /** Also what a coordinator reads out on the phone, until it is clear who listens. */
    @Test
    @DisplayName("K12: call scripts name nothing about health")
    void callScriptsNameNothing() throws IOException {
        PhiLinter phi = new PhiLinter(PhiTerms.inForce(Instant.parse("2026-11-22T00:00:00Z")));
        try (InputStream content = new ClassPathResource("texts/calls/scripts.yaml").getInputStream()) {
            List<String> wordings = new ArrayList<>();
            strings(new Yaml().load(content), wordings);
            assertThat(wordings).hasSizeGreaterThan(30);
            assertThat(wordings)
                    .allSatisfy(wording -> assertThat(phi.hits(wording)).isEmpty());
        }
    }

    private static void strings(Object document, List<String> found) {
        if (document instanceof Map<?, ?> map) {
            map.values().forEach(value -> strings(value, found));
        } else if (document instanceof List<?> list) {
            list.forEach(value -> strings(value, found));
        } else if (document instanceof String text && text.contains(" ")) {
            found.add(text);
        }
    }
}
