package health.throughline.channel.sms;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.FaultTest;
import health.throughline.channel.ChannelInbox;
import health.throughline.channel.DeliveryReport;
import health.throughline.channel.InboundMessage;
import health.throughline.channel.PlainText;
import health.throughline.channel.twilio.FormParameters;
import health.throughline.channel.twilio.PublicAddress;
import health.throughline.channel.twilio.TwilioSettings;
import health.throughline.channel.twilio.TwilioSignature;
import health.throughline.channel.twilio.TwilioWebhookRequests;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

/** R15: nothing that Twilio did not sign, for our address and our account, comes in. */
@FaultTest
class TwilioSignatureTest {

    private static final String ACCOUNT = "AC" + "0123456789abcdef".repeat(2);
    private static final String TOKEN = "token-in-use";
    private static final String NEXT_TOKEN = "token-to-come";
    private static final String PUBLIC = "https://journeys.example.org/care";
    private static final String ATTEMPT = "01990000-0000-7000-8000-000000000001";
    private static final String INBOUND =
            "AccountSid=" + ACCOUNT + "&MessageSid=SM1&From=%2B13035550123&To=%2B13035550100&Body=s%C3%AD%2C+gracias";
    private static final String STATUS =
            "AccountSid=" + ACCOUNT + "&MessageSid=SM2&MessageStatus=delivered&To=%2B13035550123";
    private static final Instant NOW = Instant.parse("2026-03-05T10:15:30Z");

    private final Inbox inbox = new Inbox();

    /** Keeps what it is handed. */
    private static final class Inbox implements ChannelInbox {
        private final List<InboundMessage> received = new ArrayList<>();
        private final List<DeliveryReport> reported = new ArrayList<>();

        @Override
        public void received(InboundMessage message) {
            received.add(message);
        }

        @Override
        public void reported(DeliveryReport report) {
            reported.add(report);
        }
    }

    /** The vectors of Twilio's own libraries (github.com/twilio/twilio-java, RequestValidatorTest, and twilio-python, its namesake). */
    @Test
    void agreesWithTwiliosPublishedExample() {
        String url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        assertThat(TwilioSignature.sign("12345", url, published("%2B14158675309")))
                .isEqualTo("RSOYDt4T1cUTdK1PDd93/VVr8B8=");
        assertThat(TwilioSignature.sign("12345", url, published("%2B14158675310")))
                .isEqualTo("GvWf1cFY/Q7PnoempGyD5oXAezc=");
    }

    private static FormParameters published(String caller) {
        return FormParameters.parse(
                "Digits=1234&To=%2B18005551212&From=" + caller + "&Caller=" + caller + "&CallSid=CA1234567890ABCDE");
    }

    @Test
    void takesASignedMessage() throws Exception {
        var answer = webhooks(null).inbound(inbound(signed(TOKEN, PUBLIC, INBOUND)));

        assertThat(answer.getStatusCode().value()).isEqualTo(200);
        assertThat(answer.getBody()).contains("<Response/>");
        assertThat(inbox.received).singleElement().satisfies(message -> {
            assertThat(message.from().value()).isEqualTo("+13035550123");
            assertThat(message.to()).isEqualTo("+13035550100");
            assertThat(message.body()).isEqualTo("sí, gracias");
            assertThat(message.raw()).isEqualTo(INBOUND);
            assertThat(message.receivedAt()).isEqualTo(NOW);
        });
    }

    @Test
    void takesASignedReport() throws Exception {
        var answer = webhooks(null).status(ATTEMPT, status(STATUS, signedStatus(TOKEN, STATUS)));

        assertThat(answer.getStatusCode().value()).isEqualTo(204);
        assertThat(inbox.reported).singleElement().satisfies(report -> {
            assertThat(report.status()).isEqualTo(DeliveryReport.Status.DELIVERED);
            assertThat(report.providerId()).isEqualTo("SM2");
            assertThat(java.util.Objects.requireNonNull(report.attempt()).value())
                    .isEqualTo(UUID.fromString(ATTEMPT));
        });
    }

    @Test
    void refusesAnUnsignedMessage() throws Exception {
        refuses(null);
        refuses("");
        refuses("   ");
    }

    @Test
    void refusesAForgedSignature() throws Exception {
        String good = signed(TOKEN, PUBLIC, INBOUND);
        refuses("not base64 at all");
        refuses((good.charAt(0) == 'A' ? 'B' : 'A') + good.substring(1));
        refuses(good.toLowerCase(Locale.ROOT));
    }

    @Test
    void refusesTheSignatureOfAnotherToken() throws Exception {
        refuses(signed("somebody-else's", PUBLIC, INBOUND));
    }

    @Test
    void refusesASignatureForAnotherHost() throws Exception {
        refuses(signed(TOKEN, "https://journeys.example.com/care", INBOUND));
        refuses(signed(TOKEN, "http://journeys.example.org/care", INBOUND));
    }

    @Test
    void refusesAChangedBody() throws Exception {
        String signature = signed(TOKEN, PUBLIC, INBOUND);
        var request = inbound(signature, INBOUND.replace("gracias", "stop"));
        assertThat(webhooks(null).inbound(request).getStatusCode().value()).isEqualTo(403);
        var added = inbound(signature, INBOUND + "&Body=stop");
        assertThat(webhooks(null).inbound(added).getStatusCode().value()).isEqualTo(403);
        assertThat(inbox.received).isEmpty();
    }

    @Test
    void refusesASignatureOfAnotherAttempt() throws Exception {
        String other = "01990000-0000-7000-8000-000000000002";
        var answer = webhooks(null).status(other, status(STATUS, signedStatus(TOKEN, STATUS)));
        assertThat(answer.getStatusCode().value()).isEqualTo(403);
        assertThat(inbox.reported).isEmpty();
    }

    @Test
    void refusesAnotherAccount() throws Exception {
        String body = INBOUND.replace(ACCOUNT, "AC" + "f".repeat(32));
        var answer = webhooks(null).inbound(inbound(signed(TOKEN, PUBLIC, body), body));
        assertThat(answer.getStatusCode().value()).isEqualTo(403);
        assertThat(inbox.received).isEmpty();
    }

    @Test
    void takesBothTokensDuringRotationAndOneOtherwise() throws Exception {
        String withNext = signed(NEXT_TOKEN, PUBLIC, INBOUND);
        assertThat(webhooks(null).inbound(inbound(withNext)).getStatusCode().value())
                .isEqualTo(403);
        assertThat(webhooks(NEXT_TOKEN)
                        .inbound(inbound(withNext))
                        .getStatusCode()
                        .value())
                .isEqualTo(200);
        assertThat(webhooks(NEXT_TOKEN)
                        .inbound(inbound(signed(TOKEN, PUBLIC, INBOUND)))
                        .getStatusCode()
                        .value())
                .isEqualTo(200);
    }

    @Test
    void takesASignatureWithThePortWrittenOut() throws Exception {
        String signature = signed(TOKEN, "https://journeys.example.org:443/care", INBOUND);
        assertThat(webhooks(null).inbound(inbound(signature)).getStatusCode().value())
                .isEqualTo(200);
    }

    @Test
    void refusesABodyOver64KilobytesBeforeItIsChecked() throws Exception {
        var request = inbound("any", INBOUND + "&Padding=" + "x".repeat(64 * 1024));
        assertThat(webhooks(null).inbound(request).getStatusCode().value()).isEqualTo(413);
    }

    @Test
    void refusesABodyThatIsNoForm() throws Exception {
        assertThat(webhooks(null)
                        .inbound(inbound("any", "Body=%zz"))
                        .getStatusCode()
                        .value())
                .isEqualTo(400);
        assertThat(webhooks(null)
                        .inbound(inbound("any", "a=b&".repeat(1000)))
                        .getStatusCode()
                        .value())
                .isEqualTo(400);
    }

    @Test
    void readsRepeatedParametersWithoutLosingThem() throws Exception {
        String body = INBOUND + "&Tag=b&Tag=a";
        var answer = webhooks(null).inbound(inbound(signed(TOKEN, PUBLIC, body), body));
        assertThat(answer.getStatusCode().value()).isEqualTo(200);
        assertThat(FormParameters.parse(body).all()).hasSize(7);
    }

    @Test
    void removesControlCharactersAndKeepsLinesAndEmoji() throws Exception {
        String text = "a\u0000b\u0007c\nd\uD83D\uDE00\u202Ee";
        String body = INBOUND.replace("s%C3%AD%2C+gracias", URLEncoder.encode(text, StandardCharsets.UTF_8));
        webhooks(null).inbound(inbound(signed(TOKEN, PUBLIC, body), body));
        assertThat(inbox.received.getFirst().body()).isEqualTo("abc\nd\uD83D\uDE00e");
        assertThat(PlainText.of("a\uD83Db")).isEqualTo("ab");
    }

    @ParameterizedTest
    @EnumSource(DeliveryReport.Status.class)
    void readsEveryStatusThatTwilioNames(DeliveryReport.Status status) {
        assertThat(TwilioWebhooks.status(status.code())).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "receiving", "something-new"})
    void ignoresAStatusItDoesNotKnow(String status) throws Exception {
        String body = STATUS.replace("delivered", status);
        var answer = webhooks(null).status(ATTEMPT, status(body, signedStatus(TOKEN, body)));
        assertThat(answer.getStatusCode().value()).isEqualTo(204);
        assertThat(inbox.reported).isEmpty();
    }

    private void refuses(@Nullable String signature) throws Exception {
        assertThat(webhooks(null).inbound(inbound(signature)).getStatusCode().value())
                .isEqualTo(403);
        assertThat(inbox.received).isEmpty();
    }

    private TwilioWebhooks webhooks(@Nullable String nextToken) {
        var settings = new TwilioSettings(
                URI.create("https://api.twilio.com"),
                ACCOUNT,
                TOKEN,
                nextToken,
                "+13035550100",
                null,
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                true);
        var requests = new TwilioWebhookRequests(
                settings, new PublicAddress(URI.create(PUBLIC + "/")), new TwilioSignature(settings));
        return new TwilioWebhooks(requests, settings, inbox, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static String signed(String token, String publicUrl, String body) {
        return TwilioSignature.sign(token, publicUrl + "/webhooks/twilio/inbound", FormParameters.parse(body));
    }

    private static String signedStatus(String token, String body) {
        return TwilioSignature.sign(token, PUBLIC + "/webhooks/twilio/status/" + ATTEMPT, FormParameters.parse(body));
    }

    private static MockHttpServletRequest inbound(@Nullable String signature) {
        return inbound(signature, INBOUND);
    }

    private static MockHttpServletRequest inbound(@Nullable String signature, String body) {
        return status(body, signature);
    }

    private static MockHttpServletRequest status(String body, @Nullable String signature) {
        var request = new MockHttpServletRequest("POST", "/anything");
        // what a forger controls must not count
        request.addHeader("Host", "evil.example.com");
        request.addHeader("X-Forwarded-Host", "evil.example.com");
        if (signature != null) {
            request.addHeader("X-Twilio-Signature", signature);
        }
        request.setContent(body.getBytes(StandardCharsets.UTF_8));
        return request;
    }
}
