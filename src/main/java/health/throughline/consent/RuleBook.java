package health.throughline.consent;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import health.throughline.TimeOrderedId;
import health.throughline.consent.RuleFiles.RuleFile;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Knows which rules are in force, and keeps every version that ever was, so that an old decision can be taken again. A version never
 * changes: the same version with other content stops the start.
 */
@Component
class RuleBook implements SmartInitializingSingleton {

    private static final String SEND_POLICY = "send-policy";
    private static final int CACHED_VERSIONS = 50;

    /** The files a decision rests on, and what they are called in {@link Rules}. */
    private static final Map<String, String> OF_A_DECISION = new LinkedHashMap<>();

    static {
        OF_A_DECISION.put(RuleFiles.QUIET_HOURS, "quietHours");
        OF_A_DECISION.put(RuleFiles.BUDGETS, "budgets");
        OF_A_DECISION.put(RuleFiles.REVOCATIONS, "revocations");
        OF_A_DECISION.put(RuleFiles.AUTHORITY, "authority");
        OF_A_DECISION.put(RuleFiles.REASSIGNED, "reassigned");
    }

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final RuleFiles files = RuleFiles.read();
    private final Map<RuleFile, Object> parsed = new ConcurrentHashMap<>();
    private final Map<String, Edition> editions = new ConcurrentHashMap<>();
    private final Cache<UUID, Rules> recorded =
            Caffeine.newBuilder().maximumSize(CACHED_VERSIONS).build();

    RuleBook(JdbcClient jdbc, TransactionTemplate transaction, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** The rules of a decision with the id under which they are recorded. */
    record Edition(UUID id, Rules rules) {}

    @Override
    public void afterSingletonsInstantiated() {
        transaction.executeWithoutResult(status -> {
            files.all()
                    .forEach(file ->
                            record(jdbc, clock.instant(), file.name(), file.version(), file.effectiveFrom(), file));
            files.all()
                    .forEach(file -> edition(
                            file.effectiveFrom().atStartOfDay(ZoneOffset.UTC).toInstant()));
        });
        keywords();
        areaCodes();
    }

    Edition inForce(Instant at) {
        Edition edition = editions.get(version(at));
        if (edition == null) {
            throw new IllegalStateException("The rules in force at " + at + " were not recorded at the start");
        }
        return edition;
    }

    private String version(Instant at) {
        return OF_A_DECISION.keySet().stream()
                .map(name -> name + " " + files.inForce(name, at).version())
                .collect(Collectors.joining(", "));
    }

    /** Whatever comes into force later begins with one of the files, so that all editions are known at the start. */
    private void edition(Instant at) {
        Map<String, Object> content = new LinkedHashMap<>();
        LocalDate from = LocalDate.MIN;
        for (var part : OF_A_DECISION.entrySet()) {
            RuleFile file = files.inForce(part.getKey(), at);
            content.put(part.getValue(), file.content());
            from = file.effectiveFrom().isAfter(from) ? file.effectiveFrom() : from;
        }
        Rules rules = RuleFiles.JSON.readValue(RuleFiles.canonical(content), Rules.class);
        UUID id = record(jdbc, clock.instant(), SEND_POLICY, version(at), from, content);
        editions.put(version(at), new Edition(id, rules));
    }

    /** The rules as recorded under that id. Needs a transaction. */
    Rules recorded(UUID id) {
        return recorded.get(id, this::load);
    }

    private Rules load(UUID id) {
        String content = jdbc.sql("select content from rule_version where id = :id")
                .param("id", id)
                .query(String.class)
                .single();
        return RuleFiles.JSON.readValue(content, Rules.class);
    }

    Holidays holidays() {
        return parsed(RuleFiles.HOLIDAYS, Holidays.class);
    }

    Keywords keywords() {
        return parsed(RuleFiles.KEYWORDS, Keywords.class);
    }

    AreaCodes areaCodes() {
        return parsed(RuleFiles.AREA_CODES, AreaCodes.class);
    }

    private <T> T parsed(String name, Class<T> type) {
        return type.cast(parsed.computeIfAbsent(files.inForce(name, clock.instant()), file -> file.as(type)));
    }

    /**
     * Keeps the version, once.
     *
     * @return its id, whoever recorded it
     */
    static UUID record(JdbcClient jdbc, Instant now, String name, String version, LocalDate from, Object content) {
        String canonical = RuleFiles.canonical(content);
        String hash = RuleFiles.hash(canonical);
        jdbc.sql("""
            insert into rule_version (id, name, version, content_hash, content, effective_from, recorded_at)
            values (:id, :name, :version, :hash, cast(:content as jsonb), :from, :now)
            on conflict (name, version) do nothing\
            """)
                .param("id", TimeOrderedId.next())
                .param("name", name)
                .param("version", version)
                .param("hash", hash)
                .param("content", canonical)
                .param("from", from)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
        Recorded found = jdbc.sql("select id, content_hash from rule_version where name = :name and version = :version")
                .param("name", name)
                .param("version", version)
                .query((row, n) -> new Recorded(row.getObject("id", UUID.class), row.getString("content_hash")))
                .single();
        if (!found.hash().equals(hash)) {
            throw new IllegalStateException("The rules \"" + name + "\" of version " + version
                    + " were recorded before with other content. Decisions rest on them: give the changed"
                    + " rules a new version.");
        }
        return found.id();
    }

    private record Recorded(UUID id, String hash) {}
}
