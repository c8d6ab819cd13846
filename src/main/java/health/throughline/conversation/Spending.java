package health.throughline.conversation;

import health.throughline.organization.OrgUnitId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What units may spend on messages in a month, and what they spent: counted from what providers accepted, with everything below the unit.
 * Care, what is urgent and answers never stop for money; billing and marketing do, and operational messages where the unit says so.
 */
public interface Spending {

    /** Of every unit that has a limit, and the unit asked about. */
    List<Account> accounts();

    /** None where it has no limit. */
    Account account(OrgUnitId unit);

    /**
     * From now on. What stopped for money is looked at again at once.
     *
     * @param monthly none ends the limit
     */
    Account limit(OrgUnitId unit, @Nullable BigDecimal monthly, boolean stopsOperational, String by);

    /**
     * @param month its first day
     * @param state {@code none}, {@code within}, {@code warned} from 80 % on, {@code stopped} from 100 % on
     * @param stopped how many messages wait for it now
     * @param prices version of the prices
     */
    record Account(
            UUID unit,
            java.time.LocalDate month,
            @Nullable BigDecimal monthly,
            boolean stopsOperational,
            BigDecimal spent,
            String currency,
            int percent,
            String state,
            int stopped,
            @Nullable String setBy,
            @Nullable Instant setAt,
            String prices) {}
}
