package health.throughline.care;

import health.throughline.patient.PatientId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps whatever a source sent, as it sent it: what is not used today is needed tomorrow. Joins the caller's transaction. */
public interface SourceRecords {

    /** The versions stored of each of these records. */
    Map<Key, Set<String>> versions(String source, Collection<Key> keys);

    /** Stores new versions, encrypted with the patient's key, or the system's where there is no patient. */
    void store(String source, List<Version> versions);

    /** The records that the source also calls by these names; nothing for a name nobody has told of. */
    Map<Alias, Key> find(String source, Collection<Alias> aliases);

    /** Lets the names lead to the records from now on; one that leads elsewhere stays. */
    void identify(String source, Map<Alias, Key> aliases);

    /** Takes down that the source is alive. */
    void heard(String source);

    record Key(String type, String externalId) {}

    /** @param identifier {@code system|value} */
    record Alias(String type, String identifier) {}

    /** @param raw the resource as JSON, in UTF-8; stored deflated (zlib) */
    record Version(
            Key key,
            String version,
            @Nullable Instant observedAt,
            @Nullable PatientId patient,
            byte[] raw) {}
}
