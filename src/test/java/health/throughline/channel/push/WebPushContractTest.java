package health.throughline.channel.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import health.throughline.StartRefused;
import health.throughline.channel.Address;
import health.throughline.channel.AttemptId;
import health.throughline.channel.BrowserSubscriptions;
import health.throughline.channel.OutboundMessage;
import health.throughline.channel.PlayedServer;
import health.throughline.channel.SendOutcome;
import health.throughline.channel.SendOutcome.Accepted;
import health.throughline.channel.SendOutcome.Rejected;
import health.throughline.channel.SendOutcome.Retry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What the adapter makes of everything a push service can do, over loopback; the vectors are those that the RFCs publish. */
class WebPushContractTest {

    // RFC 8291, section 5 and appendix A
    private static final String SENDER_PUBLIC =
            "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8";
    private static final String SENDER_PRIVATE = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
    private static final String BROWSER_PUBLIC =
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    private static final String SALT = "DGv6ra1nlYgDCS1FRnbzlw";
    private static final String SECRET = "BTBZMqHH6r4Tts7J_aSIgg";
    private static final String SEALED = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
            + "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
            + "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
    // RFC 8292, section 2.4
    private static final String TOKEN = "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9."
            + "eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0."
            + "i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA";
    private static final String TOKENS_KEY =
            "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs";

    private static final List<String> HOSTS = List.of("fcm.googleapis.com", "*.notify.windows.com");

    private PlayedServer server;

    @BeforeEach
    void start() {
        server = new PlayedServer(201, "");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static PushSettings settings(String open, String hidden, String contact) {
        return new PushSettings(
                open, hidden, contact, HOSTS, Duration.ofHours(4), Duration.ofSeconds(2), Duration.ofSeconds(2));
    }

    private static WebPush push(boolean local) {
        return new WebPush(settings(SENDER_PUBLIC, SENDER_PRIVATE, "mailto:it@example.org"), local);
    }

    private String endpoint() {
        return "http://localhost:" + server.port() + "/push/abc";
    }

    private static OutboundMessage message(Address to, Instant deadline) {
        return new OutboundMessage(
                new AttemptId(UUID.fromString("01890000-0000-7000-8000-000000000007")),
                to,
                "push",
                "Tiene un mensaje nuevo.",
                Map.of("title", "Mercy Valley"),
                "es",
                Duration.ofDays(1),
                deadline);
    }

    private SendOutcome send() {
        WebPush push = push(true);
        return push.send(message(
                push.address(endpoint(), BROWSER_PUBLIC, SECRET), Instant.now().plusSeconds(30)));
    }

    @Test
    @DisplayName("RFC 8291, appendix A: the published example, byte for byte")
    void sealsAsTheStandardShows() {
        byte[] sealed = SealedNotice.of(
                "When I grow up, I want to be a watermelon".getBytes(StandardCharsets.UTF_8),
                KeyPair256.decoded(BROWSER_PUBLIC),
                KeyPair256.decoded(SECRET),
                KeyPair256.of(SENDER_PUBLIC, SENDER_PRIVATE),
                KeyPair256.decoded(SALT));
        assertThat(KeyPair256.encoded(sealed)).isEqualTo(SEALED);
    }

    @Test
    @DisplayName("RFC 8292, 2.4: a signature is checked as the published one is, and ours passes")
    void signsAsTheStandardShows() throws Exception {
        assertThat(verified(TOKEN, TOKENS_KEY)).isTrue();
        String said = push(false).publicKey();
        assertThat(said).isEqualTo(SENDER_PUBLIC);
        Vapid vapid = new Vapid(KeyPair256.of(SENDER_PUBLIC, SENDER_PRIVATE), "mailto:it@example.org");
        Instant now = Instant.parse("2026-07-01T10:00:00Z");
        String header = vapid.authorization(URI.create("https://fcm.googleapis.com/fcm/send/abc?x=1"), now);
        assertThat(header).startsWith("vapid t=").endsWith(", k=" + SENDER_PUBLIC);
        String token = header.substring("vapid t=".length(), header.indexOf(", k="));
        assertThat(verified(token, SENDER_PUBLIC)).isTrue();
        assertThat(verified(token, TOKENS_KEY)).isFalse();
        var claims = new JsonMapper().readTree(KeyPair256.decoded(token.split("\\.")[1]));
        assertThat(claims.path("aud").asString()).isEqualTo("https://fcm.googleapis.com");
        assertThat(claims.path("sub").asString()).isEqualTo("mailto:it@example.org");
        assertThat(claims.path("exp").asLong()).isBetween(now.getEpochSecond(), now.getEpochSecond() + 24 * 3600);
    }

    private static boolean verified(String token, String key) throws Exception {
        String[] parts = token.split("\\.");
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initVerify(KeyPair256.publicKey(KeyPair256.decoded(key)));
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        return signature.verify(KeyPair256.decoded(parts[2]));
    }

    @Test
    @DisplayName("K12: one request, sealed; its headers and size say nothing of the patient")
    void makesOneSealedRequest() {
        assertThat(send()).isInstanceOf(Accepted.class);
        assertThat(server.requests()).hasSize(1);
        PlayedServer.Request sent = server.requests().getFirst();
        assertThat(sent.method()).isEqualTo("POST");
        assertThat(sent.header("TTL")).as("no longer than the setting").isEqualTo("14400");
        assertThat(sent.header("Content-Encoding")).isEqualTo("aes128gcm");
        assertThat(sent.header("Topic")).isEqualTo("inbox");
        assertThat(sent.header("Authorization")).startsWith("vapid t=");
        assertThat(new String(sent.bytes(), StandardCharsets.ISO_8859_1)).doesNotContain("mensaje", "Mercy");
    }

    @ParameterizedTest(name = "{0} is {1}, one request")
    @CsvSource({
        "200, Accepted, ''",
        "201, Accepted, ''",
        "202, Accepted, ''",
        "404, Rejected, push.gone",
        "410, Rejected, push.gone",
        "429, Retry, push.http-429",
        "500, Retry, push.http-500",
        "503, Retry, push.http-503",
        "302, Rejected, push.http-302",
        "400, Rejected, push.http-400",
        "401, Rejected, push.http-401",
        "403, Rejected, push.http-403",
        "413, Rejected, push.http-413"
    })
    void makesOfEachAnswer(int answered, String outcome, String code) {
        server.answersWith(answered);
        SendOutcome made = send();
        assertThat(made.getClass().getSimpleName()).isEqualTo(outcome);
        assertThat(server.requests())
                .as("never more, and no redirect is followed (R27)")
                .hasSize(1);
        String told = switch (made) {
            case Retry retry -> retry.code();
            case Rejected rejected -> rejected.code();
            default -> "";
        };
        assertThat(told).isEqualTo(code);
    }

    @Test
    void waitsAsLongAsItIsAskedTo() {
        server.answersWith(429);
        server.asksToWait("120");
        assertThat(send())
                .isInstanceOfSatisfying(
                        Retry.class, retry -> assertThat(retry.after()).isEqualTo(Duration.ofSeconds(120)));
        server.asksToWait("999999999");
        assertThat(send())
                .isInstanceOfSatisfying(
                        Retry.class, retry -> assertThat(retry.after()).isEqualTo(Duration.ofMinutes(10)));
    }

    @Test
    void triesAgainWhereTheAnswerIsLostSinceOneNoticeReplacesTheOther() {
        server.hangsUp();
        assertThat(send()).isInstanceOf(Retry.class);
        server.close();
        assertThat(send()).isInstanceOf(Retry.class);
    }

    @Test
    void sendsNothingAfterItsDeadline() {
        WebPush push = push(true);
        var outcome = push.send(message(push.address(endpoint(), BROWSER_PUBLIC, SECRET), Instant.now()));
        assertThat(outcome).isInstanceOf(Retry.class);
        assertThat(server.requests()).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("R27: only push services that are allowed, over https")
    @ValueSource(
            strings = {
                "http://fcm.googleapis.com/fcm/send/abc",
                "https://fcm.googleapis.com:8443/fcm/send/abc",
                "https://fcm.googleapis.com@169.254.169.254/",
                "https://fcm.googleapis.com.example.org/",
                "https://notify.windows.com/",
                "https://evilnotify.windows.com/",
                "https://169.254.169.254/latest/meta-data/",
                "https://[::1]/",
                "https://localhost/",
                "http://localhost:8080/local/clock",
                "http://127.0.0.1/",
                "https://fcm.googleapis.com\\@inside/",
                "file:///etc/passwd",
                "gopher://fcm.googleapis.com/",
                "https:fcm.googleapis.com",
                "fcm.googleapis.com",
                "https://fcm.googleapis.com/a b",
                "https://fcm.googleapis.com/a#b",
                ""
            })
    void asksNobodyElse(String endpoint) {
        assertThatThrownBy(() -> push(false).address(endpoint, BROWSER_PUBLIC, SECRET))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://fcm.googleapis.com/fcm/send/abc:APA91b",
                "https://FCM.googleapis.com/wp/abc",
                "https://db5p.notify.windows.com/w/?token=abc%3d",
                "https://fcm.googleapis.com:443/x"
            })
    void asksThese(String endpoint) {
        Address address = push(false).address(endpoint, BROWSER_PUBLIC, SECRET);
        assertThat(address.channel()).isEqualTo(BrowserSubscriptions.PUSH);
        assertThat(Subscription.ofKept(address.value()).endpoint()).isEqualTo(endpoint);
        assertThat(address.toString()).doesNotContain("abc");
    }

    @Test
    @DisplayName("R27: what was kept is checked again when it is sent, in production this machine is never asked")
    void checksAgainBeforeItSends() {
        Address kept = push(true).address(endpoint(), BROWSER_PUBLIC, SECRET);
        assertThat(push(false).send(message(kept, Instant.now().plusSeconds(30))))
                .isInstanceOfSatisfying(
                        Rejected.class, no -> assertThat(no.code()).isEqualTo("push.not-allowed"));
        assertThat(server.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:1/, false",
        "https://127.0.0.1/, true",
        "https://10.1.2.3/, true",
        "https://192.168.1.1/, true",
        "https://169.254.169.254/, true",
        "https://100.64.0.1/, true",
        "https://[fd00::1]/, true",
        "https://[::1]/, true",
        "https://8.8.8.8/, false"
    })
    @DisplayName("R27: a name that leads inside")
    void knowsWhatLiesInside(String address, boolean inside) throws Exception {
        assertThat(new PushServices(HOSTS, true).liesInside(URI.create(address)))
                .isEqualTo(inside);
    }

    @ParameterizedTest
    @CsvSource({
        "'', BTBZMqHH6r4Tts7J_aSIgg",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiv4,"
                + " BTBZMqHH6r4Tts7J_aSIgg",
        "not base64!, BTBZMqHH6r4Tts7J_aSIgg",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4, ''",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4, BTBZ"
    })
    void takesNoKeyThatIsNone(String key, String secret) {
        assertThatThrownBy(() -> push(false).address("https://fcm.googleapis.com/x", key, secret))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void runsWithoutAKeyAndRefusesOneThatIsNone() {
        assertThat(settings("", "", "").hosts()).isEqualTo(HOSTS);
        assertThatThrownBy(() -> settings(BROWSER_PUBLIC, SENDER_PRIVATE, "mailto:it@example.org"))
                .isInstanceOf(StartRefused.class);
        assertThatThrownBy(() -> settings(SENDER_PUBLIC, "", "mailto:it@example.org"))
                .isInstanceOf(StartRefused.class);
        assertThatThrownBy(() -> settings(SENDER_PUBLIC, SENDER_PRIVATE, "http://example.org"))
                .isInstanceOf(StartRefused.class);
        assertThat(settings(SENDER_PUBLIC, SENDER_PRIVATE, "mailto:it@example.org")
                        .toString())
                .doesNotContain(SENDER_PRIVATE);
    }
}
