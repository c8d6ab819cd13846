package health.throughline.conversation;

import static health.throughline.conversation.JdbcMessages.instant;
import static health.throughline.conversation.JdbcMessages.nullableInstant;
import static health.throughline.conversation.JdbcMessages.utc;

import health.throughline.TimeOrderedId;
import health.throughline.consent.Purpose;
import health.throughline.conversation.template.TemplateFile;
import health.throughline.conversation.template.Wording;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Versions of wordings, which of them is said, and who wanted it so. */
@Repository
class JdbcTexts {

    static final String FILE = "file";
    static final String EDIT = "edit";
    private static final String THE_RELEASE = "throughline";
    private static final int LATEST = 200;
    private static final JsonMapper JSON = new JsonMapper();

    private final JdbcClient jdbc;

    JdbcTexts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param parts with the body */
    record Stored(
            UUID id,
            String key,
            String channel,
            String locale,
            int version,
            Map<String, String> parts,
            boolean reviewed,
            @Nullable String reviewer,
            @Nullable LocalDate expires,
            String origin,
            Instant recordedAt) {}

    record Edit(
            UUID id,
            String key,
            String channel,
            String locale,
            @Nullable UUID replaces,
            Map<String, String> parts,
            String reason,
            String state,
            String proposedBy,
            Instant proposedAt,
            @Nullable String decidedBy,
            @Nullable Instant decidedAt,
            @Nullable String decisionReason,
            @Nullable UUID version) {}

    record Event(
            String channel,
            String locale,
            String kind,
            @Nullable Integer version,
            String by,
            Instant at,
            @Nullable String reason) {}

    record InForce(String key, String channel, String locale, UUID version, Instant since) {}

    /** The one said in the exact locale, else in the base language. */
    Optional<UUID> inForce(String key, String channel, String locale, String base) {
        return jdbc.sql("""
            select version_id from template_in_force where key = :key and channel = :channel and locale in (:exact, :base)
            order by locale = :exact desc limit 1
            """)
                .param("key", key)
                .param("channel", channel)
                .param("exact", locale)
                .param("base", base)
                .query(UUID.class)
                .optional();
    }

    List<InForce> inForce() {
        return jdbc.sql("select * from template_in_force order by key, channel, locale")
                .query((row, n) -> new InForce(
                        row.getString("key"),
                        row.getString("channel"),
                        row.getString("locale"),
                        row.getObject("version_id", UUID.class),
                        instant(row, "since")))
                .list();
    }

    Stored version(UUID id) {
        return jdbc.sql("select * from template_version where id = ?")
                .param(id)
                .query(JdbcTexts::stored)
                .single();
    }

    List<Stored> versions(String key) {
        return jdbc.sql("select * from template_version where key = ? order by channel, locale, version desc")
                .param(key)
                .query(JdbcTexts::stored)
                .list();
    }

    /** What is kept and what is said: by it a release tells what it changes. */
    record Standing(Map<String, UUID> versions, Map<String, UUID> said) {

        /** The wording was kept before, by a release or an edit, and read then. */
        boolean keeps(TemplateFile file, String channel, String locale) {
            return version(file, channel, locale) != null;
        }

        private boolean says(TemplateFile file, String channel, String locale) {
            UUID version = version(file, channel, locale);
            return version != null && version.equals(said.get(place(file.key(), channel, locale)));
        }

        private @Nullable UUID version(TemplateFile file, String channel, String locale) {
            Map<String, String> parts =
                    file.wordings().getOrDefault(channel, Map.of()).getOrDefault(locale, Map.of());
            return versions.get(place(file.key(), channel, locale)
                    + ' '
                    + hash(file, parts, file.reviewer(), file.expires(), FILE));
        }

        private static String place(String key, String channel, String locale) {
            return key + ' ' + channel + ' ' + locale;
        }
    }

    Standing standing() {
        Map<String, UUID> versions = new HashMap<>();
        jdbc.sql("select key, channel, locale, content_hash, id from template_version")
                .query(row -> {
                    versions.put(
                            Standing.place(row.getString("key"), row.getString("channel"), row.getString("locale"))
                                    + ' '
                                    + row.getString("content_hash"),
                            row.getObject("id", UUID.class));
                });
        return new Standing(
                versions,
                inForce().stream()
                        .collect(Collectors.toMap(
                                each -> Standing.place(each.key(), each.channel(), each.locale()), InForce::version)));
    }

    /** The wordings as the release brought them; an edit that is in force stays, whatever the release says. */
    void release(TemplateFile file, Standing standing, Instant now) {
        file.wordings()
                .forEach((channel, locales) -> locales.forEach((locale, parts) -> {
                    if (standing.says(file, channel, locale)) {
                        return;
                    }
                    UUID version = record(file, channel, locale, parts, file.reviewer(), file.expires(), FILE, now);
                    int changed = jdbc.sql("""
                        insert into template_in_force as f (key, channel, locale, version_id, since)
                        values (:key, :channel, :locale, :version, :now)
                        on conflict (key, channel, locale) do update set version_id = excluded.version_id, since = excluded.since
                        where f.version_id <> excluded.version_id
                            and (select origin from template_version v where v.id = f.version_id) = 'file'
                        """)
                            .param("key", file.key())
                            .param("channel", channel)
                            .param("locale", locale)
                            .param("version", version)
                            .param("now", utc(now))
                            .update();
                    if (changed == 1) {
                        event(file.key(), channel, locale, "released", version, null, THE_RELEASE, now, null);
                    }
                }));
    }

    /** Keeps the wording, once. */
    UUID record(
            TemplateFile file,
            String channel,
            String locale,
            Map<String, String> parts,
            @Nullable String reviewer,
            @Nullable LocalDate expires,
            String origin,
            Instant now) {
        Purpose purpose = file.purpose();
        Map<String, String> others = new TreeMap<>(parts);
        String body = others.remove(TemplateFile.BODY);
        String hash = hash(file, parts, reviewer, expires, origin);
        jdbc.sql("""
            insert into template_version (id, key, version, channel, locale, purpose, body, parts, variables, content_hash,
                review, owner, reviewer, expires_on, origin, recorded_at)
            select :id, :key, coalesce(max(version), 0) + 1, :channel, :locale, :purpose, :body, cast(:parts as jsonb),
                to_jsonb(string_to_array(:variables, ',')), :hash, :review, :owner, :reviewer, :expires, :origin, :now
            from template_version where key = :key and channel = :channel and locale = :locale
            on conflict (key, channel, locale, content_hash) do nothing
            """)
                .param("id", TimeOrderedId.next())
                .param("key", file.key())
                .param("channel", channel)
                .param("locale", locale)
                .param("purpose", purpose.code())
                .param("body", body)
                .param("parts", JSON.writeValueAsString(others))
                .param("variables", String.join(",", variables(parts)))
                .param("hash", hash)
                .param("review", reviewer == null ? "unreviewed" : "reviewed")
                .param("owner", file.owner())
                .param("reviewer", reviewer)
                .param("expires", expires)
                .param("origin", origin)
                .param("now", utc(now))
                .update();
        return jdbc.sql("select id from template_version where key = ? and channel = ? and locale = ? and content_hash"
                        + " = ?")
                .params(file.key(), channel, locale, hash)
                .query(UUID.class)
                .single();
    }

    void putInForce(String key, String channel, String locale, UUID version, Instant now) {
        jdbc.sql("""
            insert into template_in_force (key, channel, locale, version_id, since) values (?, ?, ?, ?, ?)
            on conflict (key, channel, locale) do update set version_id = excluded.version_id, since = excluded.since
            """).params(key, channel, locale, version, utc(now)).update();
    }

    /** @return whether no other edit of the wording waits to be decided */
    boolean propose(Edit edit) {
        return jdbc.sql("""
            insert into template_edit (id, key, channel, locale, replaces, parts, reason, state, proposed_by, proposed_at)
            values (:id, :key, :channel, :locale, :replaces, cast(:parts as jsonb), :reason, 'proposed', :by, :now)
            on conflict do nothing
            """)
                        .param("id", edit.id())
                        .param("key", edit.key())
                        .param("channel", edit.channel())
                        .param("locale", edit.locale())
                        .param("replaces", edit.replaces())
                        .param("parts", JSON.writeValueAsString(edit.parts()))
                        .param("reason", edit.reason())
                        .param("by", edit.proposedBy())
                        .param("now", utc(edit.proposedAt()))
                        .update()
                == 1;
    }

    /** @return whether it had not been decided yet */
    boolean decide(UUID edit, String state, String by, @Nullable String reason, @Nullable UUID version, Instant now) {
        return jdbc.sql("""
            update template_edit set state = :state, decided_by = :by, decided_at = :now, decision_reason = :reason,
                version_id = :version
            where id = :id and state = 'proposed'
            """)
                        .param("state", state)
                        .param("by", by)
                        .param("now", utc(now))
                        .param("reason", reason)
                        .param("version", version)
                        .param("id", edit)
                        .update()
                == 1;
    }

    Optional<Edit> edit(UUID id) {
        return jdbc.sql("select * from template_edit where id = ? for update")
                .param(id)
                .query(JdbcTexts::edit)
                .optional();
    }

    List<Edit> openEdits() {
        return jdbc.sql("select * from template_edit where state = 'proposed' order by proposed_at")
                .query(JdbcTexts::edit)
                .list();
    }

    void event(
            String key,
            String channel,
            String locale,
            String kind,
            @Nullable UUID version,
            @Nullable UUID edit,
            String by,
            Instant now,
            @Nullable String reason) {
        jdbc.sql("""
            insert into template_event (id, key, channel, locale, kind, version_id, edit_id, by_whom, at, reason)
            values (:id, :key, :channel, :locale, :kind, :version, :edit, :by, :now, :reason)
            """)
                .param("id", TimeOrderedId.next())
                .param("key", key)
                .param("channel", channel)
                .param("locale", locale)
                .param("kind", kind)
                .param("version", version)
                .param("edit", edit)
                .param("by", by)
                .param("now", utc(now))
                .param("reason", reason)
                .update();
    }

    List<Event> events(String key) {
        return jdbc.sql("""
            select e.*, v.version from template_event e left join template_version v on v.id = e.version_id
            where e.key = ? order by e.at desc, e.id desc limit ?
            """)
                .params(key, LATEST)
                .query((row, n) -> new Event(
                        row.getString("channel"),
                        row.getString("locale"),
                        row.getString("kind"),
                        row.getObject("version", Integer.class),
                        row.getString("by_whom"),
                        instant(row, "at"),
                        row.getString("reason")))
                .list();
    }

    private static Stored stored(ResultSet row, int number) throws SQLException {
        Map<String, String> parts = parts(row.getString("parts"));
        parts.put(TemplateFile.BODY, row.getString("body"));
        return new Stored(
                row.getObject("id", UUID.class),
                row.getString("key"),
                row.getString("channel"),
                row.getString("locale"),
                row.getInt("version"),
                parts,
                row.getString("review").equals("reviewed"),
                row.getString("reviewer"),
                row.getObject("expires_on", LocalDate.class),
                row.getString("origin"),
                instant(row, "recorded_at"));
    }

    private static Edit edit(ResultSet row, int number) throws SQLException {
        return new Edit(
                row.getObject("id", UUID.class),
                row.getString("key"),
                row.getString("channel"),
                row.getString("locale"),
                row.getObject("replaces", UUID.class),
                parts(row.getString("parts")),
                row.getString("reason"),
                row.getString("state"),
                row.getString("proposed_by"),
                instant(row, "proposed_at"),
                row.getString("decided_by"),
                nullableInstant(row, "decided_at"),
                row.getString("decision_reason"),
                row.getObject("version_id", UUID.class));
    }

    private static Map<String, String> parts(String json) {
        return JSON.readValue(json, new TypeReference<TreeMap<String, String>>() {});
    }

    private static String hash(
            TemplateFile file,
            Map<String, String> parts,
            @Nullable String reviewer,
            @Nullable LocalDate expires,
            String origin) {
        Map<String, String> others = new TreeMap<>(parts);
        String body = others.remove(TemplateFile.BODY);
        return hash(body
                + '|'
                + file.purpose()
                + '|'
                + variables(parts)
                + '|'
                + (reviewer != null)
                + (others.isEmpty() ? "" : "|" + others)
                + (expires == null ? "" : "|" + expires)
                + (origin.equals(FILE) ? "" : "|" + origin + "|" + reviewer));
    }

    private static Set<String> variables(Map<String, String> parts) {
        Set<String> variables = new TreeSet<>();
        parts.values().forEach(pattern -> variables.addAll(new Wording(pattern).variables()));
        return variables;
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
