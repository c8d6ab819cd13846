package health.throughline.channel;

import java.util.Optional;
import java.util.UUID;

/** Those who opened the chat on a site. Who somebody is nobody knows until they are verified or linked. */
public interface ChatVisitors {

    /** The visitor's own address in the chat. @param token as their browser keeps it */
    Optional<Address> of(String token);

    /**
     * They have shown who they are: the old token counts no more, and the new one for a short while only. Joins the caller's transaction.
     *
     * @param another whether the chat was somebody else's: then a new one begins
     */
    Verified verified(Address visitor, boolean another);

    /** @param token what their browser keeps from now on */
    record Verified(Address visitor, String token) {}

    /** Whose coordinators see what they write; none where it is the whole system's. @param visitor as {@link #of} told */
    Optional<UUID> unitOf(Address visitor);
}
