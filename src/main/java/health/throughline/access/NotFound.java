package health.throughline.access;

/**
 * There is no such thing, or the caller's units do not include it: the two are told apart nowhere. Answered as 404 and audited. Throw it
 * from a controller or let it leave the transaction.
 */
public class NotFound extends RuntimeException {

    private final String what;
    private final String id;

    /**
     * @param what the kind of thing, as the audit names it: {@code patient}, {@code task}, {@code journey_instance}
     * @param id what was asked for
     */
    public NotFound(String what, Object id) {
        super("There is no " + what.replace('_', ' ') + " " + id + " here.");
        this.what = what;
        this.id = String.valueOf(id);
    }

    public String what() {
        return what;
    }

    public String id() {
        return id;
    }
}
