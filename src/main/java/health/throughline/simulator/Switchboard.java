package health.throughline.simulator;

import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * Plays calls: rings the phone, asks the product what to say, says it as text, listens for keys and words, and reports each step, signed
 * as Twilio signs. Follows Say, Pause, Gather, Redirect, Dial and Hangup, as Twilio's "TwiML for Programmable Voice" describes them.
 */
final class Switchboard implements AutoCloseable {

    private static final int MOST_DOCUMENTS = 60;
    private static final int MOST_CALLS = 5000;
    private static final int MOST_ANSWERINGS = 5000;
    private static final Logger LOG = LoggerFactory.getLogger(Switchboard.class);

    private final SimulatorSettings settings;
    private final ProductClient product;
    private final SimulatedClock clock;
    private final PhoneEvents events;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, SimulatedCall> calls = new LinkedHashMap<>();
    private final Map<String, Answering> answerings = new ConcurrentHashMap<>();

    Switchboard(SimulatorSettings settings, ProductClient product, SimulatedClock clock, PhoneEvents events) {
        this.settings = settings;
        this.product = product;
        this.clock = clock;
        this.events = events;
    }

    /** The phone takes its next calls so, until told otherwise. */
    void answers(String phone, Answering answering) {
        if (answerings.size() > MOST_ANSWERINGS) {
            answerings.clear();
        }
        answerings.put(phone, answering);
    }

    /** The newest first. */
    synchronized List<SimulatedCall> calls() {
        return List.copyOf(calls.values()).reversed();
    }

    synchronized @Nullable SimulatedCall call(String sid) {
        return calls.get(sid);
    }

    /** The oldest first. */
    List<SimulatedCall> callsOf(String phone) {
        return calls().reversed().stream()
                .filter(call -> call.phone().equals(phone))
                .toList();
    }

    private synchronized void keep(SimulatedCall call) {
        calls.put(call.sid(), call);
        if (calls.size() > MOST_CALLS) {
            calls.remove(calls.keySet().iterator().next());
        }
    }

    /** Takes a call of the product's. @param silent no report of it ever comes */
    SimulatedCall take(String sid, SimulatedCall.Content content, @Nullable Fault fault) {
        var call = new SimulatedCall(sid, content, clock.now());
        keep(call);
        Answering answering = fault == Fault.UNDELIVERED
                ? new Answering(Answering.Way.NO_ANSWER, List.of())
                : fault == Fault.FAILED
                        ? new Answering(Answering.Way.FAILED, List.of())
                        : answerings.getOrDefault(content.to(), Answering.RINGS);
        threads.execute(() -> play(call, answering, fault == Fault.SILENT));
        return call;
    }

    /** The patient with this phone calls us. */
    SimulatedCall patientCalls(String sid, String phone, boolean vouchedFor, List<String> keys) {
        var content = new SimulatedCall.Content(
                settings.from() == null ? "" : settings.from(),
                phone,
                true,
                vouchedFor,
                URI.create(product.productUrl() + "/webhooks/twilio/voice/inbound"),
                null,
                java.util.Set.of(),
                false);
        var call = new SimulatedCall(sid, content, clock.now());
        keep(call);
        threads.execute(() -> {
            try {
                call.becomes("in-progress", clock.now());
                follow(call, new Answering(keys.isEmpty() ? Answering.Way.RINGS : Answering.Way.PERSON, keys));
                becomes(call, "completed", true);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return call;
    }

    private void play(SimulatedCall call, Answering answering, boolean silent) {
        try {
            Thread.sleep(settings.callbackDelay());
            becomes(call, "initiated", silent);
            becomes(call, "ringing", silent);
            String ended = switch (answering.as()) {
                case BUSY -> "busy";
                case NO_ANSWER -> "no-answer";
                case FAILED -> "failed";
                case RINGS -> rings(call);
                default -> null;
            };
            if (ended != null) {
                becomes(call, ended, silent);
                return;
            }
            if (call.content().detectsMachine()) {
                call.answeredBy(answering.as().answeredBy());
            }
            becomes(call, "in-progress", silent);
            follow(call, answering);
            becomes(call, "completed", silent);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable String rings(SimulatedCall call) throws InterruptedException {
        String done = call.next(settings.ringsFor().toMillis(), false);
        return done == null ? "no-answer" : done.equals("answer") ? null : "busy";
    }

    private void becomes(SimulatedCall call, String status, boolean silent) throws InterruptedException {
        call.becomes(status, clock.now());
        events.changed(call.phone());
        URI url = call.content().statusCallback();
        String event = switch (status) {
            case "initiated", "ringing" -> status;
            case "in-progress" -> "answered";
            default -> "completed";
        };
        if (silent || url == null || !call.content().events().contains(event)) {
            return;
        }
        Map<String, String> parameters = about(call);
        if (event.equals("completed") && call.startedAt() != null) {
            parameters.put("CallDuration", String.valueOf(seconds(call)));
        }
        ProductClient.Answer answer = product.callback(url, parameters);
        if (!answer.good()) {
            LOG.warn("The product did not take a report of a call (answer {})", answer.status());
        }
    }

    /** Nobody speaks here: as long as a voice takes for what was said. */
    private static long seconds(SimulatedCall call) {
        return call.lines().stream()
                        .filter(line -> line.by().equals("us"))
                        .mapToLong(line -> line.text().length())
                        .sum()
                / 12;
    }

    /** A document to read, and what the patient did before it. */
    private record Request(URI url, Map<String, String> done) {}

    private void follow(SimulatedCall call, Answering answering) throws InterruptedException {
        Deque<String> keys = new ArrayDeque<>(answering.keys());
        boolean byHand = answering.as() == Answering.Way.RINGS;
        @Nullable Request next = new Request(call.content().url(), Map.of());
        for (int n = 0; n < MOST_DOCUMENTS && next != null; n++) {
            Map<String, String> parameters = about(call);
            parameters.putAll(next.done());
            if (n == 0 && call.content().fromPatient()) {
                parameters.put(
                        "StirVerstat", call.content().vouchedFor() ? "TN-Validation-Passed-A" : "No-TN-Validation");
            }
            ProductClient.Answer answer = product.callback(next.url(), parameters);
            if (!answer.good()) {
                call.say("carrier", "An application error has occurred. Goodbye.", null);
                return;
            }
            next = read(call, answer.body(), next.url(), keys, byHand);
        }
    }

    private @Nullable Request read(SimulatedCall call, String twiml, URI base, Deque<String> keys, boolean byHand)
            throws InterruptedException {
        for (Node node = parse(twiml).getFirstChild(); node != null; node = node.getNextSibling()) {
            if (!(node instanceof Element verb)) {
                continue;
            }
            switch (verb.getTagName()) {
                case "Say" -> say(call, verb);
                case "Pause" -> {}
                case "Gather" -> {
                    for (Node inner = verb.getFirstChild(); inner != null; inner = inner.getNextSibling()) {
                        if (inner instanceof Element said && said.getTagName().equals("Say")) {
                            say(call, said);
                        }
                    }
                    events.changed(call.phone());
                    String did = byHand ? call.next(settings.patience().toMillis(), true) : keys.pollFirst();
                    if (Answering.NOTHING.equals(did)) {
                        did = null;
                    }
                    if ("hang-up".equals(did)) {
                        return null;
                    }
                    if (did != null) {
                        call.say("patient", did, null);
                    }
                    if (did != null || verb.getAttribute("actionOnEmptyResult").equals("true")) {
                        return new Request(base.resolve(verb.getAttribute("action")), heard(did));
                    }
                }
                case "Redirect" -> {
                    return new Request(base.resolve(verb.getTextContent().strip()), Map.of());
                }
                case "Dial" -> {
                    call.say(
                            "carrier", "Connected with " + verb.getTextContent().strip() + ".", null);
                    if (verb.hasAttribute("action")) {
                        return new Request(
                                base.resolve(verb.getAttribute("action")),
                                Map.of("DialCallStatus", "completed", "DialCallDuration", "60"));
                    }
                }
                case "Hangup" -> {
                    return null;
                }
                default -> LOG.warn("The simulator does not know the verb {}", verb.getTagName());
            }
        }
        return null;
    }

    private static Map<String, String> heard(@Nullable String did) {
        if (did == null) {
            return Map.of("Digits", "");
        }
        return did.matches("[0-9*#]+")
                ? Map.of("Digits", did)
                : Map.of("SpeechResult", did, "Confidence", "0.9", "Language", "en-US");
    }

    private static void say(SimulatedCall call, Element verb) {
        call.say("us", verb.getTextContent().strip(), verb.getAttribute("language"));
    }

    private static Element parse(String twiml) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            return factory.newDocumentBuilder()
                    .parse(new InputSource(new StringReader(twiml)))
                    .getDocumentElement();
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new IllegalArgumentException("The product's TwiML cannot be read", e);
        }
    }

    private Map<String, String> about(SimulatedCall call) {
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("ApiVersion", "2010-04-01");
        parameters.put("AccountSid", settings.accountSid() == null ? "" : settings.accountSid());
        parameters.put("CallSid", call.sid());
        parameters.put("To", call.content().to());
        parameters.put("From", call.content().from());
        parameters.put("CallStatus", call.status());
        parameters.put("Direction", call.content().fromPatient() ? "inbound" : "outbound-api");
        if (call.answeredBy() != null) {
            parameters.put("AnsweredBy", String.valueOf(call.answeredBy()));
        }
        parameters.put(
                "Timestamp",
                DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.US)
                        .withZone(ZoneOffset.UTC)
                        .format(clock.now()));
        return parameters;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
