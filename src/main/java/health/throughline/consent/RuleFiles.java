package health.throughline.consent;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The law and the house's own rules, as files that say from when they hold and where they come from. */
final class RuleFiles {

    static final String QUIET_HOURS = "quiet-hours";
    static final String BUDGETS = "budgets";
    static final String KEYWORDS = "keywords";
    static final String AREA_CODES = "area-codes";
    static final String REVOCATIONS = "revocations";
    static final String AUTHORITY = "authority";
    static final String REASSIGNED = "reassigned";
    static final String HOLIDAYS = "holidays";

    private static final List<String> NAMES =
            List.of(QUIET_HOURS, BUDGETS, KEYWORDS, AREA_CODES, REVOCATIONS, AUTHORITY, REASSIGNED, HOLIDAYS);

    static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    /** For facts stored with a decision: what was not yet known of then is left out. */
    static final JsonMapper FACTS = JSON.rebuild()
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /** A later version stands beside the earlier one: {@code quiet-hours-2027.json}. */
    private static final String PLACE = "classpath:rules/%s*.json";

    private final List<RuleFile> files;

    RuleFiles(List<RuleFile> files) {
        this.files = List.copyOf(files);
    }

    /** @param source law or decision it follows */
    record RuleFile(String name, String version, LocalDate effectiveFrom, String source, JsonNode content) {

        <T> T as(Class<T> type) {
            return JSON.treeToValue(content, type);
        }
    }

    static RuleFiles read() {
        try {
            List<RuleFile> files = new ArrayList<>();
            for (String name : NAMES) {
                for (Resource resource :
                        new PathMatchingResourcePatternResolver().getResources(PLACE.formatted(name))) {
                    try (InputStream in = resource.getInputStream()) {
                        files.add(JSON.readValue(in, RuleFile.class));
                    }
                }
            }
            return new RuleFiles(files);
        } catch (IOException e) {
            throw new UncheckedIOException("The rule files could not be read", e);
        }
    }

    List<RuleFile> all() {
        return files;
    }

    /** The latest version in force at that instant; before the first came into force, the first. */
    RuleFile inForce(String name, Instant at) {
        LocalDate day = at.atZone(ZoneOffset.UTC).toLocalDate();
        List<RuleFile> versions = files.stream()
                .filter(file -> file.name().equals(name))
                .sorted(Comparator.comparing(RuleFile::effectiveFrom))
                .toList();
        if (versions.isEmpty()) {
            throw new IllegalStateException("There are no rules called " + name);
        }
        return versions.stream()
                .filter(file -> !file.effectiveFrom().isAfter(day))
                .reduce((earlier, later) -> later)
                .orElse(versions.getFirst());
    }

    /** The same text for the same content, however it was laid out. */
    static String canonical(Object content) {
        return JSON.writeValueAsString(JSON.readValue(JSON.writeValueAsString(content), Object.class));
    }

    static String hash(String canonical) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
