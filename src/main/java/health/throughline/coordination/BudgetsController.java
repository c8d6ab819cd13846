package health.throughline.coordination;

import health.throughline.access.Caller;
import health.throughline.access.Invalid;
import health.throughline.access.NotFound;
import health.throughline.audit.Audit;
import health.throughline.conversation.Spending;
import health.throughline.conversation.Spending.Account;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What departments may spend on messages in a month (F9). */
@RestController
@RequestMapping("/api/v1/budgets")
@Tag(name = "Budgets")
class BudgetsController {

    private static final BigDecimal MOST = new BigDecimal("1000000");

    private final Spending spending;
    private final Organization organization;
    private final Audit audit;

    BudgetsController(Spending spending, Organization organization, Audit audit) {
        this.spending = spending;
        this.organization = organization;
        this.audit = audit;
    }

    @Schema(name = "NewBudget")
    record NewBudget(
            @Schema(description = "For a month, in the currency of the prices; none ends the limit") @Nullable
            BigDecimal monthly,

            @Schema(
                    description =
                            "Whether operational messages (reminders) stop too; billing and marketing always do, care never")
            @Nullable
            Boolean stopsOperational) {}

    @Schema(name = "Budget")
    record Budget(
            BudgetUnit orgUnit,
            LocalDate month,
            @Nullable BigDecimal monthly,
            boolean stopsOperational,
            BigDecimal spent,
            String currency,
            int percent,

            @Schema(description = "none, within, warned (from 80 %) or stopped (from 100 %)")
            String state,

            @Schema(description = "Messages that wait for money now")
            int stopped,

            @Nullable String setBy,
            @Nullable Instant setAt,

            @Schema(description = "Version of the prices counted with")
            String prices) {}

    @Schema(name = "BudgetUnit")
    record BudgetUnit(UUID id, String name) {}

    @Schema(name = "BudgetList")
    record Budgets(List<Budget> items) {}

    @GetMapping
    @Operation(summary = "The units that have a budget, and what they spent this month")
    @Transactional
    Budgets list() {
        return new Budgets(spending.accounts().stream().map(this::budget).toList());
    }

    @GetMapping("/{unit}")
    @Operation(summary = "What one unit, with all below it, spent this month, and of what")
    @Transactional
    Budget read(@PathVariable UUID unit, @AuthenticationPrincipal Caller caller) {
        return budget(spending.account(own(unit, caller).id()));
    }

    @PutMapping("/{unit}")
    @Operation(
            summary = "Set, raise or end a unit's monthly budget",
            description =
                    "At 80 % it warns once; at 100 % billing and marketing stop, and operational messages where stopsOperational."
                            + " Care and urgent messages never stop. What waited is looked at again at once.")
    @Transactional
    Budget set(@PathVariable UUID unit, @RequestBody NewBudget wanted, @AuthenticationPrincipal Caller caller) {
        OrgUnit found = own(unit, caller);
        BigDecimal monthly = wanted.monthly();
        if (monthly != null && (monthly.signum() < 0 || monthly.compareTo(MOST) > 0 || monthly.scale() > 2)) {
            throw new Invalid("monthly", "monthly is an amount from 0 to " + MOST + " with at most two decimals.");
        }
        // 0e9999 is nothing, too: no more digits than money has are kept or written down
        monthly = monthly == null ? null : monthly.setScale(2, RoundingMode.UNNECESSARY);
        boolean operational = Boolean.TRUE.equals(wanted.stopsOperational());
        audit.record(Audit.Entry.done("budget.set", "org_unit", unit, null)
                .with("monthly", monthly == null ? "none" : monthly.toPlainString())
                .with("stopsOperational", String.valueOf(operational)));
        return budget(spending.limit(found.id(), monthly, operational, caller.getName()));
    }

    /** Another's unit is as unknown as one that does not exist. */
    private OrgUnit own(UUID unit, Caller caller) {
        String own = organization.find(caller.unit()).map(OrgUnit::path).orElse("/nowhere/");
        return organization
                .find(new OrgUnitId(unit))
                .filter(found -> found.path().startsWith(own))
                .orElseThrow(() -> new NotFound("unit", unit));
    }

    private Budget budget(Account account) {
        return new Budget(
                new BudgetUnit(
                        account.unit(),
                        organization
                                .find(new OrgUnitId(account.unit()))
                                .map(OrgUnit::name)
                                .orElse("")),
                account.month(),
                account.monthly(),
                account.stopsOperational(),
                account.spent(),
                account.currency(),
                account.percent(),
                account.state(),
                account.stopped(),
                account.setBy(),
                account.setAt(),
                account.prices());
    }
}
