package health.throughline.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** R2, R3, R4: lost answers, server faults and refusals for rate, with the carrier's ledger as the judge. */
@Tag("faults")
class SendFaultsTest extends TextingTest {

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

    /** R4: every message is refused twice for rate, and goes once. */
    @Test
    void sendsEverythingOnceThroughAStormOfRefusalsForRate() {
        List<String> numbers = IntStream.range(0, 30).mapToObj(i -> aNumber()).toList();
        numbers.forEach(number -> fault(number, "throttled", 2));
        List<UUID> messages = new ArrayList<>();
        numbers.forEach(number -> messages.add(queued(aPatient(number), "Eva")));
        messages.forEach(message -> awaitState(message, "delivered"));
        Map<String, List<Sent>> requests = requests();
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
    }

    private int mostUnitsInTwoSeconds(List<Sent> sent) {
        return sent.stream()
                .mapToInt(first -> sent.stream()
                        .filter(each -> !each.at().isBefore(first.at())
                                && each.at().isBefore(first.at().plusSeconds(2)))
                        .mapToInt(each -> senders.adapter(health.throughline.channel.Channel.SMS)
                                .units(each.body()))
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
