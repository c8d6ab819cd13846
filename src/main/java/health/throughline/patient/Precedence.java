package health.throughline.patient;

import health.throughline.channel.Channel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which contact points stand after a source has sent its list. What the source sends unchanged never beats what was verified since, however
 * often it is sent; what it changed does, when it changed it later.
 */
final class Precedence {

    private Precedence() {}

    /** A contact point as it stands. {@code observedAt} is when the source first sent this value. */
    record Known(
            AddressId address,
            Channel channel,
            String use,
            int rank,
            String source,
            Instant observedAt,
            @Nullable Instant verifiedAt,
            Status status,
            boolean landline) {

        private boolean verifiedAfter(Instant instant) {
            return status == Status.ACTIVE && verifiedAt != null && verifiedAt.isAfter(instant);
        }
    }

    /** A contact point as the source sends it; {@code ended} when it says that the value is old. */
    record Sent(AddressId address, Channel channel, String use, int rank, boolean landline, boolean ended) {}

    enum Status {
        ACTIVE,
        SUPERSEDED,
        WRONG_NUMBER
    }

    /** How one contact point is to stand from now on. */
    record Change(AddressId address, String use, int rank, boolean landline, Status status, Instant observedAt) {}

    record Outcome(List<Change> changes, List<String> differences) {}

    static Outcome settle(String source, Instant observedAt, Collection<Known> known, Collection<Sent> sent) {
        var byAddress = new HashMap<AddressId, Known>();
        known.forEach(point -> byAddress.put(point.address(), point));
        var listed = new LinkedHashMap<AddressId, Sent>();
        sent.forEach(point -> listed.putIfAbsent(point.address(), point));
        var changes = new ArrayList<Change>();
        var differences = new ArrayList<String>();
        for (Sent point : listed.values()) {
            Known before = byAddress.get(point.address());
            boolean beaten = beaten(source, before == null ? observedAt : before.observedAt(), point, known, listed);
            if (before == null) {
                settleNew(point, beaten, observedAt, changes, differences);
            } else {
                settleKnown(before, point, beaten, observedAt, changes, differences);
            }
        }
        for (Known before : known) {
            boolean dropped = before.status() == Status.ACTIVE
                    && before.source().equals(source)
                    && !before.verifiedAfter(observedAt)
                    && !listed.containsKey(before.address());
            if (dropped) {
                changes.add(change(before, Status.SUPERSEDED));
            }
        }
        return new Outcome(changes, differences);
    }

    /** Whether another contact point of the channel, which the source has not itself withdrawn, was verified after that instant. */
    private static boolean beaten(
            String source, Instant since, Sent point, Collection<Known> known, Map<AddressId, Sent> listed) {
        return known.stream()
                .filter(other -> other.channel().equals(point.channel())
                        && !other.address().equals(point.address()))
                .filter(other -> !other.source().equals(source) || listed.containsKey(other.address()))
                .anyMatch(other -> other.verifiedAfter(since));
    }

    private static void settleNew(
            Sent point, boolean beaten, Instant observedAt, List<Change> changes, List<String> differences) {
        if (point.ended()) {
            return;
        }
        if (beaten) {
            differences.add(older(point.channel()));
        }
        changes.add(new Change(
                point.address(),
                point.use(),
                point.rank(),
                point.landline(),
                beaten ? Status.SUPERSEDED : Status.ACTIVE,
                observedAt));
    }

    private static void settleKnown(
            Known before,
            Sent point,
            boolean beaten,
            Instant observedAt,
            List<Change> changes,
            List<String> differences) {
        switch (before.status()) {
            case WRONG_NUMBER -> {
                if (!point.ended()) {
                    differences.add("The source still sends a " + name(before.channel())
                            + " that was reported as not the patient's; correct it there.");
                }
            }
            case SUPERSEDED -> {
                if (!point.ended() && beaten) {
                    differences.add(older(before.channel()));
                } else if (!point.ended()) {
                    changes.add(new Change(
                            before.address(), point.use(), point.rank(), point.landline(), Status.ACTIVE, observedAt));
                }
            }
            case ACTIVE -> {
                if (point.ended() && before.verifiedAfter(observedAt)) {
                    differences.add("The source calls a " + name(before.channel())
                            + " old that was verified since; correct it there.");
                } else if (point.ended()) {
                    changes.add(change(before, Status.SUPERSEDED));
                } else if (!before.use().equals(point.use())
                        || before.rank() != point.rank()
                        || before.landline() != point.landline()) {
                    changes.add(new Change(
                            before.address(),
                            point.use(),
                            point.rank(),
                            point.landline(),
                            Status.ACTIVE,
                            before.observedAt()));
                }
            }
        }
    }

    private static Change change(Known point, Status status) {
        return new Change(point.address(), point.use(), point.rank(), point.landline(), status, point.observedAt());
    }

    private static String older(Channel channel) {
        return "The source sends an older " + name(channel)
                + " than the one verified since; the verified one stays. Correct it at the source.";
    }

    private static String name(Channel channel) {
        return channel.equals(Channel.EMAIL) ? "e-mail address" : "phone number";
    }
}
