package health.throughline.care.fhir;

import health.throughline.care.SourceRecords.Alias;
import health.throughline.care.SourceRecords.Key;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * A submission with its identity settled.
 *
 * @param version the source's own version where it gives one, and a hash of the content
 * @param sequence orders the versions: the version number, else the time of the last change, else of arrival
 * @param stored versions that are stored already
 * @param deletion the source deleted the record; the resource is no more than its name
 */
record Incoming(
        int index,
        String fullUrl,
        Key key,
        List<Alias> names,
        String version,
        long sequence,
        Instant observedAt,
        boolean onlyWhenNew,
        Set<String> stored,
        boolean deletion,
        ObjectNode resource,
        byte[] content) {

    boolean isNew() {
        return stored.isEmpty();
    }

    /** There is nothing to do: this very version is stored, or the create was conditional on there being none. */
    boolean isRepeated() {
        return stored.contains(version) || (onlyWhenNew && !stored.isEmpty());
    }

    /** A later version is stored already, or a deletion that came after this one. */
    boolean isLate() {
        return VersionLabel.of(version)
                .filter(mine -> stored.stream()
                        .map(VersionLabel::of)
                        .flatMap(Optional::stream)
                        .anyMatch(other -> other.isAfter(mine, observedAt)))
                .isPresent();
    }

    /** To be looked into, and not only kept. */
    boolean isToBeApplied() {
        return !isRepeated() && !isLate();
    }

    String type() {
        return key.type();
    }
}
