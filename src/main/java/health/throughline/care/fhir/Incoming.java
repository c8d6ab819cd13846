package health.throughline.care.fhir;

import health.throughline.care.SourceRecords.Alias;
import health.throughline.care.SourceRecords.Key;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/**
 * A submission with its identity settled.
 *
 * @param version the source's own version where it gives one, and a hash of the content
 * @param sequence orders the versions: the version number, else the time of the last change, else of arrival
 * @param stored versions that are stored already
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
        ObjectNode resource,
        byte[] content) {

    private static final Pattern ORDERED = Pattern.compile("([vt])(\\d{1,18})~.*");

    boolean isNew() {
        return stored.isEmpty();
    }

    /** There is nothing to do: this very version is stored, or the create was conditional on there being none. */
    boolean isRepeated() {
        return stored.contains(version) || (onlyWhenNew && !stored.isEmpty());
    }

    /** A later version is stored already. */
    boolean isLate() {
        Matcher mine = ORDERED.matcher(version);
        return mine.matches()
                && stored.stream()
                        .map(ORDERED::matcher)
                        .filter(other -> other.matches() && other.group(1).equals(mine.group(1)))
                        .anyMatch(other -> Long.parseLong(other.group(2)) > Long.parseLong(mine.group(2)));
    }

    /** To be looked into, and not only kept. */
    boolean isToBeApplied() {
        return !isRepeated() && !isLate();
    }

    String type() {
        return key.type();
    }
}
