package health.throughline.channel.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import health.throughline.StartRefused;
import health.throughline.channel.Address;
import health.throughline.channel.AttemptId;
import health.throughline.channel.ChannelAdapter.ProviderUnavailable;
import health.throughline.channel.ChannelInbox;
import health.throughline.channel.DeliveryReport;
import health.throughline.channel.InboundMessage;
import health.throughline.channel.OutboundMessage;
import health.throughline.channel.PlayedServer;
import health.throughline.channel.SendOutcome;
import health.throughline.channel.SendOutcome.Accepted;
import health.throughline.channel.SendOutcome.Rejected;
import health.throughline.channel.SendOutcome.Retry;
import health.throughline.channel.SendOutcome.Unknown;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpStatusCode;
import org.springframework.mock.web.MockHttpServletRequest;
import tools.jackson.databind.json.JsonMapper;

/** What the adapter makes of everything an app's server can do, over loopback; the server's own count says what was on the wire. */
class HospitalAppContractTest {

    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final String NEXT = "fedcba9876543210fedcba9876543210";
    private static final Address WHO = new Address(HospitalApp.APP, "user-17");
    private static final UUID ATTEMPT = UUID.fromString("01890000-0000-7000-8000-000000000007");
    private static final String LISTED = """
            {"items":[{"id":"a-1","body":"Hello","at":"2026-07-01T10:00:00Z"}]}""";

    private PlayedServer server;

    @BeforeEach
    void start() {
        server = new PlayedServer(202, LISTED);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HospitalApp app() {
        return new HospitalApp(settings("http://localhost:" + server.port() + "/messages"));
    }

    private static AppSettings settings(String url) {
        return new AppSettings(
                URI.create(url), SECRET, NEXT, Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofMinutes(5));
    }

    private static OutboundMessage message(Instant deadline) {
        return new OutboundMessage(
                new AttemptId(ATTEMPT),
                WHO,
                "app",
                "Your visit is tomorrow. \"Ñandú\" 🙂",
                Map.of(),
                "en",
                Duration.ofHours(2),
                deadline);
    }

    private static SendOutcome send(HospitalApp app) {
        return app.send(message(Instant.now().plusSeconds(30)));
    }

    @Test
    void sendsOneSignedRequestWithTheAttemptsIdSoThatTheAppShowsItOnce() {
        assertThat(send(app())).isEqualTo(new Accepted(ATTEMPT.toString()));
        assertThat(server.requests()).hasSize(1);
        PlayedServer.Request sent = server.requests().getFirst();
        assertThat(sent.header("Idempotency-Key")).isEqualTo(ATTEMPT.toString());
        var body = new JsonMapper().readTree(sent.body());
        assertThat(body.path("id").asString()).isEqualTo(ATTEMPT.toString());
        assertThat(body.path("recipient").asString()).isEqualTo("user-17");
        assertThat(body.path("body").asString()).endsWith("\"Ñandú\" 🙂");
        assertThat(AppSignature.matches(
                        List.of(SECRET),
                        sent.bytes(),
                        sent.header(AppSignature.HEADER),
                        Instant.now(),
                        Duration.ofMinutes(5)))
                .isTrue();
    }

    @ParameterizedTest(name = "{0} is {1}, one request")
    @CsvSource({
        "200, Accepted, ''",
        "202, Accepted, ''",
        "429, Retry, http-429",
        "400, Rejected, http-400",
        "401, Retry, http-401",
        "404, Rejected, http-404",
        "410, Rejected, http-410",
        "302, Rejected, http-302",
        "500, Unknown, http-500",
        "503, Unknown, http-503"
    })
    void readsTheEvidence(int answered, String kind, String code) {
        server.answersWith(answered);
        SendOutcome outcome = send(app());
        assertThat(outcome.getClass().getSimpleName()).isEqualTo(kind);
        assertThat(server.requests())
                .as("R3, R27: one request, and no other address")
                .hasSize(1);
        switch (outcome) {
            case Accepted accepted -> assertThat(code).isEmpty();
            case Retry retry -> assertThat(retry.code()).isEqualTo(code);
            case Rejected rejected -> assertThat(rejected.code()).isEqualTo(code);
            case Unknown unknown -> assertThat(unknown.code()).isEqualTo(code);
        }
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "99999, 600", "-5, 60", "soon, 60", "'Thu, 01 Jan 2099 00:00:00 GMT', 600"})
    void waitsAsAskedAndNotForEver(String asked, long seconds) {
        server.answersWith(429);
        server.asksToWait(asked);
        assertThat(send(app()))
                .isInstanceOfSatisfying(
                        Retry.class, retry -> assertThat(retry.after()).isEqualTo(Duration.ofSeconds(seconds)));
    }

    @Test
    void doesNotKnowAfterALostAnswerAndTriesAgainWhereNothingWasWritten() {
        server.hangsUp();
        assertThat(send(app())).isInstanceOf(Unknown.class);
        assertThat(server.requests()).as("never a blind retry").hasSize(1);
        HospitalApp app = app();
        server.close();
        assertThat(send(app)).isInstanceOfSatisfying(Retry.class, retry -> {
            assertThat(retry.code()).isEqualTo("not-connected");
            assertThat(retry.ofAll()).as("uses up no try of the message's").isTrue();
        });
        assertThat(app.send(message(Instant.now().minusSeconds(1))))
                .isInstanceOfSatisfying(
                        Retry.class, retry -> assertThat(retry.code()).isEqualTo("lease-ended"));
    }

    @Test
    void readsWhatTheAppLists() {
        server.answersWith(200);
        assertThat(app().listSent(WHO, Instant.parse("2026-07-01T00:00:00Z")))
                .singleElement()
                .satisfies(listed -> assertThat(listed.body()).isEqualTo("Hello"));
        assertThat(server.requests().getFirst().query()).contains("recipient=user-17");
        server.answersWith(500);
        assertThatThrownBy(() -> app().listSent(WHO, Instant.EPOCH)).isInstanceOf(ProviderUnavailable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://app.example.org/messages", "ftp://app.example.org", "/messages"})
    void refusesToStartWithAnAddressThatIsNotSafe(String url) {
        assertThatThrownBy(() -> settings(url)).isInstanceOf(StartRefused.class);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "right, 204",
        "rotated, 204",
        "unsigned, 403",
        "wrong secret, 403",
        "changed body, 403",
        "old, 403",
        "ahead, 403",
        "not json, 400",
        "no sender, 400",
        "no text, 400",
        "too large, 413"
    })
    void takesOnlyWhatTheAppSigned(String how, int answered) throws IOException {
        String good = "{\"id\":\"m-1\",\"from\":\"user-17\",\"text\":\"Yes\\u0000\"}";
        String body = switch (how) {
            case "not json" -> "{";
            case "no sender" -> "{\"id\":\"m-1\",\"text\":\"Yes\"}";
            case "no text" -> "{\"id\":\"m-1\",\"from\":\"user-17\"}";
            case "too large" -> good + " ".repeat(AppWebhooks.MAX_BODY_BYTES);
            default -> good;
        };
        Instant at = switch (how) {
            case "old" -> Instant.now().minusSeconds(400);
            case "ahead" -> Instant.now().plusSeconds(400);
            default -> Instant.now();
        };
        String secret = switch (how) {
            case "rotated" -> NEXT;
            case "wrong secret" -> "x".repeat(32);
            default -> SECRET;
        };
        var request = new MockHttpServletRequest("POST", "/webhooks/app/messages");
        request.setContent(
                (how.equals("changed body") ? good.replace("Yes", "No") : body).getBytes(StandardCharsets.UTF_8));
        if (!how.equals("unsigned")) {
            request.addHeader(AppSignature.HEADER, AppSignature.of(secret, body.getBytes(StandardCharsets.UTF_8), at));
        }
        var inbox = new Taken();
        assertThat(webhooks(inbox).message(request).getStatusCode()).isEqualTo(HttpStatusCode.valueOf(answered));
        assertThat(inbox.messages).hasSize(answered == 204 ? 1 : 0);
        inbox.messages.forEach(message -> {
            assertThat(message.body()).isEqualTo("Yes");
            assertThat(message.from()).isEqualTo(WHO);
        });
    }

    @ParameterizedTest
    @CsvSource({"delivered, 204", "read, 204", "failed, 204", "lost, 400"})
    void takesReceipts(String code, int answered) throws IOException {
        byte[] body = ("{\"id\":\"" + ATTEMPT + "\",\"status\":\"" + code + "\"}").getBytes(StandardCharsets.UTF_8);
        var request = new MockHttpServletRequest("POST", "/webhooks/app/receipts");
        request.setContent(body);
        request.addHeader(AppSignature.HEADER, AppSignature.of(SECRET, body, Instant.now()));
        var inbox = new Taken();
        assertThat(webhooks(inbox).receipt(request).getStatusCode()).isEqualTo(HttpStatusCode.valueOf(answered));
        assertThat(inbox.reports).hasSize(answered == 204 ? 1 : 0);
    }

    private AppWebhooks webhooks(ChannelInbox inbox) {
        return new AppWebhooks(settings("http://localhost:" + server.port()), inbox, Clock.systemUTC());
    }

    private static final class Taken implements ChannelInbox {

        private final List<InboundMessage> messages = new ArrayList<>();
        private final List<DeliveryReport> reports = new ArrayList<>();

        @Override
        public void received(InboundMessage message) {
            messages.add(message);
        }

        @Override
        public void reported(DeliveryReport report) {
            reports.add(report);
        }
    }
}
