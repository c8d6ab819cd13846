package health.throughline.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import health.throughline.ThroughlineTest;
import health.throughline.channel.Address;
import health.throughline.channel.Channel;
import health.throughline.channel.ChannelInbox;
import health.throughline.channel.InboundMessage;
import health.throughline.consent.ConsentLedger.Statement;
import health.throughline.consent.SendPolicy.Decision;
import health.throughline.consent.SendPolicy.Proposal;
import health.throughline.consent.SendPolicy.Stage;
import health.throughline.organization.OrgUnitId;
import health.throughline.patient.AddressId;
import health.throughline.patient.Parties;
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

    @Autowired
    private Parties parties;

    @Autowired
    private Addressees addressees;

    @Autowired
    private NumberChecks checks;

    @Autowired
    private ChannelInbox inbox;

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
        seesTheStopThatHasBegun(somebody, proposal(somebody));
    }

    private void seesTheStopThatHasBegun(Somebody somebody, Proposal proposal) throws Exception {
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
                    policy.lock(proposal.address());
                    return policy.decide(proposal, NOON);
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
    void k5AStopByTextStopsCallsToTheSameNumberForEverybodyThere() {
        Somebody child = somebody();
        Somebody other = onThePhoneOf(child);
        AddressId voice = voice(child);
        assertThat(call(child, voice)).isEqualTo("K1.consent");
        stop(child);
        assertThat(call(child, voice)).isEqualTo("K3.revoked");
        assertThat(call(other, voice)).isEqualTo("K3.revoked");
        assertThat(decide(other).reason()).isEqualTo("K3.revoked");
    }

    @Test
    void k5AKeyPressedInACallStopsTextsToTheSameNumber() {
        Somebody somebody = somebody();
        ledger.revoke(null, voice(somebody), null, said("voice-key"));
        assertThat(decide(somebody).reason()).isEqualTo("K3.revoked");
    }

    @Test
    void k5WordsByMailReachThePersonEverywhereAndTheLinkOnlyTheMail() {
        Somebody linked = somebody();
        Somebody writing = somebody();
        ledger.revoke(null, mail(linked), null, said("email-unsubscribe"));
        ledger.revoke(null, mail(writing), null, said("email-wording"));
        assertThat(decide(linked).reason()).isNotEqualTo("K3.revoked");
        assertThat(decide(writing).reason()).isEqualTo("K3.revoked");
        assertThat(ledger.history(writing.party())).hasSize(1);
    }

    @Test
    void k5AWordToANurseIsOnePersonsAndNotTheOthersOfThePhone() {
        Somebody child = somebody();
        Somebody other = onThePhoneOf(child);
        ledger.revoke(child.party(), null, null, said("staff"));
        assertThat(decide(child).reason()).isEqualTo("K3.revoked");
        assertThat(call(child, voice(child))).isEqualTo("K3.revoked");
        assertThat(decide(other).reason()).isNotEqualTo("K3.revoked");
    }

    @Test
    void k3AnAttemptToCallWaitsForAStopByTextThatHasBegun() throws Exception {
        Somebody somebody = somebody();
        seesTheStopThatHasBegun(somebody, proposal(somebody, voice(somebody), Channel.VOICE));
    }

    @Test
    void k8AGuardianIsToldOfAChildUntilItIsOfAgeOrBarred() {
        // of age on the 10th of July at midnight in Boston
        Somebody child = somebody(LocalDate.of(2008, 7, 10), NOON.minus(Duration.ofDays(60)));
        PartyId mother = relative(child, "MTH");
        AddressId hers = reachedAt(mother);
        Proposal proposal = toRelative(child, mother, hers);
        assertThat(at(proposal, NOON)).isEqualTo("K2.exemption");
        inTransaction(() -> parties.bar(mother, child.patient(), true));
        assertThat(at(proposal, NOON)).isEqualTo("K8.barred");
        inTransaction(() -> parties.bar(mother, child.patient(), false));
        inTransaction(() -> {
            parties.consentsAlone(child.patient(), true);
            return true;
        });
        assertThat(at(proposal, NOON)).isEqualTo("K8.minor-consent");
        inTransaction(() -> {
            parties.consentsAlone(child.patient(), false);
            return true;
        });
        assertThat(at(proposal.with(new SendPolicy.Besides(null, null, true, null, null, null, false)), NOON))
                .isEqualTo("K13.proxy");
        assertThat(at(proposal, Instant.parse("2026-07-10T16:00:00Z"))).isEqualTo("K8.majority");
    }

    @Test
    void k8WhatWasAgreedToForAChildIsNoConsentOfTheGrownUp() {
        Somebody child = somebody(LocalDate.of(2008, 7, 10), NOON.minus(Duration.ofDays(60)));
        grant(child, null);
        assertThat(at(proposal(child), NOON)).isEqualTo("K1.consent");
        assertThat(at(proposal(child), Instant.parse("2026-07-10T16:00:00Z"))).isEqualTo("K2.exemption");
    }

    @Test
    void k8WhoIsWrittenToAboutAChild() {
        Somebody child = somebody(LocalDate.of(2015, 1, 1), NOON.minus(Duration.ofDays(60)));
        PartyId mother = relative(child, "MTH");
        PartyId father = relative(child, "FTH");
        inTransaction(() -> parties.bar(father, child.patient(), true));
        assertThat(addressed(child, false)).containsExactly(mother, child.party());
        assertThat(addressed(child, true)).startsWith(child.party());
        Somebody grownUp = somebody();
        relative(grownUp, "MTH");
        PartyId attorney = relative(grownUp, "HPOWATT");
        assertThat(addressed(grownUp, false)).containsExactly(grownUp.party(), attorney);
    }

    @Test
    void k9ANumberNobodyHeardOfForLongIsLookedUpBeforeItIsWrittenTo() {
        // the local look-up answers by the last digits
        Somebody gone = withNumberEnding("98", NOON.minus(Duration.ofDays(400)));
        Somebody unknown = withNumberEnding("97", NOON.minus(Duration.ofDays(400)));
        Somebody still = withNumberEnding("96", NOON.minus(Duration.ofDays(400)));
        Somebody broken = withNumberEnding("95", NOON.minus(Duration.ofDays(400)));
        for (Somebody each : List.of(broken, gone, unknown, still)) {
            assertThat(inTransaction(() -> policy.decide(proposal(each), clock.instant()))
                            .reason())
                    .isEqualTo("K9.unchecked");
        }
        // what cannot even be read keeps none of the others waiting
        var address = broken.address().value();
        asOwner()
                .sql("update address set value = '\\x00' where id = ?")
                .param(address)
                .update();
        checks.ask();
        asOwner()
                .sql("delete from number_check where address_id = ?")
                .param(address)
                .update();
        assertThat(inTransaction(() -> policy.decide(proposal(gone), clock.instant()))
                        .reason())
                .isEqualTo("K9.reassigned");
        assertThat(inTransaction(() -> policy.decide(proposal(unknown), clock.instant()))
                        .reason())
                .isEqualTo("K9.no-data");
        assertThat(inTransaction(() -> policy.decide(proposal(still), clock.instant()))
                        .reason())
                .doesNotStartWith("K9.");
    }

    @Test
    void k9ANumberThatChangedHandsStaysSoWhateverItsNewOwnerWrites() {
        Somebody gone = withNumberEnding("98", NOON.minus(Duration.ofDays(400)));
        Somebody unknown = withNumberEnding("97", NOON.minus(Duration.ofDays(400)));
        for (Somebody each : List.of(gone, unknown)) {
            assertThat(at(proposal(each), clock.instant())).isEqualTo("K9.unchecked");
        }
        checks.ask();
        for (Somebody each : List.of(gone, unknown)) {
            writes(each, Channel.VOICE);
        }
        assertThat(at(proposal(unknown), clock.instant()))
                .as("anybody can call under any number")
                .isEqualTo("K9.no-data");
        for (Somebody each : List.of(gone, unknown)) {
            writes(each, Channel.SMS);
        }
        assertThat(at(proposal(unknown), clock.instant()))
                .as("the control: who writes has the number")
                .doesNotStartWith("K9.");
        assertThat(at(proposal(gone), clock.instant())).isEqualTo("K9.reassigned");
        assertThat(at(proposal(gone), clock.instant().plus(Duration.ofDays(60))))
                .as("longer than other answers hold")
                .isEqualTo("K9.reassigned");

        String number = inTransaction(() -> patients.address(gone.address()).value());
        inTransaction(() -> feed.verified(
                gone.patient(),
                "staff",
                new PatientFeed.Telecom("phone", number, "mobile", 1, null, null),
                clock.instant()));
        assertThat(at(proposal(gone), clock.instant())).as("given again since").doesNotStartWith("K9.");
    }

    private void writes(Somebody somebody, Channel channel) {
        String number = inTransaction(() -> patients.address(somebody.address()).value());
        inbox.received(new InboundMessage(
                "test-" + channel.code(),
                UUID.randomUUID().toString(),
                new Address(channel, number),
                "+16175550100",
                "hello",
                "hello",
                clock.instant()));
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

    private static Proposal proposal(Somebody to, AddressId address, Channel channel) {
        return new Proposal(
                "consent-test",
                null,
                Stage.SEND,
                to.patient(),
                to.party(),
                address,
                channel,
                SENDER,
                Purpose.OPERATIONAL,
                Urgency.ROUTINE,
                false,
                120);
    }

    private static Proposal toRelative(Somebody about, PartyId party, AddressId address) {
        return new Proposal(
                "consent-test",
                null,
                Stage.SEND,
                about.patient(),
                party,
                address,
                Channel.SMS,
                SENDER,
                Purpose.OPERATIONAL,
                Urgency.ROUTINE,
                false,
                120);
    }

    private String at(Proposal proposal, Instant when) {
        return inTransaction(() -> policy.decide(proposal, when)).reason();
    }

    private String call(Somebody to, AddressId voice) {
        grant(to, null);
        return at(proposal(to, voice, Channel.VOICE), NOON);
    }

    private static Statement said(String how) {
        return new Statement(how, "patient", "no more", "", "test", NOON.minusSeconds(5));
    }

    private AddressId voice(Somebody somebody) {
        return inTransaction(() -> patients.address(
                Channel.VOICE, patients.address(somebody.address()).value()));
    }

    private AddressId mail(Somebody somebody) {
        String value = UUID.randomUUID() + "@example.org";
        return inTransaction(() -> {
            feed.verified(
                    somebody.patient(), "staff", new PatientFeed.Telecom("email", value, "home", 1, null, null), NOON);
            return patients.address(Channel.EMAIL, value);
        });
    }

    private PartyId relative(Somebody of, String authority) {
        return inTransaction(() -> feed.applyRelated(new PatientFeed.RelatedRecord(
                "ehr",
                UUID.randomUUID().toString(),
                NOON.minus(Duration.ofDays(30)),
                of.patient(),
                "Somebody's relative",
                authority,
                "en",
                null,
                null,
                List.of(new PatientFeed.Telecom("phone", aPhone(), "mobile", 1, null, null)))));
    }

    private AddressId reachedAt(PartyId party) {
        return inTransaction(() -> new AddressId(
                jdbc.sql("""
                select c.address_id from contact_point c join address a on a.id = c.address_id
                where c.party_id = ? and a.channel = 'sms'""").param(party.value()).query(UUID.class).single()));
    }

    private List<PartyId> addressed(Somebody about, boolean sensitive) {
        return inTransaction(() -> addressees.of(patients.find(about.patient()).orElseThrow(), sensitive, NOON).stream()
                .map(Addressees.Addressee::party)
                .toList());
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

    private static String aPhone() {
        return "+1617%05d".formatted(20_000 + RANDOM.nextInt(70_000)) + "10";
    }

    private Somebody somebody() {
        return somebody(LocalDate.of(1980, 1, 1), NOON.minus(Duration.ofDays(60)));
    }

    private Somebody somebody(LocalDate born, Instant observed) {
        return somebody(born, aPhone(), observed);
    }

    private Somebody onThePhoneOf(Somebody other) {
        String phone = inTransaction(() -> patients.address(other.address()).value());
        return somebody(LocalDate.of(1980, 1, 1), phone, NOON.minus(Duration.ofDays(60)));
    }

    private Somebody withNumberEnding(String digits, Instant observed) {
        return somebody(
                LocalDate.of(1980, 1, 1), "+1617%05d%s".formatted(20_000 + RANDOM.nextInt(70_000), digits), observed);
    }

    private Somebody somebody(LocalDate born, String phone, Instant observed) {
        String id = UUID.randomUUID().toString();
        return inTransaction(() -> {
            PatientId patient = feed.apply(new PatientFeed.PatientRecord(
                            "ehr",
                            id,
                            observed,
                            ROOT,
                            List.of(),
                            "Ana",
                            "Consent",
                            born,
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
