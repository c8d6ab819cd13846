package health.throughline.conversation;

import health.throughline.channel.Channel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * By which channels something may be said.
 *
 * @param by the only one; none where any will do
 * @param tried those that were tried in vain
 */
public record Reach(@Nullable Channel by, Set<Channel> tried) {

    public Reach {
        tried = Set.copyOf(tried);
    }

    /** By the one that suits the patient best. */
    public static Reach best() {
        return new Reach(null, Set.of());
    }

    public static Reach by(Channel channel) {
        return new Reach(channel, Set.of());
    }

    /** By the best of those that were not tried yet. */
    public static Reach next(Set<Channel> tried) {
        return new Reach(null, tried);
    }

    boolean allows(Channel channel) {
        return (by == null || by.equals(channel)) && !tried.contains(channel);
    }
}
