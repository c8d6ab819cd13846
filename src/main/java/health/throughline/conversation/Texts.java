package health.throughline.conversation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.ibm.icu.util.ULocale;
import health.throughline.conversation.JdbcTexts.Stored;
import health.throughline.conversation.template.Finding;
import health.throughline.conversation.template.PhiLinter;
import health.throughline.conversation.template.PhiTerms;
import health.throughline.conversation.template.TemplateFile;
import health.throughline.conversation.template.Variable;
import health.throughline.conversation.template.Wording;
import health.throughline.conversation.template.WordingLinter;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The texts under {@code texts/}, one file per key, each wording recorded once as an immutable {@code template_version}; and which of the
 * versions is said. A wording that gives health away, asks for CANCEL or cannot be read stops start-up (K4, K12).
 */
@Component
class Texts implements InitializingBean {

    private static final String FILES = "classpath:texts/*.yaml";
    private static final String VARIABLES = "texts/variables/common.yaml";
    private static final int KEPT = 2_000;
    /** Name of the part that is the body in another language, without the language. */
    static final String IN_LANGUAGE = "text.";

    private final JdbcTexts stored;
    private final TransactionTemplate transaction;
    private final ConversationSettings settings;
    private final Clock clock;
    private final PhiLinter phi;
    private final WordingLinter linter;
    private final Map<String, TemplateFile> files = new TreeMap<>();
    private final Cache<UUID, Text> texts =
            Caffeine.newBuilder().maximumSize(KEPT).build();

    Texts(JdbcTexts stored, TransactionTemplate transaction, ConversationSettings settings, Clock clock) {
        this.stored = stored;
        this.transaction = transaction;
        this.settings = settings;
        this.clock = clock;
        this.phi = new PhiLinter(PhiTerms.inForce(clock.instant()));
        this.linter = new WordingLinter(phi);
    }

    /**
     * In the language, else in its base language ({@code es-MX} falls back to {@code es}); never in another language (K14). The version in
     * force at this moment: an approved edit holds from the next message on.
     */
    Optional<Text> find(String key, String channel, String language) {
        TemplateFile file = files.get(key);
        if (file == null) {
            return Optional.empty();
        }
        return stored.inForce(
                        key, channel, language, ULocale.forLanguageTag(language).getLanguage())
                .map(version -> texts.get(version, id -> text(file, stored.version(id))));
    }

    /** The text that can say this one together with others of its kind, each by its item. */
    Optional<String> together(String key) {
        return Optional.ofNullable(files.get(key)).map(TemplateFile::together);
    }

    /** The wordings of that key and channel in every language there is, by language. */
    List<Text> inEveryLanguage(String key, String channel) {
        TemplateFile file = files.get(key);
        return file == null
                ? List.of()
                : file.wordings().getOrDefault(channel, Map.of()).keySet().stream()
                        .sorted()
                        .flatMap(locale -> find(key, channel, locale).stream())
                        .toList();
    }

    /**
     * All that is said beside the body.
     *
     * @param everyLanguage with the body in every other language that may go, as {@code text.<language>}
     */
    Map<String, String> parts(Text text, Map<String, Object> values, boolean everyLanguage) {
        Map<String, String> parts = text.renderParts(values);
        parts.remove(TemplateFile.MINIMAL);
        if (everyLanguage) {
            inEveryLanguage(text.key(), text.channel()).stream()
                    .filter(other -> !other.locale().equals(text.locale()))
                    .filter(this::mayGo)
                    .flatMap(other -> text.isMinimal() ? other.minimal().stream() : Stream.of(other))
                    .forEach(other -> parts.put(IN_LANGUAGE + other.locale(), other.render(values)));
        }
        return parts;
    }

    /** A wrong word in a critical text could harm: it goes out only reviewed by a named person (K14). */
    boolean mayGo(Text text) {
        return !text.critical() || text.reviewed() || settings.allowUnreviewed();
    }

    boolean knows(String key, String channel) {
        TemplateFile file = files.get(key);
        return file != null && file.wordings().containsKey(channel);
    }

    boolean knows(String key) {
        return files.containsKey(key);
    }

    Map<String, TemplateFile> files() {
        return files;
    }

    PhiLinter phi() {
        return phi;
    }

    WordingLinter linter() {
        return linter;
    }

    /** A wording as it would be said, also one that is not published. */
    static Text text(TemplateFile file, Stored wording) {
        Map<String, String> parts = new TreeMap<>(wording.parts());
        String body = parts.remove(TemplateFile.BODY);
        if (body == null) {
            throw new IllegalStateException("A wording of " + file.key() + " has no body");
        }
        Set<String> used = new TreeSet<>();
        wording.parts().values().forEach(pattern -> used.addAll(new Wording(pattern).variables()));
        return new Text(
                wording.id(),
                file.key(),
                wording.channel(),
                wording.locale(),
                file.purpose(),
                file.urgency(),
                file.critical(),
                wording.reviewed(),
                wording.expires(),
                used,
                used.stream()
                        .filter(name -> {
                            Variable variable = file.variables().get(name);
                            return variable != null && variable.type() == Variable.Type.PERSON;
                        })
                        .collect(Collectors.toUnmodifiableSet()),
                body,
                Map.copyOf(parts),
                false);
    }

    @Override
    public void afterPropertiesSet() throws IOException {
        JdbcTexts.Standing standing = Objects.requireNonNull(transaction.execute(status -> stored.standing()));
        read().forEach(file -> {
            List<Finding> broken = linter
                    .findings(file, settings.languages(), (channel, locale) -> standing.keeps(file, channel, locale))
                    .stream()
                    .filter(finding -> finding.severity() == Finding.Severity.BROKEN)
                    .toList();
            if (!broken.isEmpty()) {
                throw new IllegalStateException("A text cannot be published:\n"
                        + broken.stream().map(Finding::toString).collect(Collectors.joining("\n")));
            }
            transaction.executeWithoutResult(status -> stored.release(file, standing, clock.instant()));
            files.put(file.key(), file);
        });
    }

    /** The files as they came with this release. */
    static List<TemplateFile> read() throws IOException {
        Map<String, Variable> known =
                TemplateFile.variables(yaml(new ClassPathResource(VARIABLES)), Map.of(), VARIABLES);
        List<TemplateFile> files = new java.util.ArrayList<>();
        for (Resource file : new PathMatchingResourcePatternResolver().getResources(FILES)) {
            files.add(TemplateFile.of(String.valueOf(file.getFilename()), yaml(file), known));
        }
        return files;
    }

    private static Map<String, Object> yaml(Resource file) throws IOException {
        try (InputStream content = file.getInputStream()) {
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(content);
        }
    }
}
