package health.throughline.simulator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which fault the next request to a number meets: one that a test asked for, else the number's own. */
final class Faults {

    private static final int MAX_RULES = 1000;
    private static final int THROTTLED_TIMES = 2;
    private static final int MAX_COUNTED = 10_000;

    private final List<Rule> rules = new ArrayList<>();
    private final Map<String, Integer> throttled = new HashMap<>();

    private static final class Rule {
        private final @Nullable String to;
        private final Fault fault;
        private int left;

        private Rule(@Nullable String to, Fault fault, int times) {
            this.to = to;
            this.fault = fault;
            this.left = times;
        }
    }

    /** @param to one number, or none for all */
    synchronized void add(@Nullable String to, Fault fault, int times) {
        if (rules.size() >= MAX_RULES) {
            throw new IllegalArgumentException("more than " + MAX_RULES + " faults are waiting; delete them first");
        }
        rules.add(new Rule(to, fault, times));
    }

    synchronized Optional<Fault> next(String to) {
        for (Iterator<Rule> each = rules.iterator(); each.hasNext(); ) {
            Rule rule = each.next();
            if (rule.to == null || rule.to.equals(to)) {
                if (--rule.left <= 0) {
                    each.remove();
                }
                return Optional.of(rule.fault);
            }
        }
        return Fault.ofNumber(to).filter(fault -> fault != Fault.THROTTLED || stillThrottled(to));
    }

    private boolean stillThrottled(String to) {
        if (throttled.size() > MAX_COUNTED) {
            throttled.clear();
        }
        return throttled.merge(to, 1, Integer::sum) <= THROTTLED_TIMES;
    }

    synchronized void clear() {
        rules.clear();
        throttled.clear();
    }
}
