package health.throughline.channel;

import java.util.Optional;

/** Those who opened the chat on a site. Who somebody is nobody knows until they are verified or linked. */
public interface ChatVisitors {

    /** The visitor's own address in the chat. @param token as their browser keeps it */
    Optional<Address> of(String token);
}
