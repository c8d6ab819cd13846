package health.throughline.conversation.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Minimum necessary (K12): what gives health away is found, and nothing else is held up by it. */
class PhiLinterTest {

    private static final double CAUGHT_AT_LEAST = 0.98;
    private static final double FALSE_ALARMS_AT_MOST = 0.02;
    private static final List<String> FRAMES = List.of(
            "Mercy Valley: Hello Ana, your visit is on Thursday at 9:30, %s, 12 Main Street. Will you come?",
            "Mercy Valley: please call us about %s. Thank you.",
            "Hola Ana, le escribimos sobre %s. Llame al 303-555-0142.",
            "%s: a new time is open on Monday.",
            "Please call us back (%s).");

    private final PhiLinter linter = new PhiLinter(PhiTerms.inForce(Instant.parse("2026-11-22T00:00:00Z")));

    @Test
    @DisplayName("K12: of 300 planted words at least 98 % are found")
    void findsWhatGivesHealthAway() throws IOException {
        List<String> planted = lines("planted.txt").stream()
                .map(line -> line.substring(line.indexOf('|') + 1).strip())
                .toList();
        List<String> missed = java.util.stream.IntStream.range(0, planted.size())
                .mapToObj(n -> FRAMES.get(n % FRAMES.size()).formatted(planted.get(n)))
                .filter(text -> linter.hits(text).isEmpty())
                .toList();
        System.out.printf("K12: %d of %d planted words found%n", planted.size() - missed.size(), planted.size());
        assertThat(planted).hasSizeGreaterThanOrEqualTo(300).doesNotHaveDuplicates();
        assertThat((double) missed.size() / planted.size())
                .as("not found: %s", missed)
                .isLessThanOrEqualTo(1 - CAUGHT_AT_LEAST);
    }

    @Test
    @DisplayName("K12: of 300 harmless texts at most 2 % are held up")
    void letsHarmlessTextsPass() throws IOException {
        List<String> harmless = lines("harmless.txt");
        List<String> alarms = harmless.stream()
                .filter(text -> !linter.hits(text).isEmpty())
                .map(text -> linter.hits(text) + " in " + text)
                .toList();
        System.out.printf("K12: %d of %d harmless texts held up%n", alarms.size(), harmless.size());
        assertThat(harmless).hasSizeGreaterThanOrEqualTo(300).doesNotHaveDuplicates();
        assertThat((double) alarms.size() / harmless.size())
                .as("held up: %s", alarms)
                .isLessThanOrEqualTo(FALSE_ALARMS_AT_MOST);
    }

    @Test
    @DisplayName("K12: of the conditions and medicines of a published list at least 95 % are found")
    void findsTheWordsOfAListOthersWrote() throws IOException {
        List<String> planted = lines("synthea.txt").stream()
                .map(line -> line.substring(line.indexOf('|') + 1).strip())
                .toList();
        List<String> missed = planted.stream()
                .filter(words ->
                        linter.hits("Please call us about " + words + ".").isEmpty())
                .toList();
        assertThat((double) missed.size() / planted.size())
                .as("not found: %s", missed)
                .isLessThanOrEqualTo(0.05);
    }

    @ParameterizedTest(
            name = "K12: of the texts of the {0} other author at least 98 % are found, at most 2 % held up in vain")
    @ValueSource(strings = {"first", "second", "third", "fourth"})
    void holdsOnTheListsOfOtherAuthors(String author) throws IOException {
        List<String> planted = texts(author + "-planted.tsv");
        List<String> missed =
                planted.stream().filter(text -> linter.hits(text).isEmpty()).toList();
        List<String> clean = texts(author + "-clean.tsv");
        List<String> alarms =
                clean.stream().filter(text -> !linter.hits(text).isEmpty()).toList();
        System.out.printf(
                "K12: the %s author: %d of %d found, %d of %d held up%n",
                author, planted.size() - missed.size(), planted.size(), alarms.size(), clean.size());
        assertThat((double) missed.size() / planted.size())
                .as("not found: %s", missed)
                .isLessThanOrEqualTo(1 - CAUGHT_AT_LEAST);
        assertThat((double) alarms.size() / clean.size())
                .as("held up: %s", alarms)
                .isLessThanOrEqualTo(FALSE_ALARMS_AT_MOST);
    }

    @Test
    void seesThroughAWrongLetter() {
        assertThat(linter.hits("Your colonoscpy is on Tuesday")).isNotEmpty();
        assertThat(linter.hits("Su cita de cardiolgia")).isNotEmpty();
        assertThat(linter.hits("Use the pneumatic door")).isEmpty();
    }

    @Test
    void aTestNextToItsOutcomeIsAResult() {
        assertThat(linter.hits("Your iron is still a bit low.")).isNotEmpty();
        assertThat(linter.hits("Go past the iron gate. The bridge is low.")).isEmpty();
        assertThat(linter.hits("Is the knee still sore?")).isNotEmpty();
    }

    @Test
    void readsWordsThatWereTakenApart() {
        assertThat(linter.hits("H.I.V.")).isNotEmpty();
        assertThat(linter.hits("your o n c o l o g y visit")).isNotEmpty();
        assertThat(linter.hits("Pr0zac")).isNotEmpty();
        assertThat(linter.hits("\u0441ancer")).as("a Cyrillic letter in it").isNotEmpty();
        assertThat(linter.hits("on cology")).isNotEmpty();
    }

    @Test
    void aNameIsNoDiagnosis() {
        assertThat(linter.hits("Dr. Stroke will see you")).isEmpty();
        assertThat(linter.hits("40 Stroke Road")).isEmpty();
        assertThat(linter.hits("after your stroke")).isNotEmpty();
        assertThat(linter.hits("Dr. Lee, Stroke Center")).isNotEmpty();
    }

    @Test
    void saysWhatKindOfWordItIs() {
        assertThat(linter.hits("Come to Lakeside Cardiology for your Metformin"))
                .extracting(PhiLinter.Hit::kind)
                .containsExactly(PhiTerms.Kind.SPECIALTY, PhiTerms.Kind.DRUG);
    }

    private static List<String> texts(String file) throws IOException {
        return lines(file).stream()
                .map(line -> line.substring(line.lastIndexOf('\t') + 1))
                .toList();
    }

    private static List<String> lines(String file) throws IOException {
        try (InputStream in = PhiLinterTest.class.getResourceAsStream("/phi/" + file)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        }
    }
}
