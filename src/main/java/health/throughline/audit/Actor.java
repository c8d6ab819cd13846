package health.throughline.audit;

import java.util.function.Supplier;

/**
 * Who acts: a member of staff, a program with an API key, a patient through a channel, or the product itself. The current actor is
 * bound to the thread by whoever let them in; background work acts as {@link #SYSTEM}.
 */
public record Actor(Kind kind, String name) {

    /** The kinds of actor told apart in the audit. */
    public enum Kind {
        STAFF,
        API,
        PATIENT,
        SYSTEM
    }

    public static final Actor SYSTEM = new Actor(Kind.SYSTEM, "throughline");

    private static final ThreadLocal<Actor> CURRENT = ThreadLocal.withInitial(() -> SYSTEM);

    public static Actor current() {
        return CURRENT.get();
    }

    /** Runs the work as this actor and restores the former one afterwards. */
    public <T> T run(Supplier<T> work) {
        Actor former = CURRENT.get();
        CURRENT.set(this);
        try {
            return work.get();
        } finally {
            CURRENT.set(former);
        }
    }

    /** Binds this actor to the thread until bound otherwise, and tells the former one: for filters, which must put it back. */
    public Actor bind() {
        Actor former = CURRENT.get();
        CURRENT.set(this);
        return former;
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(java.util.Locale.ROOT) + ":" + name;
    }
}
