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
import java.util.TreeMap;
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
import tools.jackson.databind.json.JsonMapper;

/**
 * The texts under {@code texts/}, one file per key, each wording recorded once as an immutable {@code template_version}. What is not
 * said about the text itself is a channel, with a wording for each language: a pattern, or several by name, of which {@code text} is the
 * body. A wording with an argument that is not declared, or one declared and not used anywhere, stops start-up.
 */
@Component
class Texts implements InitializingBean {

    private static final String FILES = "classpath:texts/*.yaml";
    private static final String BODY = "text";
    private static final Set<String> ABOUT_THE_TEXT =
            Set.of("key", "purpose", "urgency", "owner", "reviewer", "critical", "variables", "together");
    private static final JsonMapper JSON = new JsonMapper();

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final Map<String, Text> texts = new ConcurrentHashMap<>();
    private final Map<String, String> together = new ConcurrentHashMap<>();

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

    /** The text that can say this one together with others of its kind, each by its item. */
    Optional<String> together(String key) {
        return Optional.ofNullable(together.get(key));
    }

    boolean knows(String key, String channel) {
        return texts.values().stream()
                .anyMatch(text -> text.key().equals(key) && text.channel().equals(channel));
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
        Set<String> unused = new TreeSet<>(declared);
        Object combining = document.get("together");
        if (combining != null) {
            together.put(key, combining.toString());
        }
        document.forEach((channel, wordings) -> {
            if (!ABOUT_THE_TEXT.contains(channel)) {
                if (!(wordings instanceof Map<?, ?> ofLocales)) {
                    throw new IllegalStateException(
                            file + ": \"" + channel + "\" is neither something said about the text " + ABOUT_THE_TEXT
                                    + " nor a channel with a wording for each language");
                }
                ofLocales.forEach((locale, wording) -> {
                    Text text = text(document, file, key, channel, String.valueOf(locale), wording, declared);
                    unused.removeAll(text.variables());
                    texts.put(name(key, channel, text.locale()), text);
                });
            }
        });
        if (!unused.isEmpty()) {
            throw new IllegalStateException(file + ": declares the variables " + unused + ", which no wording uses");
        }
    }

    private Text text(
            Map<String, Object> document,
            String file,
            String key,
            String channel,
            String locale,
            Object wording,
            Set<String> declared) {
        Map<String, String> parts = new TreeMap<>();
        if (wording instanceof Map<?, ?> several) {
            several.forEach((name, pattern) ->
                    parts.put(String.valueOf(name), String.valueOf(pattern).strip()));
        } else {
            parts.put(BODY, String.valueOf(wording).strip());
        }
        Set<String> used = new TreeSet<>();
        parts.values()
                .forEach(pattern ->
                        used.addAll(new MessageFormat(pattern, ULocale.forLanguageTag(locale)).getArgumentNames()));
        String body = parts.remove(BODY);
        if (body == null || !declared.containsAll(used)) {
            throw new IllegalStateException(file + ", " + channel + " " + locale
                    + (body == null
                            ? ": has no part \"" + BODY + "\""
                            : ": declares the variables " + declared + " and uses " + used + "; declare them all"));
        }
        boolean reviewed = document.get("reviewer") != null;
        Purpose purpose = Purpose.ofCode(required(document, "purpose", file));
        return new Text(
                record(document, file, key, channel, locale, purpose, body, parts, used, reviewed),
                key,
                channel,
                locale,
                purpose,
                Urgency.ofCode(required(document, "urgency", file)),
                Boolean.parseBoolean(required(document, "critical", file)),
                reviewed,
                used,
                body,
                Map.copyOf(parts));
    }

    private UUID record(
            Map<String, Object> document,
            String file,
            String key,
            String channel,
            String locale,
            Purpose purpose,
            String body,
            Map<String, String> parts,
            Set<String> variables,
            boolean reviewed) {
        String hash =
                hash(body + '|' + purpose + '|' + variables + '|' + reviewed + (parts.isEmpty() ? "" : "|" + parts));
        jdbc.sql("""
                        insert into template_version (id, key, version, channel, locale, purpose, body, parts, variables, content_hash,
                            review, owner, reviewer, recorded_at)
                        select :id, :key, coalesce(max(version), 0) + 1, :channel, :locale, :purpose, :body, cast(:parts as jsonb),
                            to_jsonb(string_to_array(:variables, ',')), :hash, :review, :owner, :reviewer, :now
                        from template_version where key = :key and channel = :channel and locale = :locale
                        on conflict (key, channel, locale, content_hash) do nothing
                        """)
                .param("id", TimeOrderedId.next())
                .param("key", key)
                .param("channel", channel)
                .param("locale", locale)
                .param("purpose", purpose.code())
                .param("body", body)
                .param("parts", JSON.writeValueAsString(parts))
                .param("variables", String.join(",", variables))
                .param("hash", hash)
                .param("review", reviewed ? "reviewed" : "unreviewed")
                .param("owner", required(document, "owner", file))
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
