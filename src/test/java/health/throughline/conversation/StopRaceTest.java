package health.throughline.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import health.throughline.FaultReport;
import health.throughline.FaultTest;
import health.throughline.channel.Channel;
import health.throughline.channel.OutboundMessage;
import health.throughline.channel.SendOutcome;
import health.throughline.consent.ConsentLedger;
import health.throughline.consent.Purpose;
import health.throughline.consent.SendPolicy;
import health.throughline.consent.Urgency;
import health.throughline.patient.AddressId;
import health.throughline.patient.PartyId;
import health.throughline.patient.PatientId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** R13: once a STOP is committed, no attempt to that address starts. */
@FaultTest
class StopRaceTest extends TextingTest {

    private static final FaultReport.Row ROW = FaultReport.row("R13", "STOP during a bulk send");
    private static final int ADDRESSES = 60;
    private static final int PATIENTS_EACH = 3;
    private static final int MESSAGES = 300;

    @Autowired
    private Attempts attempts;

    @Autowired
    private SendPolicy policy;

    @Test
    void startsNothingAfterAStopThatComesIntoABulkSend() {
        List<String> numbers =
                IntStream.range(0, ADDRESSES).mapToObj(i -> aNumber()).toList();
        List<PatientId> patientsOfAll = new ArrayList<>();
        for (int i = 0; i < PATIENTS_EACH; i++) {
            numbers.forEach(number -> patientsOfAll.add(aPatient(number)));
        }
        List<UUID> messages = new ArrayList<>();
        for (int i = 0; messages.size() < MESSAGES; i++) {
            messages.add(queued(patientsOfAll.get(i % patientsOfAll.size()), "bulk"));
        }
        List<String> stopping = numbers.stream()
                .filter(number -> numbers.indexOf(number) % 3 != 0)
                .toList();
        Map<String, Instant> answered = new HashMap<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            var all = stopping.stream()
                    .map(number -> CompletableFuture.runAsync(
                            () -> {
                                assertThat(inbound(number, aSid(), "STOP").statusCode())
                                        .isEqualTo(200);
                                synchronized (answered) {
                                    answered.put(number, clock.instant());
                                }
                            },
                            threads))
                    .toList();
            all.forEach(CompletableFuture::join);
        }
        fastRate();
        try {
            await().atMost(Duration.ofMinutes(3)).until(() -> open(messages) == 0);
        } finally {
            ordinaryRate();
        }
        long started = count("select count(*) from attempt where message_id = any(?)", ids(messages));
        long suppressed = count(
                "select count(*) from dispatch where message_id = any(?) and state = 'suppressed'", ids(messages));
        long after = count("""
            select count(*) from attempt a join dispatch d on d.message_id = a.message_id
            join consent_event c on c.address_id = d.address_id and c.action = 'revoke' and c.how = 'sms-keyword'
            where d.message_id = any(?) and a.started_at > c.recorded_at
            """, ids(messages));
        long decidedKnowing = count("""
            select count(*) from attempt a join send_decision s on s.id = a.decision_id
            where a.message_id = any(?) and (s.outcome <> 'may' or s.inputs -> 'said' @> '[{"grant": false}]')
            """, ids(messages));
        Map<String, List<Sent>> requests = requests();
        long late = answered.entrySet().stream()
                .flatMap(each -> requests.getOrDefault(each.getKey(), List.of()).stream()
                        .filter(sent -> sent.at().isAfter(each.getValue().plusSeconds(5))))
                .count();
        System.out.printf(
                "R13: %d messages, %d addresses, %d STOPs, %d attempts started, %d suppressed, after a STOP %d%n",
                MESSAGES, ADDRESSES, stopping.size(), started, suppressed, after);
        ROW.count(FaultReport.INTENTS, MESSAGES)
                .count(FaultReport.AFTER_STOP, after + late)
                .figure("STOPs", stopping.size())
                .figure("kept back", suppressed);
        assertThat(after).isZero();
        assertThat(decidedKnowing).isZero();
        assertThat(late).isZero();
        assertThat(suppressed).as("STOPs came in time to keep something back").isPositive();
        assertThat(started + suppressed).isGreaterThanOrEqualTo(MESSAGES);
    }

    @Test
    void anAttemptWaitsForAStopThatIsBeingWrittenAndThenDoesNotStart() throws Exception {
        String number = aNumber();
        PatientId patient = aPatient(number);
        AddressId address = addressOf(number);
        var claim = leased(patient, "first");
        List<CompletableFuture<Optional<OutboundMessage>>> attempt = new ArrayList<>();
        boolean allowedWithoutTheLock = inTransaction(() -> {
            stop(address);
            // control: a decision that does not wait for the address sees no STOP yet
            boolean blind = CompletableFuture.supplyAsync(() -> decide(patient, address) instanceof SendPolicy.May)
                    .join();
            attempt.add(CompletableFuture.supplyAsync(() -> attempts.start(claim, "test")));
            awaitBlocked();
            assertThat(attempt.getFirst()).isNotDone();
            return blind;
        });
        ROW.control("a decision without the address's lock", allowedWithoutTheLock);
        assertThat(allowedWithoutTheLock).isTrue();
        assertThat(attempt.getFirst().get()).isEmpty();
        assertThat(standing(claim.message()).state()).isEqualTo("suppressed");
        assertThat(count("select count(*) from attempt where message_id = ?", claim.message()))
                .isZero();
    }

    @Test
    void whatIsNotReadYetKeepsTheNextMessageBack() {
        String number = aNumber();
        PatientId patient = aPatient(number);
        var claim = leased(patient, "first");
        var urgent = leased(aPatient(number), "second");
        // as if the reader had much else to read
        UUID unread = UUID.randomUUID();
        asOwner()
                .sql("""
                        insert into inbound_work (inbound_id, received_at, said_at, address_id, state, due_at)
                        values (?, ?, ?, ?, 'received', ?)
                        """)
                .params(
                        unread,
                        JdbcMessages.utc(clock.instant()),
                        JdbcMessages.utc(clock.instant()),
                        addressOf(number).value(),
                        JdbcMessages.utc(clock.instant().plus(Duration.ofDays(1))))
                .update();
        assertThat(attempts.start(claim, "test")).isEmpty();
        assertThat(standing(claim.message()).reason()).isEqualTo("reply-unread");
        asOwner()
                .sql("delete from inbound_work where inbound_id = ?")
                .param(unread)
                .update();
        // control: the same with nothing unread starts
        Optional<OutboundMessage> outbound = attempts.start(urgent, "test");
        boolean starts = outbound.isPresent();
        outbound.ifPresent(this::over);
        ROW.control("no look at what was not read yet", starts);
        assertThat(starts).isTrue();
    }

    /** K2 and the spacing hold for two messages that are due at the same moment at two addresses of one patient. */
    @Test
    void twoMessagesToOnePatientAreDecidedOneAfterTheOther() throws Exception {
        PatientId patient = aPatient(aNumber());
        var first = leased(patient, "first");
        var second = toWhoStandsFor(patient, addressOf(aNumber()), "second");
        List<CompletableFuture<Optional<OutboundMessage>>> other = new ArrayList<>();
        List<OutboundMessage> started = new ArrayList<>();
        inTransaction(() -> {
            started.add(attempts.start(first, "test").orElseThrow());
            other.add(CompletableFuture.supplyAsync(() -> attempts.start(second, "test")));
            awaitBlocked();
            assertThat(other.getFirst()).isNotDone();
            return first;
        });
        other.getFirst().get().ifPresent(started::add);
        started.forEach(this::over);
    }

    private JdbcDispatch.Claim toWhoStandsFor(PatientId patient, AddressId theirs, String marker) {
        var claim = leased(patient, marker);
        asOwner()
                .sql("update dispatch set address_id = ? where message_id = ?")
                .params(theirs.value(), claim.message())
                .update();
        return new JdbcDispatch.Claim(claim.message(), claim.createdAt(), theirs.value(), claim.fence(), claim.units());
    }

    /** What goes to a parent, or to the record theirs was merged into, goes to no address of the patient's own. */
    @Test
    void aRefusalToldToStaffWaitsForAnAttemptToWhoeverStandsForThePatient() throws Exception {
        PatientId patient = aPatient(aNumber());
        PartyId party = inTransaction(() -> patients.partyOf(patient));
        AddressId theirs = addressOf(aNumber());
        var first = toWhoStandsFor(patient, theirs, "first");
        var second = toWhoStandsFor(patient, theirs, "second");
        List<CompletableFuture<Integer>> refused = new ArrayList<>();
        OutboundMessage outbound = inTransaction(() -> {
            OutboundMessage started = attempts.start(first, "test").orElseThrow();
            // control: the patient's own addresses, and the patient as a party, are free
            boolean passes = CompletableFuture.supplyAsync(() -> inTransaction(() -> jdbc.sql("""
                                    select count(*) from (select 1 from address where id in (
                                        select address_id from contact_point where party_id = ?) for no key update nowait) a,
                                        (select 1 from party where id = ? for no key update nowait) y
                                    """)
                                    .params(party.value(), party.value())
                                    .query(Integer.class)
                                    .single()))
                            .join()
                    > 0;
            ROW.control("a refusal without the patient's lock", passes);
            assertThat(passes).isTrue();
            refused.add(CompletableFuture.supplyAsync(() -> inTransaction(() -> {
                ledger.revoke(
                        party,
                        null,
                        null,
                        new ConsentLedger.Statement("staff", "test", null, "all", "test:told", clock.instant()));
                return 1;
            })));
            awaitBlocked();
            assertThat(refused.getFirst()).isNotDone();
            return started;
        });
        assertThat(refused.getFirst().get()).isOne();
        over(outbound);
        assertThat(attempts.start(second, "test")).isEmpty();
        assertThat(standing(second.message()))
                .extracting(Standing::state, Standing::reason)
                .containsExactly("suppressed", "K3.revoked");
    }

    /** So that it is no unknown that other tests meet again. */
    private void over(OutboundMessage outbound) {
        attempts.outcome(outbound.attempt(), new SendOutcome.Accepted(aSid()));
    }

    @Test
    void aStopWaitsForAnAttemptThatIsStartingAndThenKeepsTheNextBack() throws Exception {
        String number = aNumber();
        PatientId patient = aPatient(number);
        AddressId address = addressOf(number);
        var first = leased(patient, "first");
        var second = leased(patient, "second");
        List<CompletableFuture<Integer>> stopped = new ArrayList<>();
        OutboundMessage outbound = inTransaction(() -> {
            OutboundMessage started = attempts.start(first, "test").orElseThrow();
            stopped.add(CompletableFuture.supplyAsync(
                    () -> inbound(number, aSid(), "STOP").statusCode()));
            awaitBlocked();
            assertThat(stopped.getFirst()).isNotDone();
            return started;
        });
        assertThat(stopped.getFirst().get()).isEqualTo(200);
        attempts.outcome(outbound.attempt(), new SendOutcome.Accepted(aSid()));
        assertThat(attempts.start(second, "test")).isEmpty();
        awaitState(second.message(), "suppressed");
        assertThat(count("""
            select count(*) from attempt a join dispatch d on d.message_id = a.message_id
            join consent_event c on c.address_id = d.address_id and c.action = 'revoke'
            where d.address_id = ? and a.started_at > c.recorded_at
            """, address.value())).isZero();
    }

    /** A wish in words is kept first and then ends the journey, which withdraws its messages. */
    @Test
    void aStopThatWithdrawsTheMessageDoesNotDeadlockWithItsAttempt() throws Exception {
        String number = aNumber();
        var claim = leased(aPatient(number), "first");
        List<CompletableFuture<Optional<OutboundMessage>>> attempt = new ArrayList<>();
        inTransaction(() -> {
            stop(addressOf(number));
            attempt.add(CompletableFuture.supplyAsync(() -> attempts.start(claim, "test")));
            awaitBlocked();
            return jdbc.sql("update dispatch set withdrawn = 'opted-out' where message_id = ?")
                    .param(claim.message())
                    .update();
        });
        assertThat(attempt.getFirst().get()).isEmpty();
        assertThat(standing(claim.message()).reason()).isEqualTo("opted-out");
    }

    private void stop(AddressId address) {
        ledger.revoke(
                null,
                address,
                null,
                new ConsentLedger.Statement("sms-keyword", "patient", "STOP", "address", "test", clock.instant()));
    }

    private SendPolicy.Decision decide(PatientId patient, AddressId address) {
        return inTransaction(() -> policy.decide(
                new SendPolicy.Proposal(
                        "test:" + UUID.randomUUID(),
                        UUID.randomUUID(),
                        SendPolicy.Stage.SEND,
                        patient,
                        patients.partyOf(patient),
                        address,
                        Channel.SMS,
                        Senders.senderId(Channel.SMS),
                        Purpose.OPERATIONAL,
                        Urgency.TIME_BOUND,
                        false,
                        100),
                clock.instant()));
    }

    private void awaitBlocked() {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> count("select count(*) from pg_locks where not granted") > 0);
    }

    private long open(List<UUID> messages) {
        return count(
                "select count(*) from dispatch where message_id = any(?) and state in ('queued', 'leased',"
                        + " 'attempting', 'unknown', 'accepted')",
                ids(messages));
    }

    private static Object ids(List<UUID> messages) {
        return messages.toArray(UUID[]::new);
    }
}
