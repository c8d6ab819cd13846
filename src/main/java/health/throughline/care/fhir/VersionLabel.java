package health.throughline.care.fhir;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The place of a stored version among the others: {@code v3~hash} by the source's number, {@code t1772445600000~hash} by the time of its last
 * change. A deletion is a version too, {@code v4~deleted.1772445600000}; the source gives it no number, so it takes the next one.
 *
 * @param deletedAt when the deletion came; null for a version with content
 */
record VersionLabel(char kind, long number, @Nullable Instant deletedAt) {

    private static final Pattern LABEL = Pattern.compile("([vt])(\\d{1,18})~(?:deleted\\.(\\d{1,18}))?.*");

    /** None for a version that says nothing of its place. */
    static Optional<VersionLabel> of(String version) {
        Matcher label = LABEL.matcher(version);
        if (!label.matches()) {
            return Optional.empty();
        }
        String deletedAt = label.group(3);
        return Optional.of(new VersionLabel(
                label.group(1).charAt(0),
                Long.parseLong(label.group(2)),
                deletedAt == null ? null : Instant.ofEpochMilli(Long.parseLong(deletedAt))));
    }

    /** The deletion that comes after all that is stored, or the one that is stored already where nothing came after it. */
    static VersionLabel deletion(Collection<String> stored, Instant now) {
        List<VersionLabel> labels =
                stored.stream().map(VersionLabel::of).flatMap(Optional::stream).toList();
        Optional<VersionLabel> numbered = newest(labels, 'v');
        Optional<VersionLabel> timed = newest(labels, 't');
        boolean deleted = labels.size() == stored.size()
                && Stream.of(numbered, timed).flatMap(Optional::stream).allMatch(label -> label.deletedAt != null);
        Optional<VersionLabel> last = numbered.or(() -> timed);
        if (deleted && last.isPresent()) {
            return last.get();
        }
        long next = last.map(label -> label.number + 1).orElse(0L);
        return numbered.isPresent()
                ? new VersionLabel('v', next, now)
                : new VersionLabel('t', Math.max(next, now.toEpochMilli()), now);
    }

    private static Optional<VersionLabel> newest(List<VersionLabel> labels, char kind) {
        return labels.stream().filter(label -> label.kind == kind).max(Comparator.comparingLong(VersionLabel::number));
    }

    /** Whether this comes after a version of that label, last changed then. Numbers count; where there are none to compare, times do. */
    boolean isAfter(VersionLabel other, Instant changedAt) {
        if (kind == other.kind) {
            return number > other.number || (number == other.number && deletedAt != null && other.deletedAt == null);
        }
        return deletedAt != null && deletedAt.isAfter(changedAt);
    }

    /** Of a deletion. */
    String version() {
        return "" + kind + number + "~deleted." + (deletedAt == null ? 0 : deletedAt.toEpochMilli());
    }
}
