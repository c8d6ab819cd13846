package health.throughline.assistant;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The rules of {@code replies.yaml}, ready to use.
 *
 * @param together rows of two sets of words; one of each anywhere in a message is a red flag
 */
record ReplyRules(
        String version,
        ReplyCutter cutter,
        Map<Kind, RuleIndex> phrases,
        Map<String, Set<String>> classes,
        Map<String, Set<String>> negations,
        Map<String, Set<String>> vocabulary,
        List<List<Set<String>>> together) {

    /** @param language tag of the language it belongs to */
    record Rule(String language, Phrase phrase) {}

    static final List<String> LANGUAGES = List.of("en", "es");

    /** Rules of that kind that may begin with that word. */
    List<Rule> phrases(Kind kind, Word word) {
        RuleIndex index = phrases.get(kind);
        return index == null ? List.of() : index.beginningWith(word);
    }

    static ReplyRules load(String resource) {
        try (InputStream stream = ReplyRules.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("The rules for replies, " + resource + ", are missing.");
            }
            return of(new Section(new Yaml(new SafeConstructor(new LoaderOptions())).load(stream)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ReplyRules of(Section yaml) {
        Map<String, Set<String>> classes = yaml.section("classes").words();
        Map<String, Set<String>> negations = yaml.section("negations").words();
        Map<Kind, List<Rule>> phrases = phrases(yaml.section("kinds"), classes);
        Map<String, Set<String>> vocabulary = new HashMap<>();
        LANGUAGES.forEach(language -> vocabulary.put(language, vocabulary(language, phrases, negations)));
        List<List<Set<String>>> together = yaml.sections("together").stream()
                .map(row -> List.of(split(row.text("first")), split(row.text("second"))))
                .toList();

        Set<String> known = new HashSet<>();
        Stream.of(vocabulary.values(), classes.values())
                .flatMap(sets -> sets.stream())
                .forEach(known::addAll);
        together.forEach(row -> row.forEach(known::addAll));
        List<String> stems = phrases.values().stream()
                .flatMap(List::stream)
                .flatMap(rule -> rule.phrase().stems().stream())
                .toList();
        Map<String, String> shorthand = new HashMap<>();
        yaml.section("shorthand").texts().forEach((from, to) -> shorthand.put(Spelling.fold(from), to));
        known.addAll(split(yaml.text("correctable")));
        Spelling spelling = new Spelling(
                word -> known.contains(word) || stems.stream().anyMatch(word::startsWith),
                Map.copyOf(shorthand),
                split(yaml.text("correctable")));
        return new ReplyRules(
                yaml.text("version"),
                new ReplyCutter(spelling, signs(yaml.section("signs")), Map.copyOf(shorthand)),
                indexed(phrases),
                classes,
                negations,
                vocabulary,
                together);
    }

    private static Map<Kind, List<Rule>> phrases(Section kinds, Map<String, Set<String>> classes) {
        Map<Kind, List<Rule>> phrases = new EnumMap<>(Kind.class);
        for (Kind kind : EnumSet.complementOf(EnumSet.of(Kind.VISIT))) {
            List<Rule> rules = new ArrayList<>();
            for (String language : LANGUAGES) {
                kinds.section(kind.key())
                        .list(language)
                        .forEach(source -> rules.add(new Rule(language, Phrase.of(source, classes))));
            }
            phrases.put(kind, List.copyOf(rules));
        }
        return phrases;
    }

    private static Map<Kind, RuleIndex> indexed(Map<Kind, List<Rule>> phrases) {
        Map<Kind, RuleIndex> indexed = new EnumMap<>(Kind.class);
        phrases.forEach((kind, rules) -> indexed.put(kind, RuleIndex.of(rules)));
        return indexed;
    }

    private static Set<String> vocabulary(
            String language, Map<Kind, List<Rule>> phrases, Map<String, Set<String>> negations) {
        Set<String> words = new HashSet<>(negations.getOrDefault(language, Set.of()));
        phrases.values().stream()
                .flatMap(List::stream)
                .filter(rule -> rule.language().equals(language))
                .flatMap(rule -> rule.phrase().literals().stream())
                .forEach(literal -> words.add(Spelling.fold(literal)));
        return Set.copyOf(words);
    }

    private static Map<Integer, String> signs(Section section) {
        Map<Integer, String> signs = new HashMap<>();
        section.texts().forEach((name, points) -> points.codePoints().forEach(point -> signs.put(point, name)));
        return Map.copyOf(signs);
    }

    private static Set<String> split(String words) {
        return Arrays.stream(words.strip().split("\\s+")).collect(Collectors.toUnmodifiableSet());
    }

    /** A mapping of the file; whatever is missing is named. */
    private record Section(@Nullable Object yaml) {

        private Object value(String key) {
            if (yaml instanceof Map<?, ?> map && map.get(key) != null) {
                return Objects.requireNonNull(map.get(key));
            }
            throw new IllegalStateException("The rules for replies lack \"" + key + "\".");
        }

        Section section(String key) {
            return new Section(value(key));
        }

        String text(String key) {
            return value(key).toString();
        }

        List<String> list(String key) {
            return value(key) instanceof List<?> list
                    ? list.stream().map(String::valueOf).toList()
                    : List.of();
        }

        List<Section> sections(String key) {
            return value(key) instanceof List<?> list
                    ? list.stream().map(row -> new Section(row)).toList()
                    : List.of();
        }

        Map<String, String> texts() {
            Map<String, String> texts = new HashMap<>();
            if (yaml instanceof Map<?, ?> map) {
                map.forEach((key, value) -> texts.put(String.valueOf(key), String.valueOf(value)));
            }
            return texts;
        }

        Map<String, Set<String>> words() {
            return texts().entrySet().stream()
                    .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> split(entry.getValue())));
        }
    }
}
