package health.throughline.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import health.throughline.ThroughlineTest;
import health.throughline.channel.Channel;
import health.throughline.consent.ConsentLedger.Statement;
import health.throughline.consent.SendPolicy.Decision;
import health.throughline.consent.SendPolicy.Proposal;
import health.throughline.consent.SendPolicy.Stage;
import health.throughline.organization.OrgUnitId;
import health.throughline.patient.AddressId;
import health.throughline.patient.PartyId;
import health.throughline.patient.PatientFeed;
import health.throughline.patient.PatientId;
import health.throughline.patient.Patients;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class ConsentIntegrationTest extends ThroughlineTest {

    /** The common pool has one thread on two cores; two transactions must run at once. */
    private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();

    private static final OrgUnitId ROOT = new OrgUnitId(UUID.fromString("00000000-0000-7000-8000-000000000001"));
    /** A Thursday at noon in Boston. */
    private static final Instant NOON = Instant.parse("2026-07-09T16:00:00Z");

    private static final String SENDER = "consent-test";
    private static final Random RANDOM = new Random(20_260_709);

    @Autowired
    private SendPolicy policy;

    @Autowired
    private ConsentLedger ledger;

    @Autowired
    private PatientFeed feed;

    @Autowired
    private Patients patients;

    private record Somebody(PatientId patient, PartyId party, AddressId address) {}

    @BeforeEach
    void aRegisteredSender() {
        inTransaction(() -> jdbc.sql("""
                insert into sender (id, channel, provider, value, display_name, units_per_second, campaign_registered)
                values (:id, 'sms', 'twilio', '+16175550100', 'Mercy', 1, true) on conflict do nothing""").param("id", SENDER).update());
    }

    @Test
    void k3AnOptOutWaitsForAnAttemptThatHasBegunAndStopsTheNext() throws Exception {
        Somebody somebody = somebody();
        var begun = new CountDownLatch(1);
        var finish = new CountDownLatch(1);
        var attempt = CompletableFuture.supplyAsync(
                () -> inTransaction(() -> {
                    policy.lock(somebody.address());
                    Decision decision = policy.decide(proposal(somebody), NOON);
                    begun.countDown();
                    awaitLatch(finish);
                    return decision;
                }),
                THREADS);
        awaitLatch(begun);
        var optOut = CompletableFuture.runAsync(() -> stop(somebody), THREADS);
        await().until(this::somebodyWaitsForALock);
        assertThat(optOut).isNotDone();
        finish.countDown();
        assertThat(attempt.get(20, TimeUnit.SECONDS)).isInstanceOf(SendPolicy.May.class);
        optOut.get(20, TimeUnit.SECONDS);
        assertThat(decide(somebody).reason()).isEqualTo("K3.revoked");
    }

    @Test
    void k3AnAttemptWaitsForAnOptOutThatHasBegunAndSeesIt() throws Exception {
        Somebody somebody = somebody();
        var begun = new CountDownLatch(1);
        var finish = new CountDownLatch(1);
        var optOut = CompletableFuture.supplyAsync(
                () -> inTransaction(() -> {
                    stop(somebody);
                    begun.countDown();
                    awaitLatch(finish);
                    return true;
                }),
                THREADS);
        awaitLatch(begun);
        var attempt = CompletableFuture.supplyAsync(
                () -> inTransaction(() -> {
                    policy.lock(somebody.address());
                    return policy.decide(proposal(somebody), NOON);
                }),
                THREADS);
        await().until(this::somebodyWaitsForALock);
        finish.countDown();
        optOut.get(20, TimeUnit.SECONDS);
        assertThat(attempt.get(20, TimeUnit.SECONDS).reason()).isEqualTo("K3.revoked");
    }

    @Test
    void recomputingADecisionGivesTheSameAnswer() {
        Map<String, Integer> reasons = new HashMap<>();
        for (int n = 0; n < 40; n++) {
            Somebody somebody = somebody();
            if (RANDOM.nextInt(3) == 0) {
                stop(somebody);
            }
            if (RANDOM.nextBoolean()) {
                grant(somebody, RANDOM.nextBoolean() ? Purpose.OPERATIONAL : null);
            }
            for (int more = 0; more < 6; more++) {
                Instant at = NOON.plus(Duration.ofMinutes(RANDOM.nextInt(10_000)));
                Decision decision = inTransaction(() -> policy.decide(anyProposal(somebody), at));
                assertThat(policy.recompute(decision.id())).isEqualTo(decision);
                reasons.merge(decision.reason(), 1, Integer::sum);
            }
        }
        assertThat(reasons).hasSizeGreaterThan(4);
    }

    @Test
    void theSameStatementAgainChangesNothing() {
        Somebody somebody = somebody();
        stop(somebody);
        stop(somebody);
        assertThat(ledger.history(somebody.party()))
                .singleElement()
                .satisfies(entry -> assertThat(entry.wholeAddress()).isTrue());
    }

    @Test
    void everyStatementIsAuditedAndItsWordsAreUnreadable() {
        Somebody somebody = somebody();
        grant(somebody, null);
        assertThat(inTransaction(() -> jdbc.sql(
                                "select count(*) from audit where action = 'consent.grant' and patient_id = :patient")
                        .param("patient", somebody.patient().value())
                        .query(Integer.class)
                        .single()))
                .isEqualTo(1);
        byte[] wording = inTransaction(() -> jdbc.sql("select wording from consent_event where party_id = :party")
                .param("party", somebody.party().value())
                .query(byte[].class)
                .single());
        assertThat(new String(wording, java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain("agree");
    }

    @Test
    void k7ACarriersBlockIsAnOptOutAndAStartLiftsOnlyTheBlock() {
        Somebody somebody = somebody();
        ledger.blockedByCarrier(somebody.address(), SENDER, NOON.minusSeconds(60), "21610");
        ledger.blockedByCarrier(somebody.address(), SENDER, NOON.minusSeconds(60), "21610");
        assertThat(decide(somebody).reason()).isEqualTo("K3.revoked");
        ledger.liftedByCarrier(somebody.address(), SENDER, NOON.minusSeconds(90));
        grantAddress(somebody, NOON.minusSeconds(30));
        assertThat(decide(somebody).reason()).isEqualTo("K7.carrier-block");
        ledger.liftedByCarrier(somebody.address(), SENDER, NOON.minusSeconds(20));
        assertThat(decide(somebody).reason()).isEqualTo("K1.consent");
    }

    @Test
    void theSameVersionWithOtherContentIsRefused() {
        inTransaction(() -> RuleBook.record(jdbc, NOON, "a-test", "1", LocalDate.EPOCH, Map.of("a", 1)));
        assertThatThrownBy(() -> inTransaction(
                        () -> RuleBook.record(jdbc, NOON, "a-test", "1", LocalDate.EPOCH, Map.of("a", 2))))
                .hasMessageContaining("\"a-test\" of version 1")
                .hasMessageContaining("new version");
    }

    private Decision decide(Somebody somebody) {
        return inTransaction(() -> policy.decide(proposal(somebody), NOON));
    }

    private void stop(Somebody somebody) {
        ledger.revoke(
                null,
                somebody.address(),
                null,
                new Statement("sms-keyword", "patient", "STOP", "", "SM1", NOON.minusSeconds(5)));
    }

    private void grant(Somebody somebody, @Nullable Purpose purpose) {
        ledger.grant(
                somebody.party(),
                null,
                purpose,
                new Statement("intake-form", "ehr", "I agree", "", "form-1", NOON.minus(Duration.ofDays(30))));
    }

    private void grantAddress(Somebody somebody, Instant when) {
        ledger.grant(
                somebody.party(),
                somebody.address(),
                null,
                new Statement("staff", "staff:ana", null, "", "call-1", when));
    }

    private static Proposal proposal(Somebody to) {
        return new Proposal(
                "consent-test",
                null,
                Stage.SEND,
                to.patient(),
                to.party(),
                to.address(),
                Channel.SMS,
                SENDER,
                Purpose.OPERATIONAL,
                Urgency.ROUTINE,
                false,
                120);
    }

    private static Proposal anyProposal(Somebody to) {
        return new Proposal(
                "consent-test",
                RANDOM.nextBoolean() ? UUID.randomUUID() : null,
                RANDOM.nextBoolean() ? Stage.SEND : Stage.QUEUE,
                to.patient(),
                to.party(),
                to.address(),
                Channel.SMS,
                RANDOM.nextInt(10) == 0 ? "nobody" : SENDER,
                Purpose.values()[RANDOM.nextInt(Purpose.values().length)],
                Urgency.values()[RANDOM.nextInt(Urgency.values().length)],
                RANDOM.nextInt(5) == 0,
                100 + RANDOM.nextInt(100));
    }

    private Somebody somebody() {
        String id = UUID.randomUUID().toString();
        String phone = "+1617%07d".formatted(2_000_000 + RANDOM.nextInt(7_000_000));
        return inTransaction(() -> {
            PatientId patient = feed.apply(new PatientFeed.PatientRecord(
                            "ehr",
                            id,
                            NOON.minus(Duration.ofDays(60)),
                            ROOT,
                            List.of(),
                            "Ana",
                            "Consent",
                            LocalDate.of(1980, 1, 1),
                            "female",
                            "en",
                            false,
                            ZoneId.of("America/New_York"),
                            "MA",
                            true,
                            null,
                            List.of(new PatientFeed.Telecom("phone", phone, "mobile", 1, null, null))))
                    .patient();
            return new Somebody(patient, patients.partyOf(patient), patients.address(Channel.SMS, phone));
        });
    }

    private boolean somebodyWaitsForALock() {
        return asOwner()
                        .sql("select count(*) from pg_locks where not granted")
                        .query(Integer.class)
                        .single()
                > 0;
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("The other side never came");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
