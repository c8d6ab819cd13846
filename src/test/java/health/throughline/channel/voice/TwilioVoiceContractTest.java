package health.throughline.channel.voice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import health.throughline.channel.Address;
import health.throughline.channel.AttemptId;
import health.throughline.channel.Channel;
import health.throughline.channel.ChannelAdapter.ProviderUnavailable;
import health.throughline.channel.ChannelInbox;
import health.throughline.channel.DeliveryReport;
import health.throughline.channel.Dialogues;
import health.throughline.channel.InboundMessage;
import health.throughline.channel.OutboundMessage;
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
import health.throughline.channel.twilio.TwilioWebhookRequests;
import health.throughline.simulator.CarrierSimulator;
import health.throughline.simulator.SimulatorSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.ResponseEntity;
import org.springframework.mock.web.MockHttpServletRequest;

/** Calls over loopback: what goes on the wire, what is said to whom, and what a key, words or a machine come to (C4, K12, K15, K16). */
class TwilioVoiceContractTest {

    private static final String ACCOUNT = "AC" + "0123456789abcdef".repeat(2);
    private static final String TOKEN = "0123456789abcdef";
    private static final String OURS = "+13035550100";
    private static final String GOOD = "+17205550123";
    private static final String CLINIC = "+13035550199";

    private final List<InboundMessage> received = new CopyOnWriteArrayList<>();
    private final List<DeliveryReport> reports = new CopyOnWriteArrayList<>();
    private final List<TwilioConnections> connections = new ArrayList<>();
    private boolean staffed = true;
    private boolean asks = true;
    private boolean reviewed = true;
    private HttpServer product;
    private CarrierSimulator simulator;
    private VoiceWebhooks webhooks;

    @BeforeEach
    void start() throws IOException {
        product = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        product.createContext("/", this::answer);
        product.start();
        simulator = new CarrierSimulator(SimulatorSettings.forTest(publicUrl(), ACCOUNT, TOKEN, OURS)).start();
        var account = settings(simulator.url(), Duration.ofSeconds(20));
        var address = new PublicAddress(publicUrl());
        var inbox = new ChannelInbox() {
            @Override
            public void received(InboundMessage message) {
                received.add(message);
            }

            @Override
            public void reported(DeliveryReport report) {
                reports.add(report);
            }
        };
        var clock = Clock.systemUTC();
        webhooks = new VoiceWebhooks(
                new TwilioWebhookRequests(account, address, new TwilioSignature(account)),
                new Spoken(),
                new CallTurns(new Spoken(), inbox, address, voice(), clock),
                inbox,
                clock);
    }

    @AfterEach
    void stop() throws IOException {
        simulator.close();
        product.stop(0);
        for (TwilioConnections each : connections) {
            each.close();
        }
    }

    // ------------------------------------------------------------------------------------------------ on the wire

    @Test
    void asksForACallThatLooksForAMachineAndTellsEachStep() {
        OutboundMessage message = message(GOOD);
        simulator.answers(GOOD, "person", "yes", "1");
        var outcome = adapter().send(message);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Accepted.class,
                        accepted -> assertThat(accepted.providerId()).matches("CA[0-9a-f]{32}"));
        assertThat(simulator.callRequests()).singleElement().satisfies(request -> {
            assertThat(request.from()).isEqualTo(OURS);
            assertThat(request.body()).isEqualTo(publicUrl() + "/webhooks/twilio/voice/" + message.attempt());
            assertThat(request.statusCallback())
                    .isEqualTo(publicUrl() + "/webhooks/twilio/call-status/" + message.attempt());
        });
        await().untilAsserted(() -> assertThat(statuses())
                .containsSubsequence(
                        DeliveryReport.Status.SENDING, DeliveryReport.Status.SENT, DeliveryReport.Status.DELIVERED));
        assertThat(reports).allMatch(report -> message.attempt().equals(report.attempt()));
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void isUnknownAfterAFaultOfTheCarrierAndOnTheWireOnce(int status) {
        try (RawServer server = RawServer.answering(status, "Retry-After: 0\r\n", "{\"message\":\"x\"}")) {
            assertThat(adapter(server.url(), Duration.ofSeconds(5)).send(message(GOOD)))
                    .isInstanceOf(Unknown.class);
            assertThat(server.posts()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"21211, NEXT_CHANNEL", "21214, NEXT_CHANNEL", "21216, GIVE_UP", "99999, GIVE_UP"})
    void readsTheCodesOfARefusalAndRepeatsNoNumber(int code, Then then) {
        String body = "{\"code\":" + code + ",\"message\":\"" + GOOD + " is wrong\",\"status\":400}";
        try (RawServer server = RawServer.answering(400, "", body)) {
            Rejected rejected =
                    (Rejected) adapter(server.url(), Duration.ofSeconds(5)).send(message(GOOD));
            assertThat(rejected.then()).isEqualTo(then);
            assertThat(rejected.reason()).doesNotContain("555").endsWith(".");
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
    void isUnknownWhetherTheCarrierTookItOrNotAndTheListTells(String number, boolean taken) {
        Instant before = Instant.now().minusSeconds(2);
        assertThat(adapter(simulator.url(), Duration.ofMillis(600)).send(message(number)))
                .isInstanceOf(Unknown.class);
        var listed = adapter().listSent(new Address(Channel.VOICE, number), before);
        assertThat(listed).hasSize(taken ? 1 : 0).allMatch(call -> call.body() == null);
        assertThat(simulator.callRequests()).hasSize(1);
    }

    @Test
    void isTriedAgainWhenTheCarrierAsksForLess() {
        assertThat(adapter().send(message("+17205550155"))).isInstanceOf(Retry.class);
    }

    @Test
    void provesNothingWhenTheCarrierDoesNotList() {
        try (RawServer server = RawServer.answering(503, "", "{}")) {
            var adapter = adapter(server.url(), Duration.ofSeconds(5));
            assertThatThrownBy(() -> adapter.listSent(new Address(Channel.VOICE, GOOD), Instant.EPOCH))
                    .isInstanceOf(ProviderUnavailable.class);
        }
    }

    @Test
    void asksWhatTheDescriptionOfTheApiAllows() {
        TwilioDescription description = TwilioDescription.orSkip();
        try (RawServer server = RawServer.answering(201, "", "{\"sid\":\"CA1\"}")) {
            adapter(server.url(), Duration.ofSeconds(5)).send(message(GOOD));
            String request = server.requests().getFirst();
            String[] line = request.lines().findFirst().orElseThrow().split(" ", -1);
            FormParameters body = FormParameters.parse(request.substring(request.indexOf("\r\n\r\n") + 4));
            description.allowsRequest(line[0], line[1].replace(ACCOUNT, "{AccountSid}"), body);
            assertThat(body.value("MachineDetection")).isEqualTo("DetectMessageEnd");
            assertThat(body.value("MachineDetectionSpeechThreshold")).isEqualTo("6000");
            assertThat(body.all().stream().filter(each -> each.name().equals("StatusCallbackEvent")))
                    .hasSize(4);
        }
    }

    @Test
    void isPlayedToByASimulatorThatAnswersAsDescribed() throws Exception {
        TwilioDescription description = TwilioDescription.orSkip();
        String path = simulator.url() + "/2010-04-01/Accounts/" + ACCOUNT + "/Calls";
        String created = TwilioDescription.request(
                path + ".json",
                ACCOUNT,
                TOKEN,
                "To=%2B17205550111&From=%2B13035550100&Url=http%3A%2F%2F127.0.0.1%3A1%2Fx");
        description.describesCall(created);
        description.describesCall(
                TwilioDescription.request(path + "/" + TwilioDescription.sid(created) + ".json", ACCOUNT, TOKEN, null));
        description.describesCalls(TwilioDescription.request(path + ".json?PageSize=1", ACCOUNT, TOKEN, null));
    }

    // ------------------------------------------------------------------------------------------------ what is said

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // keys                 | choice    | said last
                "1                      | confirm   | heard-confirm en",
                "2                      | move      | heard-move en",
                "3                      | cancel    | heard-cancel en",
                "9                      | opt-out   | stopped en",
                "0                      | -         | transfer en",
                "5                      | -         | texting en",
                "*,1                    | confirm   | heard-confirm en",
                "7,1                    | confirm   | heard-confirm en",
                "8,1                    | confirm   | heard-confirm es",
                "8,8,2                  | move      | heard-move en",
                "4,1                    | confirm   | heard-confirm en",
                "4,6                    | -         | transfer en",
                "yes                    | confirm   | heard-confirm en",
                "stop calling           | opt-out   | stopped en",
                "mumble,yes             | confirm   | heard-confirm en",
                "mumble,mumble          | -         | transfer en",
                "chest pain             | words     | danger en",
                "''                     | -         | goodbye en",
            })
    void doesWhatAKeyOrWordsSay(String keys, @Nullable String choice, String last) {
        simulator.answers(GOOD, "person", ("yes,-," + keys).split(","));
        OutboundMessage message = message(GOOD);
        adapter().send(message);

        List<String> said = saidUntilTheEnd();
        assertThat(said)
                .startsWith(
                        "who en", "anybody-there en", "switch es", "This is an automated call", "menu en", "switch es");
        assertThat(said.getLast()).isEqualTo(last);
        if (choice == null) {
            assertThat(received).isEmpty();
        } else {
            assertThat(received).singleElement().satisfies(message1 -> {
                assertThat(message1.choice()).isEqualTo(choice.equals("words") ? null : choice);
                assertThat(message1.answers()).isEqualTo(message.attempt());
                assertThat(message1.from()).isEqualTo(new Address(Channel.VOICE, GOOD));
                assertThat(message1.providerId()).matches("CA[0-9a-f]{32}-\\d+");
            });
        }
    }

    /** Nobody who speaks of danger is met with silence, whatever nobody has reviewed and whoever does not pick up. */
    @ParameterizedTest
    @CsvSource({
        "true, 'yes,-,chest pain', 'If this is an emergency, hang up and call 9 1 1 now.'",
        "false, 'yes,chest pain', 'If this is an emergency, hang up and call 9 1 1 now.'",
        "false, 'chest pain', 'If this is an emergency, hang up and call 9 1 1 now.'",
        "true, '8,chest pain', 'Si es una emergencia, cuelgue y llame al 9 1 1 ahora.'",
        "false, '8,chest pain', 'Si es una emergencia, cuelgue y llame al 9 1 1 ahora.'",
    })
    void tellsWhoSpeaksOfDangerWhatToDoWhereNobodyReviewedAText(boolean somebodyThere, String keys, String last) {
        reviewed = false;
        staffed = somebodyThere;
        simulator.answers(GOOD, "person", keys.split(","));
        adapter().send(message(GOOD));
        assertThat(saidUntilTheEnd().getLast()).isEqualTo(last);
        assertThat(received)
                .singleElement()
                .satisfies(message -> assertThat(message.choice()).isNull());
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-answer", "busy", "failed", ""})
    void tellsWhoSpeaksOfDangerAgainWhereNobodyPicksUp(String dialed) throws IOException {
        assertThat(turn("help-0-0-0-4", "&DialCallStatus=" + dialed))
                .contains("danger en")
                .endsWith("<Hangup/></Response>");
        assertThat(received).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0", "'mumble,mumble'"})
    void promisesACallBackWhereNobodyIsThere(String keys) {
        staffed = false;
        simulator.answers(GOOD, "person", ("yes," + keys).split(","));
        adapter().send(message(GOOD));
        assertThat(saidUntilTheEnd().getLast()).isEqualTo("call-back en");
        assertThat(received)
                .singleElement()
                .satisfies(message -> assertThat(message.choice()).isEqualTo("question"));
    }

    @Test
    void takesNoAnswerToWhatIsNotAsked() {
        asks = false;
        simulator.answers(GOOD, "person", "yes", "-", "1", "9");
        adapter().send(message(GOOD));
        assertThat(saidUntilTheEnd().getLast()).isEqualTo("stopped en");
        assertThat(received)
                .singleElement()
                .satisfies(message -> assertThat(message.choice()).isEqualTo("opt-out"));
    }

    @Test
    void tellsAVoicemailOnlyWhoCalled() {
        simulator.answers(GOOD, "voicemail");
        adapter().send(message(GOOD));
        assertThat(saidUntilTheEnd()).containsExactly("voicemail en");
        assertThat(received).isEmpty();
        wasLeft();
    }

    /** K12, K16: until a key or a short word shows a person, whatever the carrier takes it for hears who called and the number. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // a greeting short enough for a person's, and one that begins as a person would
                "person                 | hi it's Bob leave a message,after the tone",
                "person                 | hello you have reached Bob,okay leave a message now",
                "person                 | -",
                // the operator said who she is for too long, or it is a machine
                "relay                  | -,-,-",
                "relay                  | the person you are calling is not there",
                "voicemail-without-beep | -",
                "voicemail-without-beep | are you still there,to send your message press one",
            })
    void tellsOfNoVisitWhatDoesNotShowThatItIsAPerson(String as, String heard) {
        simulator.answers(GOOD, as, heard.split(","));
        adapter().send(message(GOOD));
        List<String> said = saidUntilTheEnd();
        assertThat(said.getFirst()).isEqualTo(as.startsWith("voicemail") ? "voicemail en" : "who en");
        assertThat(said)
                .containsOnly(
                        as.startsWith("voicemail") ? "voicemail en" : "who en",
                        "who en",
                        "anybody-there en",
                        "switch es");
        assertThat(said.stream().filter("anybody-there en"::equals)).hasSize(3);
        assertThat(received).isEmpty();
        wasLeft();
    }

    /** A relay service is never taken for a machine: it is asked patiently, again, and slower. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "person                 | hello",
                "person                 | Yes, hello?",
                "person                 | s\u00ed",
                "person                 | 4",
                "relay                  | this is relay operator twelve with a call please hold,-,yes",
                "relay                  | -,-,5",
                "voicemail-without-beep | this is operator twelve for the person you called,hello",
            })
    void tellsTheRestToWhoShowsThatTheyAreThere(String as, String keys) {
        List<String> all = new ArrayList<>(List.of(keys.split(as.equals("person") ? "\\|" : ",")));
        all.add("1");
        simulator.answers(GOOD, as, all.toArray(String[]::new));
        adapter().send(message(GOOD));
        assertThat(saidUntilTheEnd()).contains("This is an automated call").endsWith("heard-confirm en");
        assertThat(received)
                .singleElement()
                .satisfies(message -> assertThat(message.choice()).isEqualTo("confirm"));
        await().untilAsserted(() -> assertThat(statuses()).contains(DeliveryReport.Status.DELIVERED));
        assertThat(reports).noneMatch(report -> "voicemail".equals(report.errorCode()));
    }

    @Test
    void asksSlowerWhetherAnybodyIsThereWhenItAsksAgain() throws IOException {
        assertThat(turn("doubt-0-0-0-2", "")).contains("<prosody", "who en", "anybody-there en");
        assertThat(turn("doubt-0-0-2-4", "")).doesNotContain("<Say");
    }

    /** Who refuses calls need not hear one first (K16), and who speaks of danger is heard at once. */
    @ParameterizedTest
    @CsvSource({
        "9, opt-out, stopped en",
        "stop calling, opt-out, stopped en",
        "chest pain, , danger en",
    })
    void hearsWhoAnswersBeforeTheMessage(String says, @Nullable String choice, String last) {
        simulator.answers(GOOD, "person", says);
        adapter().send(message(GOOD));
        assertThat(saidUntilTheEnd())
                .doesNotContain("This is an automated call")
                .endsWith(last);
        assertThat(received)
                .singleElement()
                .satisfies(message -> assertThat(message.choice()).isEqualTo(choice));
    }

    @Test
    void opensInSpanishAtTheSameQuestion() {
        simulator.answers(GOOD, "person", "8", "2");
        adapter().send(message(GOOD));
        assertThat(saidUntilTheEnd())
                .containsExactly("who en", "anybody-there en", "switch es", "Esta es una llamada", "heard-move es");
    }

    /** Heard is what was said to its end: not who called, and not half of the message. */
    @ParameterizedTest
    @CsvSource({"hang-up, false", "'yes,hang-up', false", "'yes,-,hang-up', true"})
    void isHeardWhereTheWholeMessageWas(String keys, boolean delivered) {
        simulator.answers(GOOD, "person", keys.split(","));
        adapter().send(message(GOOD));
        saidUntilTheEnd();
        await().untilAsserted(() -> assertThat(reports)
                .anySatisfy(report -> assertThat(report.errorCode()).isEqualTo("not-heard")));
        assertThat(statuses().contains(DeliveryReport.Status.DELIVERED))
                .as("outranks the end of the call")
                .isEqualTo(delivered);
    }

    private void wasLeft() {
        assertThat(reports).anySatisfy(report -> {
            assertThat(report.status()).isEqualTo(DeliveryReport.Status.DELIVERED);
            assertThat(report.errorCode()).isEqualTo("voicemail");
        });
    }

    @ParameterizedTest
    @CsvSource({"busy, UNDELIVERED, busy", "no-answer, UNDELIVERED, no-answer", "failed, FAILED, call-failed"})
    void tellsWhyNobodyWasReached(String as, DeliveryReport.Status status, String code) {
        simulator.answers(GOOD, as);
        adapter().send(message(GOOD));
        await().untilAsserted(() -> assertThat(reports).anySatisfy(report -> {
            assertThat(report.status()).isEqualTo(status);
            assertThat(report.errorCode()).isEqualTo(code);
        }));
        assertThat(statuses()).doesNotContain(DeliveryReport.Status.SENT, DeliveryReport.Status.DELIVERED);
    }

    // ------------------------------------------------------------------------------------------------ forged

    /** R15: nothing is said and nothing taken that the carrier did not sign for this very path. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "voice/%s",
                "voice/%s/menu-0-0-0-2",
                "call-status/%s",
                "voice/inbound",
                "voice/inbound/menu-0-0-0-2"
            })
    void saysNothingToTheUnsigned(String path) throws IOException {
        String full = "/webhooks/twilio/" + path.formatted(UUID.randomUUID());
        String body =
                "AccountSid=" + ACCOUNT + "&CallSid=CA1&From=%2B13035550100&To=%2B17205550123&Digits=9&CallStatus=busy";
        String good = TwilioSignature.sign(TOKEN, publicUrl() + full, FormParameters.parse(body));
        for (String signature : new String[] {
            "",
            "x",
            TwilioSignature.sign("another", publicUrl() + full, FormParameters.parse(body)),
            TwilioSignature.sign(TOKEN, publicUrl() + full + "1", FormParameters.parse(body))
        }) {
            assertThat(to(full, body, signature).getStatusCode().value()).isEqualTo(403);
        }
        assertThat(received).isEmpty();
        assertThat(reports).isEmpty();
        assertThat(to(full, body, good).getStatusCode().is2xxSuccessful()).isTrue();
    }

    // ------------------------------------------------------------------------------------------------ fixtures

    /** A visit in two languages, every prompt called by its name. */
    private final class Spoken implements Dialogues {

        @Override
        public Optional<Dialogue> of(AttemptId attempt) {
            return Optional.of(new Dialogue(
                    attempt,
                    asks ? "confirm-visit" : null,
                    List.of(wording("en", "This is an automated call"), wording("es", "Esta es una llamada")),
                    staffed ? CLINIC : null));
        }

        @Override
        public Dialogue ofCaller(Address caller, boolean known) {
            return of(new AttemptId(new UUID(0, 0))).orElseThrow();
        }

        @Override
        public Proof bornOn(Address caller, LocalDate day) {
            return Proof.WRONG;
        }

        @Override
        public Understood understand(@Nullable AttemptId answers, String words, String locale) {
            return switch (words) {
                case "yes" -> new Understood("confirm", false);
                case "stop calling" -> new Understood("opt-out", false);
                case "chest pain" -> new Understood("unclear", true);
                default -> new Understood("unclear", false);
            };
        }

        @Override
        public boolean textInstead(@Nullable AttemptId answers, Address caller) {
            return true;
        }
    }

    private Dialogues.Wording wording(String locale, String text) {
        Map<String, String> prompts = new java.util.HashMap<>();
        for (String name : List.of(
                "menu",
                "switch",
                "who",
                "voicemail",
                "anybody-there",
                "not-understood",
                "heard-confirm",
                "heard-move",
                "heard-cancel",
                "transfer",
                "call-back",
                "texting",
                "no-text",
                "stopped",
                "wrong-number",
                "goodbye",
                "danger")) {
            prompts.put(name, name + " " + locale);
        }
        if (!reviewed) {
            prompts.remove("danger");
        }
        return new Dialogues.Wording(locale, text, prompts);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        ResponseEntity<?> answer = to(
                exchange.getRequestURI().getPath(),
                body,
                String.valueOf(exchange.getRequestHeaders().getFirst("X-Twilio-Signature")));
        byte[] bytes = answer.getBody() == null
                ? new byte[0]
                : answer.getBody().toString().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.getStatusCode().value(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private ResponseEntity<?> to(String path, String body, String signature) throws IOException {
        var request = new MockHttpServletRequest("POST", path);
        request.setContent(body.getBytes(StandardCharsets.UTF_8));
        request.addHeader("X-Twilio-Signature", signature);
        String[] parts = path.substring("/webhooks/twilio/".length()).split("/", -1);
        if (parts[0].equals("call-status")) {
            return webhooks.status(parts[1], request);
        }
        if (parts[1].equals("inbound")) {
            return parts.length == 2 ? webhooks.calls(request) : webhooks.callerSays(parts[2], request);
        }
        return parts.length == 2 ? webhooks.answered(parts[1], request) : webhooks.heard(parts[1], parts[2], request);
    }

    private String turn(String turn, String parameters) throws IOException {
        String path = "/webhooks/twilio/voice/" + UUID.randomUUID() + "/" + turn;
        String body = "AccountSid=" + ACCOUNT + "&CallSid=CA1&From=%2B13035550100&To=%2B17205550123" + parameters;
        return String.valueOf(
                to(path, body, TwilioSignature.sign(TOKEN, publicUrl() + path, FormParameters.parse(body)))
                        .getBody());
    }

    private List<String> saidUntilTheEnd() {
        await().untilAsserted(() -> assertThat(simulator.callsAreOver(GOOD)).isTrue());
        return simulator.saidTo(GOOD);
    }

    private List<DeliveryReport.Status> statuses() {
        return reports.stream().map(DeliveryReport::status).toList();
    }

    private URI publicUrl() {
        return URI.create("http://127.0.0.1:" + product.getAddress().getPort());
    }

    private static OutboundMessage message(String to) {
        return new OutboundMessage(
                new AttemptId(UUID.randomUUID()),
                new Address(Channel.VOICE, to),
                OURS,
                "This is an automated call",
                Map.of(),
                "en",
                Duration.ofHours(1),
                Instant.now().plusSeconds(60));
    }

    private static TwilioSettings settings(URI carrier, Duration answerTimeout) {
        return new TwilioSettings(
                carrier,
                ACCOUNT,
                TOKEN,
                null,
                OURS,
                null,
                8,
                Duration.ofSeconds(10),
                answerTimeout,
                answerTimeout.multipliedBy(2),
                true);
    }

    private static VoiceSettings voice() {
        return new VoiceSettings(OURS, Duration.ofSeconds(25), Duration.ofMinutes(10), Map.of());
    }

    private TwilioVoice adapter() {
        return adapter(simulator.url(), Duration.ofSeconds(20));
    }

    private TwilioVoice adapter(URI carrier, Duration answerTimeout) {
        TwilioSettings settings = settings(carrier, answerTimeout);
        var made = new TwilioConnections(settings);
        connections.add(made);
        return new TwilioVoice(settings, voice(), new PublicAddress(publicUrl()), made);
    }
}
