package health.throughline.care;

import health.throughline.patient.PatientId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps whatever a source sent, as it sent it: what is not used today is needed tomorrow. Joins the caller's transaction. */
public interface SourceRecords {

    /** The versions stored of each of these records. */
    Map<Key, Set<String>> versions(String source, Collection<Key> keys);

    /** Stores new versions, encrypted with the patient's key, or the system's where there is no patient. */
    void store(String source, List<Version> versions);

    /** What the source's records are called besides: looks up identifiers ({@code system|value}). */
    Optional<String> findByIdentifier(String source, String type, String identifier);

    /** Lets the identifiers lead to the record from now on; one that leads elsewhere stays. */
    void identify(String source, Key key, Collection<String> identifiers);

    /** Takes down that the source is alive. */
    void heard(String source);

    record Key(String type, String externalId) {}

    /** @param raw the resource as JSON */
    record Version(
            Key key,
            String version,
            @Nullable Instant observedAt,
            @Nullable PatientId patient,
            String raw) {}
}
