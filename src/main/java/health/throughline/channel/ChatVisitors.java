package health.throughline.channel;

import java.util.Optional;
import java.util.UUID;

/** Those who opened the chat on a site. Who somebody is nobody knows until they are verified or linked. */
public interface ChatVisitors {

    /** The visitor's own address in the chat. @param token as their browser keeps it */
    Optional<Address> of(String token);

    /** Whose coordinators see what they write; none where it is the whole system's. @param visitor as {@link #of} told */
    Optional<UUID> unitOf(Address visitor);
}
