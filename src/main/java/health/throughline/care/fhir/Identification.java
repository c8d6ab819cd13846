package health.throughline.care.fhir;

import static java.nio.charset.StandardCharsets.UTF_8;

import health.throughline.care.SourceRecords;
import health.throughline.care.SourceRecords.Alias;
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
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
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
    private final Clock clock;

    Identification(SourceRecords records, KeyedHash hash, Clock clock) {
        this.records = records;
        this.hash = hash;
        this.clock = clock;
    }

    List<Incoming> settle(String source, List<Submission> submissions, Set<String> understood) {
        var inside = new HashMap<Alias, Key>();
        var keys = new ArrayList<Key>();
        var names = submissions.stream().map(one -> names(one, understood)).toList();
        Map<Alias, Key> known = records.find(source, looked(submissions, names));
        for (int n = 0; n < submissions.size(); n++) {
            Key key = key(submissions.get(n), names.get(n), inside, known);
            names.get(n).forEach(name -> inside.putIfAbsent(name, key));
            keys.add(key);
        }
        Map<Key, Set<String>> stored = records.versions(source, keys);
        var incoming = new ArrayList<Incoming>();
        var told = new HashMap<Key, Set<String>>();
        for (int n = 0; n < submissions.size(); n++) {
            Set<String> before = stored.getOrDefault(keys.get(n), Set.of());
            Set<String> sofar = told.computeIfAbsent(keys.get(n), key -> new HashSet<>(before));
            Incoming one = incoming(submissions.get(n), keys.get(n), names.get(n), before, sofar);
            sofar.add(one.version());
            incoming.add(one);
        }
        return incoming;
    }

    /** A record that was given its id by PUT needs no other name. */
    private static List<Alias> looked(List<Submission> submissions, List<List<Alias>> names) {
        var looked = new ArrayList<Alias>();
        for (int n = 0; n < names.size(); n++) {
            if (submissions.get(n).id().isEmpty()) {
                looked.addAll(names.get(n));
            }
        }
        return looked;
    }

    /** @param sofar what is stored, and what the same message said before */
    private Incoming incoming(
            Submission submission, Key key, List<Alias> names, Set<String> stored, Set<String> sofar) {
        JsonNode meta = submission.resource().path("meta");
        String versionId = FhirJson.text(meta, "versionId");
        Instant updated = instant(FhirJson.text(meta, "lastUpdated"));
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant observed = updated != null && updated.isBefore(now) ? updated : now;
        if (submission.deletion()) {
            VersionLabel deletion = VersionLabel.deletion(sofar, now);
            return incoming(submission, key, names, stored, deletion.version(), deletion.number(), now);
        }
        String content = digest(submission.content());
        String label = "";
        long sequence = observed.toEpochMilli();
        if (NUMBER.matcher(versionId).matches()) {
            sequence = Long.parseLong(versionId);
            label = "v" + versionId;
        } else if (updated != null) {
            label = "t" + observed.toEpochMilli();
        }
        return incoming(submission, key, names, stored, label + "~" + content, sequence, observed);
    }

    private static Incoming incoming(
            Submission submission,
            Key key,
            List<Alias> names,
            Set<String> stored,
            String version,
            long sequence,
            Instant observed) {
        return new Incoming(
                submission.index(),
                submission.fullUrl(),
                key,
                names,
                version,
                sequence,
                observed,
                submission.onlyWhenNew(),
                stored,
                submission.deletion(),
                submission.resource(),
                submission.content());
    }

    private Key key(Submission submission, List<Alias> names, Map<Alias, Key> inside, Map<Alias, Key> known) {
        String type = submission.type();
        if (!submission.id().isEmpty()) {
            return new Key(type, submission.id());
        }
        for (Alias name : names) {
            Key found = inside.getOrDefault(name, known.get(name));
            if (found != null) {
                return found;
            }
        }
        String id = FhirJson.text(submission.resource(), "id");
        if (ID.matcher(id).matches()) {
            return new Key(type, id);
        }
        if (!names.isEmpty()) {
            return new Key(type, hashed("identifier", names.getFirst().identifier()));
        }
        return submission.fullUrl().isEmpty()
                ? new Key(type, hashed("content", new String(submission.content(), UTF_8)))
                : new Key(type, hashed("url", submission.fullUrl()));
    }

    /** {@code system|value} of a resource that is understood; of the rest only the ids matter. */
    private static List<Alias> names(Submission submission, Set<String> understood) {
        var names = new ArrayList<Alias>();
        if (!submission.condition().isEmpty()) {
            names.add(new Alias(submission.type(), submission.condition()));
        }
        if (understood.contains(submission.type())) {
            for (JsonNode identifier : submission.resource().path("identifier")) {
                String system = FhirJson.text(identifier, "system");
                String value = FhirJson.text(identifier, "value");
                if (!system.isEmpty() && !value.isEmpty()) {
                    names.add(new Alias(submission.type(), system + "|" + value));
                }
            }
        }
        return names;
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

    private static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
