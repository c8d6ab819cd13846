package health.throughline.consent;

import health.throughline.channel.Channel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How much may be said (K2), and which consent counts as written (K1); the content of {@code rules/budgets}.
 *
 * @param purposes by purpose code
 * @param writtenWays the ways of giving consent that leave something signed
 * @param programmes by the key of the journey: what the patient agreed to has a budget of its own
 */
record Budgets(
        Map<String, Budget> purposes,
        Exemption exemption,
        List<String> writtenWays,
        @Nullable Map<String, Budget> programmes) {

    /** The longest time any budget looks back, and the most messages it counts: the facts reach that far. */
    static final Duration REACH = Duration.ofDays(31);

    static final int MOST = 50;

    Budgets {
        purposes.values().forEach(Budgets::check);
        check(exemption.budget());
        if (programmes != null) {
            programmes.values().forEach(Budgets::check);
        }
    }

    private static void check(Budget budget) {
        for (Limit limit : budget.limits()) {
            if (limit.count() < 1 || limit.count() > MOST || limit.within().compareTo(REACH) > 0) {
                throw new IllegalArgumentException(
                        "A budget counts 1 to " + MOST + " messages within at most " + REACH + ", but was " + limit);
            }
        }
    }

    Budget of(Purpose purpose) {
        Budget budget = purposes.get(purpose.code());
        if (budget == null) {
            throw new IllegalArgumentException("No budget for the purpose " + purpose.code());
        }
        return budget;
    }

    boolean isProgramme(String journey) {
        return programmes != null && programmes.containsKey(journey);
    }

    Optional<Budget> ofProgramme(String code) {
        return Optional.ofNullable(programmes == null ? null : programmes.get(code));
    }

    /** Where a send rests on the healthcare exemption alone. */
    record Exemption(Budget budget, int longest, List<String> purposes, List<String> channels) {
        boolean reaches(Purpose purpose, Channel channel) {
            return purposes.contains(purpose.code()) && channels.contains(channel.code());
        }
    }

    /** @param deferAtMost a message is put off this long for the budget's sake, not longer */
    record Budget(List<Limit> limits, Duration deferAtMost) {

        /**
         * From when on one more message fits.
         *
         * @param sent newest first
         */
        Instant freeFrom(Instant now, List<Instant> sent) {
            Instant free = now;
            for (Limit limit : limits) {
                if (sent.size() >= limit.count()) {
                    Instant ofLimit = sent.get(limit.count() - 1).plus(limit.within());
                    free = ofLimit.isAfter(free) ? ofLimit : free;
                }
            }
            return free;
        }
    }

    /** At most {@code count} in any stretch of time of that length. */
    record Limit(int count, Duration within) {
        long used(Instant now, List<Instant> sent) {
            return sent.stream().filter(at -> at.isAfter(now.minus(within))).count();
        }
    }
}
