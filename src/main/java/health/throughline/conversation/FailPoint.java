package health.throughline.conversation;

import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;
import org.springframework.stereotype.Component;

/**
 * Ends the process at a named place, as a crash there would: {@code throughline.fail-point=answered:3} the third time it is passed. Set by
 * the crash test only; without effect outside local mode.
 */
@Component
class FailPoint {

    private static final int AS_KILLED = 137;

    private final String place;
    private int left;

    FailPoint(Environment environment) {
        String set = environment.acceptsProfiles(Profiles.of("local"))
                ? environment.getProperty("throughline.fail-point", "")
                : "";
        String[] parts = set.split(":", 2);
        this.place = parts[0];
        this.left = parts.length == 2 ? Integer.parseInt(parts[1]) : 1;
    }

    void at(String name) {
        if (place.equals(name) && passed() == 0) {
            Runtime.getRuntime().halt(AS_KILLED);
        }
    }

    private synchronized int passed() {
        return --left;
    }
}
