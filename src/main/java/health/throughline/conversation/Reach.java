package health.throughline.conversation;

import health.throughline.channel.Channel;
import health.throughline.patient.AddressId;
import health.throughline.patient.PatientProfile;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * By which channels something may be said.
 *
 * @param by the only one; none where any will do
 * @param tried those that were tried in vain
 * @param knownAt only to who is reached at that address too; none where anybody will do who may be told
 */
public record Reach(
        @Nullable Channel by, Set<Channel> tried, @Nullable AddressId knownAt) {

    public Reach {
        tried = Set.copyOf(tried);
    }

    /** By the one that suits the patient best. */
    public static Reach best() {
        return new Reach(null, Set.of(), null);
    }

    public static Reach by(Channel channel) {
        return new Reach(channel, Set.of(), null);
    }

    /** By the best of those that were not tried yet. */
    public static Reach next(Set<Channel> tried) {
        return new Reach(null, tried, null);
    }

    /** By another channel to who has that address: what was said there, nobody else hears of. */
    static Reach besides(Channel channel, AddressId address) {
        return new Reach(null, Set.of(channel), address);
    }

    boolean allows(PatientProfile whom) {
        return knownAt == null
                || whom.reachable().stream().anyMatch(point -> point.addressId().equals(knownAt));
    }

    boolean allows(Channel channel) {
        return (by == null || by.equals(channel)) && !tried.contains(channel);
    }
}
