package health.throughline.care.fhir;

import static java.nio.charset.StandardCharsets.UTF_8;

import health.throughline.care.SourceRecords;
import health.throughline.care.SourceRecords.Key;
import health.throughline.encryption.KeyedHash;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * Settles which record a submission is: by its id when it was PUT, else by an identifier, else by the id it carries, its place in the
 * Bundle's references, its content. So the same Bundle of bare POSTs is the same records again.
 */
@Component
class Identification {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9.-]{1,64}");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,11}");

    private final SourceRecords records;
    private final KeyedHash hash;
    private final FhirJson json;
    private final Clock clock;

    Identification(SourceRecords records, KeyedHash hash, FhirJson json, Clock clock) {
        this.records = records;
        this.hash = hash;
        this.json = json;
        this.clock = clock;
    }

    List<Incoming> settle(String source, List<Submission> submissions, Set<String> understood) {
        var inside = new HashMap<String, Key>();
        var keys = new ArrayList<Key>();
        for (Submission submission : submissions) {
            List<String> identifiers = identifiers(submission, understood);
            Key key = key(source, submission, identifiers, inside);
            identifiers.forEach(identifier -> inside.putIfAbsent(submission.type() + "?" + identifier, key));
            keys.add(key);
        }
        Map<Key, Set<String>> stored = records.versions(source, keys);
        var incoming = new ArrayList<Incoming>();
        for (int n = 0; n < submissions.size(); n++) {
            incoming.add(incoming(
                    submissions.get(n),
                    keys.get(n),
                    identifiers(submissions.get(n), understood),
                    stored.getOrDefault(keys.get(n), Set.of())));
        }
        return incoming;
    }

    private Incoming incoming(Submission submission, Key key, List<String> identifiers, Set<String> stored) {
        JsonNode meta = submission.resource().path("meta");
        String versionId = FhirJson.text(meta, "versionId");
        Instant updated = instant(FhirJson.text(meta, "lastUpdated"));
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant observed = updated != null && updated.isBefore(now) ? updated : now;
        String content = digest(json.write(submission.resource()));
        String label = "";
        long sequence = observed.toEpochMilli();
        if (NUMBER.matcher(versionId).matches()) {
            sequence = Long.parseLong(versionId);
            label = "v" + versionId;
        } else if (updated != null) {
            label = "t" + observed.toEpochMilli();
        }
        return new Incoming(
                submission.index(),
                submission.fullUrl(),
                key,
                identifiers,
                label + "~" + content,
                sequence,
                observed,
                submission.onlyWhenNew(),
                stored,
                submission.resource());
    }

    private Key key(String source, Submission submission, List<String> identifiers, Map<String, Key> inside) {
        String type = submission.type();
        if (!submission.id().isEmpty()) {
            return new Key(type, submission.id());
        }
        for (String identifier : identifiers) {
            Key here = inside.get(type + "?" + identifier);
            Optional<Key> found = here != null
                    ? Optional.of(here)
                    : records.findByIdentifier(source, type, identifier).map(id -> new Key(type, id));
            if (found.isPresent()) {
                return found.get();
            }
        }
        String id = FhirJson.text(submission.resource(), "id");
        if (ID.matcher(id).matches()) {
            return new Key(type, id);
        }
        if (!identifiers.isEmpty()) {
            return new Key(type, hashed("identifier", identifiers.getFirst()));
        }
        return submission.fullUrl().isEmpty()
                ? new Key(type, hashed("content", json.write(submission.resource())))
                : new Key(type, hashed("url", submission.fullUrl()));
    }

    /** {@code system|value} of a resource that is understood; of the rest only the ids matter. */
    private static List<String> identifiers(Submission submission, Set<String> understood) {
        var identifiers = new ArrayList<String>();
        if (!submission.condition().isEmpty()) {
            identifiers.add(submission.condition());
        }
        if (understood.contains(submission.type())) {
            for (JsonNode identifier : submission.resource().path("identifier")) {
                String system = FhirJson.text(identifier, "system");
                String value = FhirJson.text(identifier, "value");
                if (!system.isEmpty() && !value.isEmpty()) {
                    identifiers.add(system + "|" + value);
                }
            }
        }
        return identifiers;
    }

    private String hashed(String what, String value) {
        return HexFormat.of().formatHex(hash.of("fhir." + what, value), 0, 16);
    }

    static @Nullable Instant instant(String text) {
        try {
            return text.isEmpty() ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static String digest(String content) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content.getBytes(UTF_8)), 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
