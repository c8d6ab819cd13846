package health.throughline.access;

/** Whoever works here. */
public interface Staff {

    /**
     * Whether this user may still work; asks the database. A request is asked before it begins; a long-lived one, such as an event stream,
     * asks again at least every two seconds and ends when told no.
     */
    boolean mayWork(String username);
}
