package health.throughline.channel.sms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import health.throughline.channel.Address;
import health.throughline.channel.AttemptId;
import health.throughline.channel.Channel;
import health.throughline.channel.ChannelAdapter.ListedMessage;
import health.throughline.channel.ChannelAdapter.ProviderUnavailable;
import health.throughline.channel.OutboundMessage;
import health.throughline.channel.SendOutcome;
import health.throughline.channel.SendOutcome.Accepted;
import health.throughline.channel.SendOutcome.Rejected;
import health.throughline.channel.SendOutcome.Retry;
import health.throughline.channel.SendOutcome.Then;
import health.throughline.channel.SendOutcome.Unknown;
import health.throughline.channel.twilio.FormParameters;
import health.throughline.channel.twilio.PublicAddress;
import health.throughline.channel.twilio.RawServer;
import health.throughline.channel.twilio.TwilioConnections;
import health.throughline.channel.twilio.TwilioDescription;
import health.throughline.channel.twilio.TwilioSettings;
import health.throughline.channel.twilio.TwilioSignature;
import health.throughline.simulator.CarrierSimulator;
import health.throughline.simulator.Fault;
import health.throughline.simulator.SimulatorSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the adapter makes of everything a carrier can do, over loopback; the server's own count says what was on the wire. */
class TwilioSmsContractTest {

    private static final String ACCOUNT = "AC" + "0123456789abcdef".repeat(2);
    private static final String TOKEN = "0123456789abcdef";
    private static final String SENDER = "+13035550100";
    private static final String SERVICE = "MG0123456789abcdef0123456789abcdef";
    private static final String GOOD = "+17205550123";

    /** A callback as the product got it. */
    private record Callback(String path, String body, String signature) {}

    private final List<Callback> callbacks = new CopyOnWriteArrayList<>();
    private final List<TwilioConnections> connections = new ArrayList<>();
    private HttpServer product;
    private CarrierSimulator simulator;

    @BeforeEach
    void start() throws IOException {
        product = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        product.createContext("/", exchange -> {
            callbacks.add(new Callback(
                    exchange.getRequestURI().getPath(),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                    exchange.getRequestHeaders().getFirst("X-Twilio-Signature")));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        product.start();
        simulator = new CarrierSimulator(SimulatorSettings.forTest(publicUrl(), ACCOUNT, TOKEN, SENDER)).start();
    }

    @AfterEach
    void stop() throws IOException {
        simulator.close();
        product.stop(0);
        for (TwilioConnections each : connections) {
            each.close();
        }
    }

    // ------------------------------------------------------------------------------------------------ the evidence
    // table

    @Test
    void isAcceptedWithTheCarriersId() {
        SendOutcome outcome = sms(simulator.url()).send(message(GOOD));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Accepted.class,
                        accepted -> assertThat(accepted.providerId()).matches("SM[0-9a-f]{32}"));
        assertThat(simulator.requests()).singleElement().satisfies(request -> {
            assertThat(request.sid()).isEqualTo(((Accepted) outcome).providerId());
            assertThat(request.validityPeriod()).isEqualTo(3600);
            assertThat(request.statusCallback()).startsWith(publicUrl() + "/webhooks/twilio/status/");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "+17205550152, RECORD_OPT_OUT, 21610",
        "+17205550154, NEEDS_TEMPLATE, 63016",
    })
    void isRejectedAsTheCarriersCodeSays(String number, Then then, String code) {
        Rejected rejected = (Rejected) sms(simulator.url()).send(message(number));

        assertThat(rejected.then()).isEqualTo(then);
        assertThat(rejected.code()).isEqualTo(code);
        assertThat(simulator.requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "21211, NEXT_CHANNEL",
        "21214, NEXT_CHANNEL",
        "21612, NEXT_CHANNEL",
        "21614, NEXT_CHANNEL",
        "21610, RECORD_OPT_OUT",
        "63016, NEEDS_TEMPLATE",
        "21617, GIVE_UP",
        "99999, GIVE_UP"
    })
    void readsTheCodesOfARefusalAndRepeatsNoNumber(int code, Then then) {
        String body = "{\"code\":" + code + ",\"message\":\"The 'To' number " + GOOD + " is wrong\",\"status\":400}";
        try (RawServer server = RawServer.answering(400, "", body)) {
            Rejected rejected = (Rejected) sms(server.url()).send(message(GOOD));

            assertThat(rejected.then()).isEqualTo(then);
            assertThat(rejected.code()).isEqualTo(String.valueOf(code));
            assertThat(rejected.reason()).doesNotContain("555").endsWith(".");
            assertThat(server.posts()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {63018, 30022})
    void isTriedAgainLaterWhenTheSendersRateIsUsedUp(int code) {
        try (RawServer server =
                RawServer.answering(400, "", "{\"code\":" + code + ",\"message\":\"x\",\"status\":400}")) {
            assertThat(sms(server.url()).send(message(GOOD))).isInstanceOf(Retry.class);
            assertThat(server.posts()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"401, '<html>proxy</html>', http-401", "401, '{\"code\":20003,\"status\":401}', 20003"})
    void waitsUntilOurCredentialsAreMended(int status, String body, String code) {
        try (RawServer server = RawServer.answering(status, "", body)) {
            Retry retry = (Retry) sms(server.url()).send(message(GOOD));
            assertThat(retry.ofAll()).isTrue();
            assertThat(retry.code()).isEqualTo(code);
            assertThat(server.posts()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 422})
    void isRejectedWithoutACodeToo(int status) {
        try (RawServer server = RawServer.answering(status, "", "<html>proxy</html>")) {
            assertThat(sms(server.url()).send(message(GOOD)))
                    .isInstanceOfSatisfying(
                            Rejected.class,
                            rejected -> assertThat(rejected.then()).isEqualTo(Then.GIVE_UP));
            assertThat(server.posts()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "0, 0", "999999, 3600"})
    void waitsAsLongAsTheCarrierAsks(String header, long seconds) {
        try (RawServer server = RawServer.answering(
                429, "Retry-After: " + header + "\r\n", "{\"code\":20429,\"message\":\"x\",\"status\":429}")) {
            Retry retry = (Retry) sms(server.url()).send(message(GOOD));

            assertThat(retry.after()).isEqualTo(Duration.ofSeconds(seconds));
            assertThat(server.posts()).isEqualTo(1);
        }
    }

    @Test
    void isThrottledTwiceAndThenAccepted() {
        TwilioSms sms = sms(simulator.url());
        assertThat(sms.send(message("+17205550155"))).isInstanceOf(Retry.class);
        assertThat(sms.send(message("+17205550155"))).isInstanceOf(Retry.class);
        assertThat(sms.send(message("+17205550155"))).isInstanceOf(Accepted.class);
        assertThat(simulator.requests()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void isUnknownAfterAFaultOfTheCarrierAndOnTheWireOnce(int status) {
        try (RawServer server = RawServer.answering(status, "Retry-After: 0\r\n", "{\"message\":\"x\"}")) {
            assertThat(sms(server.url()).send(message(GOOD))).isInstanceOf(Unknown.class);
            assertThat(server.posts()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void followsNoRedirect(int status) {
        try (RawServer server = RawServer.answering(status, "Location: /elsewhere\r\n", "")) {
            assertThat(sms(server.url()).send(message(GOOD))).isInstanceOf(Unknown.class);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not json", "{}", "{\"sid\":null}", "{\"sid\":\"\"}", "[1]", "{\"sid\":\"SM1\""})
    void isUnknownWhenAGoodAnswerCannotBeRead(String body) {
        try (RawServer server = RawServer.answering(201, "", body)) {
            assertThat(sms(server.url()).send(message(GOOD))).isInstanceOf(Unknown.class);
            assertThat(server.posts()).isEqualTo(1);
        }
    }

    @Test
    void isUnknownAfterAReset() {
        try (RawServer server = RawServer.that(RawServer::reset)) {
            assertThat(sms(server.url()).send(message(GOOD))).isInstanceOf(Unknown.class);
            assertThat(server.posts()).isEqualTo(1);
        }
    }

    @Test
    void isUnknownWhenTheConnectionClosesInTheMiddleOfTheAnswer() {
        try (RawServer server = RawServer.that(socket -> {
            socket.getOutputStream()
                    .write("HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{\"sid\""
                            .getBytes(StandardCharsets.US_ASCII));
            socket.close();
        })) {
            assertThat(sms(server.url()).send(message(GOOD))).isInstanceOf(Unknown.class);
            assertThat(server.posts()).isEqualTo(1);
        }
    }

    @Test
    void isUnknownWhenNoAnswerComes() {
        try (RawServer server = RawServer.that(socket -> {})) {
            assertThat(impatient(server.url()).send(message(GOOD))).isInstanceOf(Unknown.class);
            assertThat(server.posts()).isEqualTo(1);
        }
    }

    @Test
    void isNotHeldByAnAnswerThatTrickles() {
        try (RawServer server = RawServer.that(socket -> {
            socket.getOutputStream()
                    .write("HTTP/1.1 201 Created\r\nContent-Length: 100000\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            while (!socket.isClosed()) {
                socket.getOutputStream().write(' ');
                socket.getOutputStream().flush();
                Thread.sleep(20);
            }
        })) {
            Instant before = Instant.now();
            assertThat(impatient(server.url()).send(message(GOOD))).isInstanceOf(Unknown.class);
            assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(5));
            assertThat(server.posts()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "+17205550156, false",
        "+17205550157, true",
        "+17205550162, false",
        "+17205550163, true",
        "+17205550164, true"
    })
    void isUnknownWhetherTheCarrierTookItOrNot(String number, boolean taken) {
        assertThat(impatient(simulator.url()).send(message(number))).isInstanceOf(Unknown.class);
        assertThat(simulator.requests())
                .singleElement()
                .satisfies(request -> assertThat(request.accepted()).isEqualTo(taken));
    }

    @Test
    void isTriedAgainWhenNobodyListens() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertThat(sms(URI.create("http://127.0.0.1:" + port)).send(message(GOOD)))
                .isInstanceOf(Retry.class);
    }

    @Test
    void isTriedAgainWhenTheNameIsNotFound() {
        assertThat(sms(URI.create("http://carrier.invalid")).send(message(GOOD)))
                .isInstanceOf(Retry.class);
    }

    @Test
    void writesNothingOnceTheLeaseEnded() {
        try (RawServer server = RawServer.answering(201, "", "{\"sid\":\"SM1\"}")) {
            Instant past = Instant.now().minusMillis(1);
            assertThat(sms(server.url()).send(message(GOOD, SENDER, past)))
                    .isInstanceOfSatisfying(
                            Retry.class, retry -> assertThat(retry.code()).isEqualTo("lease-ended"));
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void noticesAConnectionThatTheCarrierClosed() throws Exception {
        try (RawServer server = RawServer.that(socket -> {
            RawServer.write(socket, 201, "", "{\"sid\":\"SM1\"}");
            socket.close();
        })) {
            TwilioSms sms = sms(server.url());
            for (int i = 1; i <= 5; i++) {
                assertThat(sms.send(message(GOOD))).isInstanceOf(Accepted.class);
                await().pollDelay(Duration.ofMillis(20)).until(() -> true); // let the close arrive
                assertThat(server.posts()).isEqualTo(i);
            }
        }
    }

    // ------------------------------------------------------------------------------------------------ callbacks

    @Test
    void hearsOfADeliveryUnderTheAttemptsOwnPath() {
        OutboundMessage message = message(GOOD);
        sms(simulator.url()).send(message);

        await().untilAsserted(() -> assertThat(statuses()).containsExactly("queued", "sent", "delivered"));
        var signature = new TwilioSignature(settings(simulator.url()));
        assertThat(callbacks).allSatisfy(callback -> {
            assertThat(callback.path()).isEqualTo("/webhooks/twilio/status/" + message.attempt());
            assertThat(signature.matches(
                            publicUrl() + callback.path(), FormParameters.parse(callback.body()), callback.signature()))
                    .isTrue();
            assertThat(FormParameters.parse(callback.body()).value("AccountSid"))
                    .isEqualTo(ACCOUNT);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "+17205550151 | queued sent undelivered",
                "+17205550153 | queued failed",
                "+17205550159 | queued sent delivered",
                "+17205550160 | queued queued queued sent sent sent delivered delivered delivered",
                "+17205550161 | delivered queued sent"
            })
    void hearsWhatTheMagicNumbersSay(String number, String expected) {
        sms(simulator.url()).send(message(number));
        await().untilAsserted(() -> assertThat(String.join(" ", statuses())).isEqualTo(expected));
        if (expected.endsWith("failed") || expected.endsWith("undelivered")) {
            assertThat(FormParameters.parse(callbacks.getLast().body()).value("ErrorCode"))
                    .isEqualTo("30003");
        }
    }

    @Test
    void hearsNothingFromASilentNumber() {
        sms(simulator.url()).send(message("+17205550158"));
        sms(simulator.url()).send(message(GOOD));
        await().untilAsserted(() -> assertThat(statuses()).containsExactly("queued", "sent", "delivered"));
    }

    @Test
    void isBlockedAfterAStopUntilAStart() {
        TwilioSms sms = sms(simulator.url());
        sms.send(message(GOOD));
        simulator.patientWrites(GOOD, " Stop ");
        assertThat(sms.send(message(GOOD)))
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.then()).isEqualTo(Then.RECORD_OPT_OUT));
        simulator.patientWrites(GOOD, "START");
        assertThat(sms.send(message(GOOD))).isInstanceOf(Accepted.class);

        await().untilAsserted(() -> assertThat(callbacks)
                .filteredOn(callback -> callback.path().equals("/webhooks/twilio/inbound"))
                .hasSize(2)
                .allSatisfy(callback -> {
                    FormParameters parameters = FormParameters.parse(callback.body());
                    assertThat(parameters.value("From")).isEqualTo(GOOD);
                    assertThat(parameters.value("To")).isEqualTo(SENDER);
                }));
    }

    @Test
    void meetsAFaultThatATestAsksFor() {
        simulator.fault(GOOD, Fault.LANDLINE, 1);
        TwilioSms sms = sms(simulator.url());
        assertThat(sms.send(message(GOOD)))
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.then()).isEqualTo(Then.NEXT_CHANNEL));
        assertThat(sms.send(message(GOOD))).isInstanceOf(Accepted.class);
    }

    // ------------------------------------------------------------------------------------------------ lists

    @Test
    void findsAMessageWhoseAnswerWasLost() {
        TwilioSms sms = sms(simulator.url());
        Instant before = Instant.now().minusSeconds(2);
        sms.send(message("+17205550163"));

        List<ListedMessage> listed = sms.listSent(new Address(Channel.SMS, "+17205550163"), before);
        assertThat(listed).singleElement().satisfies(message -> {
            assertThat(message.providerId())
                    .isEqualTo(simulator.requests().getFirst().sid());
            assertThat(message.body()).isEqualTo("Hello. Reply 1.");
            assertThat(message.createdAt()).isAfterOrEqualTo(before);
        });
        assertThat(sms.listSent(new Address(Channel.SMS, GOOD), before)).isEmpty();
        assertThat(sms.listSent(
                        new Address(Channel.SMS, "+17205550163"), Instant.now().plusSeconds(60)))
                .isEmpty();
    }

    @Test
    void listsMoreThanAPage() {
        TwilioSms sms = sms(simulator.url());
        Instant before = Instant.now().minusSeconds(2);
        for (int i = 0; i < 250; i++) {
            simulator.patientWrites(GOOD, "text " + i);
        }
        var received = sms.listReceived(before);
        assertThat(received).hasSize(250);
        assertThat(received.stream().map(message -> message.providerId()).distinct())
                .hasSize(250);
        assertThat(received.getFirst().from().value()).isEqualTo(GOOD);
        assertThat(received.getFirst().to()).isEqualTo(SENDER);
    }

    @Test
    void provesNothingWhenTheCarrierDoesNotList() {
        for (int status : new int[] {401, 429, 500, 503}) {
            try (RawServer server = RawServer.answering(status, "", "{\"message\":\"x\"}")) {
                TwilioSms sms = sms(server.url());
                assertThatThrownBy(() -> sms.listSent(new Address(Channel.SMS, GOOD), Instant.EPOCH))
                        .isInstanceOf(ProviderUnavailable.class);
                assertThat(server.requests()).hasSize(1);
            }
        }
    }

    // ------------------------------------------------------------------------------------------------ the carrier's
    // description

    @ParameterizedTest
    @ValueSource(strings = {SENDER, SERVICE})
    void asksWhatTheDescriptionOfTheApiAllows(String sender) {
        TwilioDescription description = TwilioDescription.orSkip();
        try (RawServer server = RawServer.answering(201, "", "{\"sid\":\"SM1\"}")) {
            sms(server.url()).send(message(GOOD, sender, Instant.now().plusSeconds(60)));

            String request = server.requests().getFirst();
            String[] line = request.lines().findFirst().orElseThrow().split(" ", -1);
            FormParameters body = FormParameters.parse(request.substring(request.indexOf("\r\n\r\n") + 4));
            description.allowsRequest(line[0], line[1].replace(ACCOUNT, "{AccountSid}"), body);
            assertThat(body.value(sender.equals(SERVICE) ? "MessagingServiceSid" : "From"))
                    .isEqualTo(sender);
            assertThat(request).contains("Authorization: Basic ");
        }
    }

    @Test
    void isPlayedToByASimulatorThatAnswersAsDescribed() throws Exception {
        TwilioDescription description = TwilioDescription.orSkip();
        sms(simulator.url()).send(message(GOOD));
        String path = "/2010-04-01/Accounts/" + ACCOUNT + "/Messages";

        String created = TwilioDescription.request(
                simulator.url() + path + ".json", ACCOUNT, TOKEN, "To=%2B17205550111&From=%2B13035550100&Body=x");
        description.describesMessage(created);
        String sid = TwilioDescription.sid(created);
        description.describesMessage(
                TwilioDescription.request(simulator.url() + path + "/" + sid + ".json", ACCOUNT, TOKEN, null));
        description.describesList(
                TwilioDescription.request(simulator.url() + path + ".json?PageSize=1", ACCOUNT, TOKEN, null));
    }

    // ------------------------------------------------------------------------------------------------ fixtures

    private List<String> statuses() {
        return callbacks.stream()
                .map(callback -> FormParameters.parse(callback.body()).value("MessageStatus"))
                .toList();
    }

    private URI publicUrl() {
        return URI.create("http://127.0.0.1:" + product.getAddress().getPort());
    }

    private static OutboundMessage message(String to) {
        return message(to, SENDER, Instant.now().plusSeconds(60));
    }

    private static OutboundMessage message(String to, String sender, Instant deadline) {
        return new OutboundMessage(
                new AttemptId(UUID.randomUUID()),
                new Address(Channel.SMS, to),
                sender,
                "Hello. Reply 1.",
                java.util.Map.of(),
                "en",
                Duration.ofHours(1),
                deadline);
    }

    private static TwilioSettings settings(URI carrier) {
        return settings(carrier, Duration.ofSeconds(20));
    }

    private static TwilioSettings settings(URI carrier, Duration answerTimeout) {
        return new TwilioSettings(
                carrier,
                ACCOUNT,
                TOKEN,
                null,
                SENDER,
                null,
                8,
                Duration.ofSeconds(10),
                answerTimeout,
                answerTimeout.multipliedBy(2),
                true);
    }

    private TwilioSms impatient(URI carrier) {
        return sms(settings(carrier, Duration.ofMillis(600)));
    }

    private TwilioSms sms(URI carrier) {
        return sms(settings(carrier));
    }

    private TwilioSms sms(TwilioSettings settings) {
        var made = new TwilioConnections(settings);
        connections.add(made);
        return new TwilioSms(settings, new PublicAddress(publicUrl()), made);
    }
}
