package health.throughline.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.Browser;
import health.throughline.TimeOrderedId;
import health.throughline.access.CredentialsIssuer;
import health.throughline.access.Role;
import health.throughline.channel.OutboundMessage;
import health.throughline.channel.SendOutcome;
import health.throughline.conversation.Spending.Account;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.OrgUnitId;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@DisplayName("F9: a monthly budget per department, warned at 80 %, non-clinical sends stop at 100 %")
class SpendingTest extends TextingTest {

    private static final BigDecimal PLENTY = new BigDecimal("100000.00");

    private static final String PASSWORD = "a long enough passphrase";
    private static final String[] JSON = {"Content-Type", "application/json"};

    @Autowired
    private Attempts attempts;

    @Autowired
    private JdbcSpending spending;

    @Autowired
    private CredentialsIssuer issuer;

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

    @Test
    @DisplayName(
            "F9 over REST: set, warned at 80 %, billing stopped at 100 % while care goes on, raised and ended, each in the audit")
    void setsWarnsStopsAndEndsABudgetOverRest() {
        Browser administrator = administrator();
        String path = "/api/v1/budgets/" + hospital().id().value();
        JsonNode set = answered(administrator.send("PUT", path, "{\"monthly\":100000}", JSON), 200);
        assertThat(set.path("state").asString()).isEqualTo("within");
        assertThat(set.path("monthly").decimalValue()).isEqualByComparingTo("100000");
        assertThat(set.path("setBy").asString()).startsWith("budget-");
        spend(BigDecimal.TEN);
        BigDecimal spent = account().spent();

        BigDecimal eighty = spent.divide(new BigDecimal("0.85"), 2, RoundingMode.HALF_UP);
        set = answered(administrator.send("PUT", path, "{\"monthly\":" + eighty + "}", JSON), 200);
        assertThat(set.path("state").asString()).isEqualTo("warned");
        assertThat(set.path("percent").asInt()).isBetween(80, 99);
        var stillGoes = leasedFor("billing");
        assertThat(attempts.start(stillGoes, "test"))
                .as("warned is not stopped")
                .isPresent();

        set = answered(
                administrator.send("PUT", path, "{\"monthly\":" + spent.subtract(new BigDecimal("0.01")) + "}", JSON),
                200);
        assertThat(set.path("state").asString()).isEqualTo("stopped");
        var billing = leasedFor("billing");
        assertThat(attempts.start(billing, "test")).isEmpty();
        assertThat(attempts.start(leasedFor("care"), "test")).as("care goes on").isPresent();
        assertThat(attempts.start(leasedFor("operational"), "test"))
                .as("so do reminders, unless asked for")
                .isPresent();
        JsonNode read = answered(administrator.get(path), 200);
        assertThat(read.path("stopped").asInt()).isPositive();
        assertThat(answered(administrator.get("/api/v1/budgets"), 200)
                        .path("items")
                        .valueStream()
                        .map(item -> item.path("orgUnit").path("id").asString()))
                .contains(hospital().id().value().toString());

        set = answered(administrator.send("PUT", path, "{\"monthly\":null}", JSON), 200);
        assertThat(set.path("state").asString()).isEqualTo("none");
        assertThat(count(
                        "select count(*) from audit where action = 'budget.set' and entity_id = ?",
                        hospital().id().value().toString()))
                .isGreaterThanOrEqualTo(4);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @DisplayName("F9 over REST: what is no budget is refused with a sentence, and nothing changes")
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"monthly\":-1}        | 422 | from 0 to",
                "{\"monthly\":1000000.01}| 422 | from 0 to",
                "{\"monthly\":0.001}     | 422 | two decimals",
                "{\"monthly\":1e9999}    | 422 | from 0 to",
                "{\"monthly\":\"lots\"}  | 400 | ''",
                "{\"monthly\":[1]}       | 400 | ''",
                "{\"monthly\":NaN}       | 400 | ''",
                "{                       | 400 | ''"
            })
    void refusesWhatIsNoBudget(String body, int status, String sentence) {
        Browser administrator = administrator();
        JsonNode problem = answered(
                administrator.send("PUT", "/api/v1/budgets/" + hospital().id().value(), body, JSON), status);
        assertThat(problem.path("detail").asString()).isNotBlank().contains(sentence);
        assertThat(account().monthly()).isNull();
    }

    @Test
    void takesNothingWrittenStrangelyForNothing() {
        Browser administrator = administrator();
        JsonNode set = answered(
                administrator.send("PUT", "/api/v1/budgets/" + hospital().id().value(), "{\"monthly\":0e9999}", JSON),
                200);
        assertThat(set.path("monthly").decimalValue()).isEqualByComparingTo("0");
        assertThat(answered(
                                administrator.send(
                                        "PUT", "/api/v1/budgets/" + UUID.randomUUID(), "{\"monthly\":1}", JSON),
                                404)
                        .path("detail")
                        .asString())
                .isNotBlank();
    }

    private Browser administrator() {
        String name = "budget-" + UUID.randomUUID().toString().substring(0, 8);
        issuer.createUser(name, "Bo Budget", Role.ADMINISTRATOR, hospital().id(), PASSWORD);
        Browser browser = new Browser(product());
        assertThat(browser.signIn(name, PASSWORD).statusCode()).isEqualTo(204);
        return browser;
    }

    private static JsonNode answered(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return new JsonMapper().readTree(answer.body());
    }

    private void spend(BigDecimal amount) {
        asOwner()
                .sql("""
                insert into spent (attempt_id, org_unit_id, month, channel, purpose, units, amount, prices, at)
                values (gen_random_uuid(), ?, ?, 'sms', 'operational', 1, ?, 'test', ?)
                """)
                .params(
                        hospital().id().value(),
                        java.time.LocalDate.ofInstant(clock.instant(), java.time.ZoneOffset.UTC)
                                .withDayOfMonth(1),
                        amount,
                        JdbcMessages.utc(clock.instant()))
                .update();
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
