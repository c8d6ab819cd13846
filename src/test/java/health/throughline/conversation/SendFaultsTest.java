package health.throughline.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import health.throughline.FaultReport;
import health.throughline.FaultTest;
import health.throughline.channel.Channel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** R2, R3, R4: lost answers, server faults and refusals for rate, with the carrier's ledger as the judge. */
@FaultTest
class SendFaultsTest extends TextingTest {

    private static final FaultReport.Row ANSWER_LOST = FaultReport.row("R2", "accepted, answer lost");
    private static final FaultReport.Row SERVER_FAULT = FaultReport.row("R3", "5xx, accepted and not");
    private static final FaultReport.Row STORM = FaultReport.row("R4", "429 storm");
    private static final int STORMED = FaultReport.form(24, 60);
    /** A provider that refuses most of what it is asked is asked less and less often. */
    private static final Duration STORM_LIMIT = Duration.ofMinutes(FaultReport.form(2, 8));

    private static final Duration TWO_POLLS_APART = Duration.ofSeconds(21);

    @Autowired
    private Attempts attempts;

    /** R2: the callback carries the attempt's id, so it proves what the lost answer would have said. */
    @ParameterizedTest
    @ValueSource(strings = {"reset-after", "error-after"})
    void adoptsByItsCallbackWhatWasTakenWithoutAnAnswer(String fault) {
        String number = aNumber();
        fault(number, fault, 1);
        UUID message = queued(aPatient(number), "Ana");
        awaitState(message, "delivered");
        assertThat(requestsTo(number)).singleElement().matches(Sent::accepted);
        assertThat(standing(message).attempts()).isEqualTo(1);
        assertThat(evidence(message)).contains("unknown/response", "accepted/callback");
        once(ANSWER_LOST);
    }

    private static void once(FaultReport.Row row) {
        row.count(FaultReport.INTENTS, 1).count(FaultReport.LOST, 0).count(FaultReport.DOUBLED, 0);
    }

    /** The control of R2 and R3: who tries again without evidence says it twice. */
    @ParameterizedTest
    @ValueSource(strings = {"reset-after", "error-after"})
    void aBlindRetryWouldSayItTwice(String fault) {
        String number = aNumber();
        fault(number, fault, 1);
        var outbound = attempts.start(leased(aPatient(number), "x"), "test").orElseThrow();
        senders.adapter(Channel.SMS).send(outbound);
        senders.adapter(Channel.SMS).send(outbound);
        boolean red = requestsTo(number).stream().filter(Sent::accepted).count() == 2;
        (fault.equals("reset-after") ? ANSWER_LOST : SERVER_FAULT).control("a blind retry", red);
        assertThat(red).isTrue();
    }

    /** R2: the node dies after the carrier took the message, and no callback ever comes. */
    @Test
    void adoptsFromTheCarriersListWhatADeadNodeSent() {
        String number = aNumber();
        fault(number, "silent", 1);
        var claim = leased(aPatient(number), "Bea");
        var outbound = attempts.start(claim, "dead-node").orElseThrow();
        senders.adapter(outbound.to().channel()).send(outbound);
        inTransaction(() -> jdbc.sql("update dispatch set lease_until = ? where message_id = ?")
                .params(JdbcMessages.utc(clock.instant().minusSeconds(1)), claim.message())
                .update());
        awaitState(claim.message(), "accepted");
        assertThat(requestsTo(number)).singleElement().matches(Sent::accepted);
        assertThat(evidence(claim.message())).containsExactly("unknown/lease", "accepted/poll");
        once(ANSWER_LOST);
    }

    /** R3: not taken, though nobody said so. Two looks into the carrier's list, then one more attempt, flagged. */
    @ParameterizedTest
    @ValueSource(strings = {"error-before", "unavailable", "reset-before"})
    void sendsOnceMoreOnlyAfterTheCarriersListWasReadTwice(String fault) {
        String number = aNumber();
        fault(number, fault, 1);
        UUID message = queued(aPatient(number), "Carla");
        awaitState(message, "unknown");
        assertThat(requestsTo(number)).hasSize(1);
        forward(TWO_POLLS_APART);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> count("select polls from dispatch where message_id = ?", message) == 1);
        assertThat(requestsTo(number)).as("one look proves too little").hasSize(1);
        forward(TWO_POLLS_APART);
        awaitState(message, "delivered");
        assertThat(requestsTo(number)).extracting(Sent::accepted).containsExactly(false, true);
        assertThat(standing(message).resent()).isTrue();
        assertThat(standing(message).attempts()).isEqualTo(2);
        assertThat(evidence(message)).contains("unknown/response", "not_sent/poll");
        once(SERVER_FAULT);
    }

    /** R3: the second failure of that kind is not met by a third attempt. */
    @Test
    void neverSendsAThirdTime() {
        String number = aNumber();
        fault(number, "error-before", 2);
        UUID message = queued(aPatient(number), "Dora");
        awaitState(message, "unknown");
        await().atMost(Duration.ofSeconds(90)).until(() -> {
            forward(TWO_POLLS_APART);
            return standing(message).state().equals("failed");
        });
        assertThat(requestsTo(number)).hasSize(2).noneMatch(Sent::accepted);
        assertThat(standing(message).reason()).isEqualTo("unknown-dropped");
    }

    /** R3, R17: not by a provider that does not list, but by a row that cannot be read. */
    @Test
    void whatCannotBeSettledForWhateverReasonAPersonHasInTime() {
        String number = aNumber();
        fault(number, "error-before", 1);
        UUID message = queued(aPatient(number), "Dina");
        awaitState(message, "unknown");
        asOwner()
                .sql("update message set body = decode('00ff00ff', 'hex') where id = ?")
                .param(message)
                .update();
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            forward(Duration.ofMinutes(4));
            return count(
                            "select count(*) from task where reason_code = 'unknown-outcome' and facts ->> 'message' = ?",
                            message.toString())
                    == 1;
        });
        assertThat(standing(message).state()).isEqualTo("unknown");
        assertThat(requestsTo(number)).hasSize(1);
    }

    /** R4: every message is refused twice for rate, and goes once. */
    @Test
    void sendsEverythingOnceThroughAStormOfRefusalsForRate() {
        List<String> numbers =
                IntStream.range(0, STORMED).mapToObj(i -> aNumber()).toList();
        numbers.forEach(number -> fault(number, "throttled", 2));
        List<UUID> messages = new ArrayList<>();
        numbers.forEach(number -> messages.add(queued(aPatient(number), "Eva")));
        Instant began = Instant.now();
        await().atMost(STORM_LIMIT)
                .until(() -> messages.stream()
                        .allMatch(message -> standing(message).state().equals("delivered")));
        Map<String, List<Sent>> requests = requests();
        STORM.count(FaultReport.INTENTS, STORMED)
                .count(FaultReport.LOST, 0)
                .count(FaultReport.DOUBLED, 0)
                .figure(
                        "storm over in s",
                        Duration.between(began, Instant.now()).toSeconds());
        for (String number : numbers) {
            List<Sent> sent = requests.getOrDefault(number, List.of());
            assertThat(sent).extracting(Sent::status).containsExactly(429, 429, 201);
            assertThat(Duration.between(sent.get(0).at(), sent.get(1).at()))
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
            assertThat(Duration.between(sent.get(1).at(), sent.get(2).at()))
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        }
        assertThat(mostUnitsInTwoSeconds(numbers.stream()
                        .flatMap(n -> requests.getOrDefault(n, List.of()).stream())
                        .toList()))
                .as(
                        "a second's burst, two seconds' rate, and what a busy machine holds up for a second and lets go at once")
                .isLessThanOrEqualTo(4 * unitsPerSecond());
        // control: as many as there are, without the shared rate
        String number = aNumber();
        var outbound = attempts.start(leased(aPatient(number), "x"), "test").orElseThrow();
        IntStream.range(0, 4 * unitsPerSecond() + 1)
                .parallel()
                .forEach(i -> senders.adapter(Channel.SMS).send(outbound));
        boolean red = mostUnitsInTwoSeconds(requestsTo(number)) > 4 * unitsPerSecond();
        STORM.control("no shared rate", red);
        assertThat(red).isTrue();
    }

    private int mostUnitsInTwoSeconds(List<Sent> sent) {
        return sent.stream()
                .mapToInt(first -> sent.stream()
                        .filter(each -> !each.at().isBefore(first.at())
                                && each.at().isBefore(first.at().plusSeconds(2)))
                        .mapToInt(each -> senders.adapter(Channel.SMS).units(each.body()))
                        .sum())
                .max()
                .orElse(0);
    }

    private int unitsPerSecond() {
        return (int) count("select units_per_second from sender where channel = 'sms'");
    }

    private List<String> evidence(UUID message) {
        return asOwner().sql("""
                        select o.outcome || '/' || o.evidence from attempt_outcome o join attempt a on a.id = o.attempt_id
                        where a.message_id = ? order by o.at, o.id
                        """).param(message).query(String.class).list();
    }
}
