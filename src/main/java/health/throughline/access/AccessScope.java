package health.throughline.access;

import java.util.List;
import java.util.function.Supplier;

/**
 * Which rows the current thread may see. Background work sees everything; a web request sees nothing until somebody has signed in, then
 * the units of that person or key. {@link ScopedTransactionManager} hands it to row-level security at the start of each transaction.
 *
 * @param setting {@code *}, a comma-separated list of unit paths, or nothing
 */
public record AccessScope(String setting) {

    private static final AccessScope SYSTEM = new AccessScope("*");
    private static final AccessScope NONE = new AccessScope("");
    private static final ThreadLocal<AccessScope> CURRENT = ThreadLocal.withInitial(() -> SYSTEM);

    /** The product's own work: dispatcher, engine, webhooks. */
    public static AccessScope system() {
        return SYSTEM;
    }

    public static AccessScope none() {
        return NONE;
    }

    public static AccessScope ofPaths(List<String> paths) {
        return new AccessScope(String.join(",", paths));
    }

    public static AccessScope current() {
        return CURRENT.get();
    }

    /** For filters, which must {@link #clear} in a finally block. */
    public static void set(AccessScope scope) {
        CURRENT.set(scope);
    }

    public static void clear() {
        CURRENT.remove();
    }

    /** Runs the work with these rights and restores the former ones. A transaction already open keeps the rights it began with. */
    public <T> T run(Supplier<T> work) {
        AccessScope former = CURRENT.get();
        CURRENT.set(this);
        try {
            return work.get();
        } finally {
            CURRENT.set(former);
        }
    }
}
