package health.throughline.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import health.throughline.FaultReport;
import health.throughline.FaultTest;
import health.throughline.channel.AttemptId;
import health.throughline.channel.ChannelInbox;
import health.throughline.channel.InboundMessage;
import health.throughline.channel.SendOutcome;
import health.throughline.conversation.Conversations.Author;
import health.throughline.conversation.Conversations.Question;
import health.throughline.conversation.Conversations.Saying;
import health.throughline.patient.PatientId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** R12: receipts repeated, shuffled, late and all at once leave a message where the orderly ones would. */
@FaultTest
class ReceiptStormTest extends TextingTest {

    private static final int PERMUTATIONS = FaultReport.form(200, 1000);
    private static final int AT_ONCE = 6;

    @Autowired
    private Attempts attempts;

    @Autowired
    private ChannelInbox inbox;

    @Autowired
    private InboundWorker worker;

    @Autowired
    private JdbcDispatch dispatch;

    private record Step(String status, String error) {}

    private record Left(String state, String reason, boolean sent, long receipts) {}

    private static final List<Step> DELIVERED = steps("queued", "sending", "sent", "sent", "delivered", "delivered");
    private static final List<Step> UNDELIVERED = steps("queued", "sending", "sent", "undelivered", "undelivered");

    @Test
    void endsTheSameForEveryOrderOfReceipts() throws Exception {
        Random random = new Random(20261);
        Set<Left> delivered = new HashSet<>();
        Set<Left> undelivered = new HashSet<>();
        long refused = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            PatientId patient = null;
            String number = aNumber();
            for (int i = 0; i < PERMUTATIONS; i++) {
                if (i % 10 == 9) {
                    number = aNumber();
                }
                patient = aPatient(number);
                boolean good = i % 3 != 0;
                var outbound = attempts.start(leased(patient, "p" + i), "test").orElseThrow();
                refused += storm(threads, outbound.attempt(), good ? DELIVERED : UNDELIVERED, i % 2 == 0, random);
                (good ? delivered : undelivered).add(left(outbound.attempt().value()));
            }
        }
        FaultReport.row("R12", "webhook storm: repeated, shuffled, late")
                .count(FaultReport.INTENTS, PERMUTATIONS)
                .figure("final states", delivered.size() + undelivered.size())
                .control("the last receipt wins", lastOnesOfShuffles() > 1);
        assertThat(lastOnesOfShuffles()).isGreaterThan(1);
        assertThat(refused).as("callbacks not answered with 2xx").isZero();
        assertThat(delivered).containsExactly(new Left("delivered", "", true, 4));
        assertThat(undelivered).containsExactly(new Left("undelivered", "30003", true, 4));
    }

    /** The first was resent as the provider did not list it; its failure comes when the second has gone. */
    @Test
    void theLateFailureOfAnEarlierAttemptEndsNothing() {
        String number = aNumber();
        UUID message = asked(aPatient(number));
        var first = attempts.start(leased(message), "test").orElseThrow();
        attempts.outcome(first.attempt(), new SendOutcome.Unknown("no-answer", "Lost."));
        inTransaction(() -> {
            dispatch.resend(message, clock.instant().plus(Duration.ofMinutes(30)));
            return message;
        });
        var second = attempts.start(leased(message), "test").orElseThrow();
        String sid = aSid();
        attempts.outcome(second.attempt(), new SendOutcome.Accepted(sid));
        receipt(second.attempt().value(), sid, "sent", null);
        String firstSid = aSid();

        receipt(first.attempt().value(), firstSid, "undelivered", "30003");

        assertThat(standing(message))
                .extracting(Standing::state, Standing::reason, Standing::providerId)
                .containsExactly("sent", null, sid);
        assertThat(count("select count(*) from question_item where message_id = ? and closed_at is null", message))
                .as("a yes finds its question")
                .isOne();
        assertThat(count(
                        "select count(*) from engagement where message_id = ? and outcome in ('undelivered', 'not-sent')",
                        message))
                .as("told to nobody as a failure")
                .isZero();
        assertThat(count(
                        "select count(*) from attempt_outcome where attempt_id = ? and provider_id = ? and code = '30003'",
                        first.attempt().value(),
                        firstSid))
                .isOne();
        // the control: the same of the last one ends it
        receipt(second.attempt().value(), sid, "undelivered", "30003");
        assertThat(standing(message).state()).isEqualTo("undelivered");
    }

    /** Who presses 9 and hangs up is not "nobody picked up", whichever of the two is worked off first. */
    @Test
    void whatWasSaidInACallThatThenFailedDecides() {
        String number = aNumber();
        UUID message = asked(aPatient(number));
        var outbound = attempts.start(leased(message), "test").orElseThrow();
        String sid = aSid();
        attempts.outcome(outbound.attempt(), new SendOutcome.Accepted(sid));
        String open = "select count(*) from question_item where message_id = ? and closed_at is null";
        worker.stop();
        try {
            inbox.received(new InboundMessage(
                    "twilio",
                    aSid(),
                    outbound.to(),
                    outbound.sender(),
                    "9",
                    "",
                    clock.instant(),
                    outbound.attempt(),
                    "opt-out",
                    false));
            receipt(outbound.attempt().value(), sid, "undelivered", "not-heard");
            assertThat(standing(message).state()).isEqualTo("undelivered");
            assertThat(count(open, message)).as("waits for what was said").isOne();
        } finally {
            worker.start();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> count(open, message) == 0);
        assertThat(count(
                        "select count(*) from question_item where message_id = ? and closed_because = 'not-delivered'",
                        message))
                .isZero();
    }

    private UUID asked(PatientId patient) {
        Instant until = clock.instant().plus(Duration.ofHours(20));
        LocalDateTime visit = LocalDateTime.ofInstant(until, ZONE);
        return idOf(inTransaction(() -> conversations.send(new Saying(
                "late:" + patient,
                patient,
                hospital().id(),
                null,
                "appointment-reminder",
                Map.of(
                        "provider",
                        "Mercy",
                        "givenName",
                        "Ana",
                        "visit",
                        visit,
                        "place",
                        "Clinic",
                        "address",
                        "1 Main St",
                        "parking",
                        "none",
                        "phone",
                        "303 555 0100"),
                false,
                new Question("attendance", until, visit),
                clock.instant().plus(Duration.ofMinutes(30)),
                until,
                new Author(Author.Kind.SYSTEM, "test"),
                null))));
    }

    private static long lastOnesOfShuffles() {
        Random random = new Random(20261);
        return java.util.stream.Stream.generate(() -> {
                    List<Step> shuffled = new ArrayList<>(DELIVERED);
                    Collections.shuffle(shuffled, random);
                    return shuffled.getLast().status();
                })
                .limit(PERMUTATIONS)
                .distinct()
                .count();
    }

    /** The answer to the request itself is one more event that may come at any point, or never. */
    private long storm(ExecutorService threads, AttemptId attempt, List<Step> steps, boolean atOnce, Random random)
            throws Exception {
        String sid = aSid();
        List<Runnable> events = new ArrayList<>();
        List<Integer> answers = Collections.synchronizedList(new ArrayList<>());
        for (Step step : steps) {
            events.add(() -> answers.add(
                    receipt(attempt.value(), sid, step.status(), step.error().isEmpty() ? null : step.error())
                            .statusCode()));
        }
        switch (random.nextInt(3)) {
            case 0 -> events.add(() -> attempts.outcome(attempt, new SendOutcome.Accepted(sid)));
            case 1 -> events.add(() -> attempts.outcome(attempt, new SendOutcome.Unknown("no-answer", "Lost.")));
            default -> {}
        }
        Collections.shuffle(events, random);
        if (atOnce) {
            List<Future<?>> running = new ArrayList<>();
            events.forEach(event -> running.add(threads.submit(event)));
            for (Future<?> each : running) {
                each.get();
            }
        } else {
            events.forEach(Runnable::run);
        }
        return answers.stream().filter(status -> status != 204).count();
    }

    private Left left(UUID attempt) {
        return inTransaction(() -> jdbc.sql("""
                        select d.state, d.reason, d.sent_at is not null as sent,
                               (select count(*) from receipt r where r.attempt_id = a.id) as receipts
                        from attempt a join dispatch d on d.message_id = a.message_id where a.id = ?
                        """)
                .param(attempt)
                .query((row, n) -> new Left(
                        row.getString("state"),
                        row.getString("reason") == null ? "" : row.getString("reason"),
                        row.getBoolean("sent"),
                        row.getLong("receipts")))
                .single());
    }

    private static List<Step> steps(String... statuses) {
        return java.util.Arrays.stream(statuses)
                .map(status -> new Step(status, status.equals("undelivered") ? "30003" : ""))
                .toList();
    }
}
