package health.throughline.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.conversation.ReplyReader.Context;
import health.throughline.conversation.ReplyReader.Meaning;
import health.throughline.conversation.ReplyReader.Reading;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.Month;
import java.util.List;
import java.util.Locale;

/** Replies with what they mean, one a line: text, tab, meaning. {@code RED_FLAG} stands for any meaning with the flag raised. */
record ReplyExamples(Locale language, List<Example> examples) {

    static final String RED_FLAG = "RED_FLAG";
    /** What the examples answer to: a visit on a Thursday at half past nine. */
    private static final LocalDateTime VISIT = LocalDateTime.of(2026, Month.NOVEMBER, 26, 9, 30);

    private static final RuleReplyReader READER = new RuleReplyReader();

    static ReplyExamples of(String name, String language) {
        String resource = "/replies/%s-%s.tsv".formatted(name, language);
        try (InputStream stream = ReplyExamples.class.getResourceAsStream(resource)) {
            assertThat(stream).as("examples %s", resource).isNotNull();
            return new ReplyExamples(
                    Locale.of(language),
                    new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> line.contains("\t") && !line.startsWith("#"))
                            .map(line -> line.split("\t"))
                            .map(row -> new Example(row[0], row[1].strip()))
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Reading read(String text, Locale language) {
        return READER.read(text, new Context("confirm-visit", language, VISIT));
    }

    List<Example> meaning(Meaning meaning) {
        return examples.stream().filter(example -> example.means(meaning)).toList();
    }

    /** What a text is expected to mean. */
    record Example(String text, String expected) {

        boolean means(Meaning meaning) {
            return expected.equals(meaning.name());
        }

        boolean isFlagged() {
            return expected.equals(RED_FLAG);
        }
    }
}
