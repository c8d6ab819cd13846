package health.throughline.channel;

import java.time.Instant;

/** Whether what a visitor of the chat has shown of who they are still counts: the owner of the patients' pages knows. */
public interface ChatStanding {

    /**
     * Makes a transaction of its own.
     *
     * @param since when they showed who they are
     */
    boolean stands(Address visitor, Instant since);
}
