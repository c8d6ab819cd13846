package health.throughline.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.TimeOrderedId;
import health.throughline.channel.OutboundMessage;
import health.throughline.channel.SendOutcome;
import health.throughline.conversation.Spending.Account;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.OrgUnitId;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@DisplayName("F9: a monthly budget per department, warned at 80 %, non-clinical sends stop at 100 %")
class SpendingTest extends TextingTest {

    private static final BigDecimal PLENTY = new BigDecimal("100000.00");

    @Autowired
    private Attempts attempts;

    @Autowired
    private JdbcSpending spending;

    @AfterEach
    void noLimit() {
        limit(null, false);
    }

    @Test
    void stopsBillingAtTheLimitNeverCareAndGoesOnWhenItIsRaised() {
        limit(BigDecimal.ZERO, false);
        var billing = leasedFor("billing");
        assertThat(attempts.start(billing, "test")).isEmpty();
        assertThat(standing(billing.message()))
                .extracting(Standing::state, Standing::reason)
                .containsExactly("queued", "F9.budget");
        assertThat(account().stopped()).isPositive();
        var reminder = leasedFor("operational");
        assertThat(attempts.start(reminder, "test")).as("operational goes on").isPresent();

        limit(BigDecimal.ZERO, true);
        var stopped = leasedFor("operational");
        assertThat(attempts.start(stopped, "test")).isEmpty();
        var care = leasedFor("care");
        assertThat(attempts.start(care, "test")).as("care never stops").isPresent();

        limit(PLENTY, true);
        assertThat(count(
                        "select count(*) from dispatch where message_id = ? and due_at <= ?",
                        billing.message(),
                        JdbcMessages.utc(clock.instant())))
                .as("due at once")
                .isOne();
    }

    @Test
    void countsWhatProvidersAcceptedOnceAndWarnsOnceAtEightyPercent() {
        limit(PLENTY, false);
        BigDecimal before = account().spent();
        Optional<OutboundMessage> started = attempts.start(leasedFor("operational"), "test");
        var attempt = started.orElseThrow().attempt();
        attempts.outcome(attempt, new SendOutcome.Accepted("SM" + UUID.randomUUID()));
        attempts.outcome(attempt, new SendOutcome.Accepted("SM" + UUID.randomUUID()));
        long units = count("select units from attempt where id = ?", attempt.value());
        assertThat(account().spent().subtract(before))
                .isBetween(
                        new BigDecimal("0.0145")
                                .multiply(BigDecimal.valueOf(units))
                                .subtract(new BigDecimal("0.011")),
                        new BigDecimal("0.0145")
                                .multiply(BigDecimal.valueOf(units))
                                .add(new BigDecimal("0.011")));

        BigDecimal spent = asOwner()
                .sql("select sum(amount) from spent where org_unit_id = ?")
                .param(hospital().id().value())
                .query(BigDecimal.class)
                .single();
        for (int i = 0; i < 30 && spent.compareTo(new BigDecimal("1")) < 0; i++) {
            asOwner().sql("""
                            insert into spent (attempt_id, org_unit_id, month, channel, purpose, units, amount, prices, at)
                            select gen_random_uuid(), org_unit_id, month, channel, purpose, units, 1, prices, at from spent where attempt_id = ?
                            """).param(attempt.value()).update();
            spent = spent.add(BigDecimal.ONE);
        }
        limit(account().spent().divide(new BigDecimal("0.9"), 2, RoundingMode.HALF_UP), false);
        assertThat(account()).extracting(Account::state).isEqualTo("warned");
        spending.warn();
        spending.warn();
        assertThat(count(
                        "select count(*) from task where reason_code = 'spending' and org_unit_id = ?",
                        hospital().id().value()))
                .isOne();
    }

    @Test
    void aLimitAboveBindsWhatIsBelow() {
        OrgUnitId department = new OrgUnitId(TimeOrderedId.next());
        inTransaction(() -> {
            organization.save(new OrgUnit(
                    department,
                    hospital().id(),
                    OrgUnit.Kind.DEPARTMENT,
                    hospital().path() + "spending-" + department.value() + "/",
                    "Spending",
                    "Mercy",
                    ZONE,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    OrgUnit.Phase.LIVE));
            return department;
        });
        limit(BigDecimal.ZERO, false);
        var billing = leasedFor("billing");
        asOwner()
                .sql("update dispatch set org_unit_id = ? where message_id = ?")
                .params(department.value(), billing.message())
                .update();
        assertThat(attempts.start(billing, "test")).isEmpty();
        assertThat(standing(billing.message()).reason()).isEqualTo("F9.budget");
    }

    private JdbcDispatch.Claim leasedFor(String purpose) {
        var claim = leased(aPatient(aNumber()), "spending");
        asOwner()
                .sql("update dispatch set purpose = ? where message_id = ?")
                .params(purpose, claim.message())
                .update();
        return claim;
    }

    private Account account() {
        return inTransaction(() -> spending.account(hospital().id()));
    }

    private void limit(@org.jspecify.annotations.Nullable BigDecimal monthly, boolean stopsOperational) {
        OrgUnit hospital = hospital();
        inTransaction(() -> spending.limit(hospital.id(), monthly, stopsOperational, "test"));
    }
}
