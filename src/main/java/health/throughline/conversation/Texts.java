package health.throughline.conversation;

import com.ibm.icu.text.MessageFormat;
import com.ibm.icu.util.ULocale;
import health.throughline.TimeOrderedId;
import health.throughline.consent.Purpose;
import health.throughline.consent.Urgency;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The texts under {@code texts/}, one file per key, each wording recorded once as an immutable {@code template_version}. A wording with
 * an argument that is not declared, or one declared and not used anywhere, stops start-up.
 */
@Component
class Texts implements InitializingBean {

    private static final String FILES = "classpath:texts/*.yaml";

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final Map<String, Text> texts = new ConcurrentHashMap<>();

    Texts(JdbcClient jdbc, TransactionTemplate transaction, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** In the language, else in its base language ({@code es-MX} falls back to {@code es}); never in another language (K14). */
    Optional<Text> find(String key, String channel, String language) {
        Text exact = texts.get(name(key, channel, language));
        return Optional.ofNullable(
                exact != null
                        ? exact
                        : texts.get(name(
                                key, channel, ULocale.forLanguageTag(language).getLanguage())));
    }

    boolean knows(String key) {
        return texts.values().stream().anyMatch(text -> text.key().equals(key));
    }

    private static String name(String key, String channel, String locale) {
        return key + '|' + channel + '|' + locale;
    }

    @Override
    public void afterPropertiesSet() throws IOException {
        for (Resource file : new PathMatchingResourcePatternResolver().getResources(FILES)) {
            try (InputStream content = file.getInputStream()) {
                Map<String, Object> document = new Yaml(new SafeConstructor(new LoaderOptions())).load(content);
                transaction.executeWithoutResult(status -> register(document, String.valueOf(file.getFilename())));
            }
        }
    }

    @SuppressWarnings("unchecked")
    private void register(Map<String, Object> document, String file) {
        String key = required(document, "key", file);
        Set<String> declared = new TreeSet<>((List<String>) document.getOrDefault("variables", List.of()));
        Purpose purpose = Purpose.ofCode(required(document, "purpose", file));
        Urgency urgency = Urgency.ofCode(required(document, "urgency", file));
        String owner = required(document, "owner", file);
        boolean reviewed = document.get("reviewer") != null;
        boolean critical = Boolean.parseBoolean(required(document, "critical", file));
        for (String channel : List.of("sms")) {
            Map<String, String> wordings = (Map<String, String>) document.getOrDefault(channel, Map.of());
            wordings.forEach((locale, pattern) -> {
                Set<String> used = new MessageFormat(pattern, ULocale.forLanguageTag(locale)).getArgumentNames();
                if (!used.equals(declared)) {
                    throw new IllegalStateException(file + ", " + channel + " " + locale + ": declares the variables "
                            + declared + " and uses " + new TreeSet<>(used) + "; make them the same");
                }
                UUID version =
                        record(key, channel, locale, purpose, pattern.strip(), declared, owner, reviewed, document);
                texts.put(
                        name(key, channel, locale),
                        new Text(
                                version,
                                key,
                                channel,
                                locale,
                                purpose,
                                urgency,
                                critical,
                                reviewed,
                                declared,
                                pattern.strip()));
            });
        }
    }

    private UUID record(
            String key,
            String channel,
            String locale,
            Purpose purpose,
            String pattern,
            Set<String> variables,
            String owner,
            boolean reviewed,
            Map<String, Object> document) {
        String hash = hash(pattern + '|' + purpose + '|' + variables + '|' + reviewed);
        jdbc.sql("""
                        insert into template_version (id, key, version, channel, locale, purpose, body, variables, content_hash,
                            review, owner, reviewer, recorded_at)
                        select :id, :key, coalesce(max(version), 0) + 1, :channel, :locale, :purpose, :body,
                            to_jsonb(string_to_array(:variables, ',')), :hash, :review, :owner, :reviewer, :now
                        from template_version where key = :key and channel = :channel and locale = :locale
                        on conflict (key, channel, locale, content_hash) do nothing
                        """)
                .param("id", TimeOrderedId.next())
                .param("key", key)
                .param("channel", channel)
                .param("locale", locale)
                .param("purpose", purpose.code())
                .param("body", pattern)
                .param("variables", String.join(",", variables))
                .param("hash", hash)
                .param("review", reviewed ? "reviewed" : "unreviewed")
                .param("owner", owner)
                .param("reviewer", document.get("reviewer"))
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        return jdbc.sql(
                        "select id from template_version where key = ? and channel = ? and locale = ? and content_hash = ?")
                .params(key, channel, locale, hash)
                .query(UUID.class)
                .single();
    }

    private static String required(Map<String, Object> document, String name, String file) {
        Object value = document.get(name);
        if (value == null) {
            throw new IllegalStateException(file + " must say its " + name);
        }
        return value.toString();
    }

    private static String hash(String content) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
