package health.throughline.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.FaultReport;
import health.throughline.FaultTest;
import health.throughline.channel.SendOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** R15: nothing is taken that the carrier did not sign for this system, this path and these words. */
@FaultTest
class ForgedCallbacksTest extends TextingTest {

    private static final FaultReport.Row ROW =
            FaultReport.row("R15", "forged, unsigned, wrong host, replayed callbacks");
    private static final int ROUNDS = 5;
    private static final int PER_SECOND = FaultReport.form(50, 200);
    private static final int SECONDS = FaultReport.form(3, 30);
    private static final int SLOWEST_MILLIS = FaultReport.form(10_000, 200);
    private static final int WARM_UP = FaultReport.form(200, 5000);
    private static final List<String> STATUSES = List.of("queued", "sent", "delivered");
    private static final int PHONES = 20;
    private static final String INBOUND = "/webhooks/twilio/inbound";

    @Autowired
    private Attempts attempts;

    private record Forgery(String name, String path, Map<String, String> parameters, String signature) {}

    @Test
    void takesNothingForged() {
        String number = aNumber();
        var outbound = attempts.start(leased(aPatient(number), "x"), "test").orElseThrow();
        String status = "/webhooks/twilio/status/" + outbound.attempt().value();
        long inboundBefore = count("select count(*) from inbound_key");
        List<String> accepted = new ArrayList<>();
        List<Forgery> forgeries = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            forgeries.addAll(forgeries(
                    INBOUND, Map.of("MessageSid", aSid(), "From", number, "To", "+13035550100", "Body", "STOP")));
            forgeries.addAll(forgeries(status, Map.of("MessageSid", aSid(), "MessageStatus", "delivered")));
        }
        for (Forgery forgery : forgeries) {
            int answer = posted(
                            forgery.path(),
                            forgery.parameters(),
                            forgery.signature().isEmpty() ? null : forgery.signature())
                    .statusCode();
            if (answer != 403) {
                accepted.add(forgery.name() + " on " + forgery.path() + " answered " + answer);
            }
        }
        ROW.count("forged", forgeries.size()).count(FaultReport.FORGED, accepted.size());
        assertThat(forgeries).hasSizeGreaterThanOrEqualTo(100);
        assertThat(accepted).isEmpty();
        assertThat(count("select count(*) from inbound_key")).isEqualTo(inboundBefore);
        assertThat(count(
                        "select count(*) from receipt where attempt_id = ?",
                        outbound.attempt().value()))
                .isZero();
        assertThat(count(
                        "select count(*) from consent_event where action = 'revoke' and address_id = ?",
                        addressOf(number).value()))
                .isZero();
        // control: the same, signed as it should be, is taken, so what was refused was refused for its signature
        assertThat(receipt(outbound.attempt().value(), aSid(), "delivered", null)
                        .statusCode())
                .isEqualTo(204);
        assertThat(inbound(number, aSid(), "STOP").statusCode()).isEqualTo(200);
        ROW.control(
                "a signature that is right for the forged words",
                count("select count(*) from inbound_key") > inboundBefore);
        assertThat(count(
                        "select count(*) from receipt where attempt_id = ?",
                        outbound.attempt().value()))
                .isEqualTo(1);
        assertThat(count(
                        "select count(*) from consent_event where action = 'revoke' and address_id = ?",
                        addressOf(number).value()))
                .isEqualTo(1);
    }

    @Test
    void answersSignedCallbacksQuicklyAtFullRate() throws Exception {
        List<String> numbers =
                Stream.generate(TextingTest::aNumber).limit(PHONES).toList();
        List<UUID> begun = numbers.stream()
                .map(number -> attempts.start(leased(aPatient(number), "x"), "test")
                        .orElseThrow()
                        .attempt()
                        .value())
                .toList();
        // the virtual machine compiles what runs often; a system that was started a minute ago has that behind it
        for (int i = 0; i < WARM_UP; i++) {
            oneCallback(i, numbers, begun);
        }
        List<Duration> took = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger refused = new AtomicInteger();
        long began = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < PER_SECOND * SECONDS; i++) {
                long due = began + i * (1_000_000_000L / PER_SECOND);
                int n = i;
                LockSupport.parkNanos(due - System.nanoTime());
                threads.execute(() -> {
                    int answer = oneCallback(n, numbers, begun);
                    // from when it was due: a server that stops for a second is not asked less meanwhile
                    took.add(Duration.ofNanos(System.nanoTime() - due));
                    refused.addAndGet(answer / 100 == 2 ? 0 : 1);
                });
            }
        }
        ROW.figure("accepted per second", PER_SECOND).times("accepted", took);
        assertThat(refused).hasValue(0);
        assertThat(took).hasSize(PER_SECOND * SECONDS);
        assertThat(FaultReport.percentile(took, 99)).isLessThanOrEqualTo(SLOWEST_MILLIS);
    }

    private int oneCallback(int n, List<String> numbers, List<UUID> begun) {
        return (n % 4 == 0
                        ? inbound(numbers.get(n % PHONES), aSid(), "Thank you " + n)
                        : receipt(begun.get(n % PHONES), aSid(), STATUSES.get(n % STATUSES.size()), null))
                .statusCode();
    }

    private List<Forgery> forgeries(String path, Map<String, String> meant) {
        String token = setting("throughline.twilio.auth-token");
        Map<String, String> parameters = new TreeMap<>(meant);
        parameters.put("AccountSid", setting("throughline.twilio.account-sid"));
        String right = signature(token, product() + path, parameters);
        Map<String, String> added = new TreeMap<>(parameters);
        added.put("MessageStatus", "failed");
        Map<String, String> otherAccount = new HashMap<>(parameters);
        otherAccount.put("AccountSid", "AC" + "0".repeat(32));
        return List.of(
                new Forgery("unsigned", path, parameters, ""),
                new Forgery("garbage", path, parameters, "AAAAAAAAAAAAAAAAAAAAAAAAAAA="),
                new Forgery("empty token", path, parameters, signature("\0", product() + path, parameters)),
                new Forgery(
                        "a token rotated out",
                        path,
                        parameters,
                        signature("0123456789abcdef0123456789abcdef", product() + path, parameters)),
                new Forgery(
                        "another host", path, parameters, signature(token, "https://evil.example" + path, parameters)),
                new Forgery(
                        "host within host",
                        path,
                        parameters,
                        signature(token, product() + ".evil.example" + path, parameters)),
                new Forgery(
                        "another path",
                        path,
                        parameters,
                        signature(token, product() + "/webhooks/twilio/status/" + UUID.randomUUID(), parameters)),
                new Forgery(
                        "with a query",
                        path + "?a=b",
                        parameters,
                        signature(token, product() + path + "?a=b", parameters)),
                new Forgery("words changed", path, changed(parameters), right),
                new Forgery("a parameter added", path, added, meant.containsKey("MessageStatus") ? "x" + right : right),
                new Forgery("another account", path, otherAccount, signature(token, product() + path, otherAccount)),
                new Forgery("an upper-case signature", path, parameters, right.toUpperCase(java.util.Locale.ROOT)));
    }

    private static Map<String, String> changed(Map<String, String> parameters) {
        Map<String, String> changed = new TreeMap<>(parameters);
        changed.replaceAll((name, value) -> name.equals("MessageSid") ? aSid() : value);
        return changed;
    }

    @Test
    void aReplayedCallbackChangesNothing() {
        String number = aNumber();
        String stop = aSid();
        String start = aSid();
        assertThat(inbound(number, start, "START").statusCode()).isEqualTo(200);
        assertThat(inbound(number, stop, "STOP").statusCode()).isEqualTo(200);
        long revoked = count(
                "select count(*) from consent_event where action = 'revoke' and address_id = ?",
                addressOf(number).value());
        for (int i = 0; i < 3; i++) {
            assertThat(inbound(number, start, "START").statusCode()).isEqualTo(200);
            assertThat(inbound(number, stop, "STOP").statusCode()).isEqualTo(200);
        }
        assertThat(count("select count(*) from inbound_key where provider_id in (?, ?)", start, stop))
                .isEqualTo(2);
        assertThat(count(
                        "select count(*) from consent_event where action = 'revoke' and address_id = ?",
                        addressOf(number).value()))
                .isEqualTo(revoked);
        var patient = aPatient(number);
        assertThat(send(patient, "x", null)).isInstanceOf(Conversations.Refused.class);
    }

    @Test
    void aReceiptReplayedOnAnotherAttemptsPathIsRefused() {
        String number = aNumber();
        var first = attempts.start(leased(aPatient(number), "x"), "test").orElseThrow();
        attempts.outcome(first.attempt(), new SendOutcome.Accepted(aSid()));
        Map<String, String> parameters = new TreeMap<>(Map.of(
                "MessageSid",
                aSid(),
                "MessageStatus",
                "delivered",
                "AccountSid",
                setting("throughline.twilio.account-sid")));
        String signed = signature(
                setting("throughline.twilio.auth-token"),
                product() + "/webhooks/twilio/status/" + UUID.randomUUID(),
                parameters);
        assertThat(posted("/webhooks/twilio/status/" + first.attempt().value(), parameters, signed)
                        .statusCode())
                .isEqualTo(403);
    }
}
