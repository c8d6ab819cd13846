package health.throughline.care.fhir;

import health.throughline.care.SourceRecords;
import health.throughline.care.SourceRecords.Alias;
import health.throughline.care.SourceRecords.Key;
import health.throughline.patient.PartyId;
import health.throughline.patient.PatientFeed;
import health.throughline.patient.PatientId;
import health.throughline.patient.Patients;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;

/** What came in one transaction, and what its references lead to, inside it and in the record. */
final class Intake {

    private static final Pattern LITERAL =
            Pattern.compile("(?:.*/)?([A-Z][A-Za-z]{2,40})/([A-Za-z0-9.-]{1,64})(?:/_history/[A-Za-z0-9.-]{1,64})?");
    private static final Pattern CONDITIONAL = Pattern.compile("([A-Z][A-Za-z]{2,40})\\?identifier=([^&]+)");

    private final String source;
    private final SourceRecords records;
    private final Patients patients;
    private final Map<String, Key> byUrl = new HashMap<>();
    private final Map<Key, Optional<PatientId>> known = new HashMap<>();
    private final Map<Alias, Optional<Key>> called = new HashMap<>();
    private final Map<Key, Optional<PartyId>> parties = new HashMap<>();
    private final Map<PatientId, PartyId> own = new HashMap<>();
    private final Map<Integer, PatientId> subjects = new HashMap<>();
    private final Map<Integer, List<String>> differences = new TreeMap<>();

    Intake(String source, List<Incoming> incoming, SourceRecords records, Patients patients) {
        this.source = source;
        this.records = records;
        this.patients = patients;
        for (Incoming one : incoming) {
            if (!one.fullUrl().isEmpty()) {
                byUrl.put(one.fullUrl(), one.key());
            }
            String id = FhirJson.text(one.resource(), "id");
            if (!id.isEmpty()) {
                byUrl.put(one.type() + "/" + id, one.key());
            }
            one.names().forEach(name -> byUrl.put(one.type() + "?" + name.identifier(), one.key()));
        }
    }

    String source() {
        return source;
    }

    /** The record behind a reference; none for one that leads nowhere known. Refuses one into the Bundle that is not there. */
    Optional<Key> resolve(String reference, String expression) {
        Key inside = byUrl.get(reference);
        if (inside != null) {
            return Optional.of(inside);
        }
        if (reference.startsWith("urn:")) {
            throw Refusal.unprocessable(
                    "not-found", expression + " refers to an entry that is not in the Bundle.", expression);
        }
        Matcher conditional = CONDITIONAL.matcher(reference);
        if (conditional.matches()) {
            return byIdentifier(conditional.group(1), decoded(conditional.group(2)));
        }
        Matcher literal = LITERAL.matcher(reference);
        if (!literal.matches()) {
            return Optional.empty();
        }
        Key inBundle = byUrl.get(literal.group(1) + "/" + literal.group(2));
        return Optional.of(inBundle != null ? inBundle : new Key(literal.group(1), literal.group(2)));
    }

    Optional<Key> resolve(@Nullable Reference reference, String type, String expression) {
        if (reference == null) {
            return Optional.empty();
        }
        if (reference.hasReference()) {
            return resolve(reference.getReference(), expression);
        }
        if (reference.hasIdentifier() && reference.getIdentifier().hasValue()) {
            var identifier = reference.getIdentifier();
            return byIdentifier(type, identifier.getSystem() + "|" + identifier.getValue());
        }
        return Optional.empty();
    }

    /** The patient behind a reference; none where it is no patient or one nobody has told of. */
    Optional<PatientId> patient(@Nullable Reference reference, String expression) {
        return resolve(reference, "Patient", expression)
                .filter(key -> key.type().equals("Patient"))
                .flatMap(this::patient);
    }

    Optional<PatientId> patient(Key key) {
        return known.computeIfAbsent(key, k -> patients.findByIdentifier(PatientFeed.idSystem(source), k.externalId()));
    }

    /** The party behind a reference, looked up once. */
    Optional<PartyId> party(Key key, Function<Key, Optional<PartyId>> lookup) {
        return parties.computeIfAbsent(key, lookup);
    }

    PartyId party(PatientId patient, Function<PatientId, PartyId> lookup) {
        return own.computeIfAbsent(patient, lookup);
    }

    void isPatient(Key key, PatientId patient) {
        known.put(key, Optional.of(patient));
    }

    /** Whose data an entry is. */
    void concerns(Incoming incoming, PatientId patient) {
        subjects.put(incoming.index(), patient);
    }

    @Nullable
    PatientId subject(Incoming incoming) {
        return subjects.get(incoming.index());
    }

    void differs(Incoming incoming, List<String> sentences) {
        if (!sentences.isEmpty()) {
            differences
                    .computeIfAbsent(incoming.index(), index -> new ArrayList<>())
                    .addAll(sentences);
        }
    }

    List<String> differences(Incoming incoming) {
        return differences.getOrDefault(incoming.index(), List.of());
    }

    private Optional<Key> byIdentifier(String type, String identifier) {
        Key inside = byUrl.get(type + "?" + identifier);
        if (inside != null) {
            return Optional.of(inside);
        }
        if (type.equals("Patient")) {
            int bar = identifier.indexOf('|');
            if (bar < 0) {
                return Optional.empty();
            }
            Optional<PatientId> patient =
                    patients.findByIdentifier(identifier.substring(0, bar), identifier.substring(bar + 1));
            return patient.map(id -> {
                var key = new Key("Patient", "=" + id);
                known.put(key, Optional.of(id));
                return key;
            });
        }
        return called.computeIfAbsent(
                new Alias(type, identifier),
                name -> Optional.ofNullable(records.find(source, List.of(name)).get(name)));
    }

    private static String decoded(String value) {
        try {
            return java.net.URLDecoder.decode(value.replace("+", "%2B"), java.nio.charset.StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value;
        }
    }
}
