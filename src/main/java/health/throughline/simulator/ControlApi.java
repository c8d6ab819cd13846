package health.throughline.simulator;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code /sim}: what tests and the page with the phones ask of the carrier. */
final class ControlApi {

    private static final int MAX_TEXT = 1600;
    private static final int MAX_MEDIA = 10;

    private final CarrierLedger ledger;
    private final Faults faults;
    private final Carrier carrier;
    private final PhoneCalls phoneCalls;
    private final SimulatedClock clock;
    private final PhoneEvents events;
    private final EhrSimulator ehr;
    private final EhrFhirApi ehrDoor;
    private final MailApi mail;
    private final PushServer push;
    private final SimulatedMedia media;

    ControlApi(
            CarrierLedger ledger,
            Faults faults,
            Carrier carrier,
            PhoneCalls phoneCalls,
            SimulatedClock clock,
            PhoneEvents events,
            EhrSimulator ehr,
            EhrFhirApi ehrDoor,
            MailApi mail,
            PushServer push,
            SimulatedMedia media) {
        this.push = push;
        this.media = media;
        this.mail = mail;
        this.ehrDoor = ehrDoor;
        this.phoneCalls = phoneCalls;
        this.ledger = ledger;
        this.faults = faults;
        this.carrier = carrier;
        this.clock = clock;
        this.events = events;
        this.ehr = ehr;
    }

    /** A text in a phone, as its owner sees it. */
    private record Text(
            String sid, boolean fromPatient, String body, String at, String status, List<Map<String, String>> media) {}

    void answer(Exchange exchange) throws IOException, InterruptedException {
        List<String> path = Arrays.stream(exchange.http()
                        .getRequestURI()
                        .getRawPath()
                        .substring("/sim/".length())
                        .split("/", -1))
                .map(part -> URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8))
                .toList();
        String request = exchange.method() + " " + path.getFirst() + (path.size() > 1 ? "/" : "");
        switch (request) {
            case "GET ledger" -> ledger(exchange);
            case "DELETE ledger" -> {
                ledger.clear();
                exchange.empty(204);
            }
            case "GET magic" -> magic(exchange);
            case "POST faults" -> addFault(exchange);
            case "DELETE faults" -> {
                faults.clear();
                exchange.empty(204);
            }
            case "GET phones" ->
                exchange.json(
                        200, Map.of("items", ledger.phones(ehr.namesByNumber()), "ringing", phoneCalls.ringing()));
            case "GET phones/", "POST phones/" -> phone(exchange, path);
            case "GET mailboxes", "GET mailboxes/", "POST mailboxes/" -> mail.answer(exchange, path);
            case "GET browsers", "POST browsers", "GET browsers/", "POST browsers/", "DELETE browsers/" ->
                push.control(exchange, path);
            case "GET events" -> events.stream(exchange);
            case "GET clock" -> pass(exchange, clock.read());
            case "POST clock" -> pass(exchange, clock.move(exchange.body()));
            case "GET ehr/", "POST ehr/", "DELETE ehr/" -> ehr(exchange, path.subList(1, path.size()));
            default -> exchange.problem(404, "The simulator has nothing here for " + exchange.method() + ".");
        }
    }

    private void ledger(Exchange exchange) throws IOException {
        var json = new LinkedHashMap<String, Object>();
        json.put("requestCount", ledger.requestCount());
        json.put("acceptedCount", ledger.acceptedCount());
        json.put("requests", ledger.requests());
        json.put(
                "messages",
                ledger.messages().stream()
                        .filter(message -> !message.fromPatient())
                        .map(message -> Map.of(
                                "sid", message.sid(),
                                "at", message.createdAt(),
                                "to", message.content().to(),
                                "body", message.content().body(),
                                "status", message.status()))
                        .toList());
        exchange.json(200, json);
    }

    private static void magic(Exchange exchange) throws IOException {
        exchange.json(
                200,
                Map.of(
                        "items",
                        Arrays.stream(Fault.values())
                                .map(fault -> Map.of(
                                        "lastFour",
                                        fault.lastFour(),
                                        "fault",
                                        fault.code(),
                                        "meaning",
                                        fault.meaning()))
                                .toList()));
    }

    private void addFault(Exchange exchange) throws IOException {
        JsonNode json = exchange.json();
        String code = json.path("fault").asString("");
        Fault fault = Fault.ofCode(code)
                .orElseThrow(() -> new Exchange.BadRequest("There is no fault '" + code + "'. There are: "
                        + Arrays.stream(Fault.values()).map(Fault::code).collect(Collectors.joining(", ")) + "."));
        JsonNode match = json.path("match");
        @Nullable String to = match.path("to").isString() ? match.path("to").asString() : null;
        if (to == null && !match.path("all").asBoolean(false)) {
            throw new Exchange.BadRequest("State match.to (a number) or match.all (true).");
        }
        faults.add(to, fault, json.path("times").asInt(1));
        exchange.empty(204);
    }

    private void phone(Exchange exchange, List<String> path) throws IOException, InterruptedException {
        if (path.size() == 3 && PhoneCalls.PARTS.contains(path.get(2))) {
            phoneCalls.answer(exchange, path.get(1), path.get(2));
            return;
        }
        if (path.size() == 4 && path.get(2).equals("media")) {
            SimulatedMedia.Medium medium = media.find(path.get(3)).orElse(null);
            if (medium == null || !medium.type().startsWith("image/")) {
                exchange.problem(404, "This phone has no such picture any more.");
            } else {
                exchange.answerHeader("Content-Security-Policy", "sandbox; default-src 'none'");
                exchange.answerHeader("X-Content-Type-Options", "nosniff");
                exchange.answer(200, medium.type(), medium.content());
            }
            return;
        }
        if (path.size() != 3 || !path.get(2).equals("messages")) {
            exchange.problem(
                    404,
                    "A phone has messages, calls and a way of answering: /sim/phones/{number}/messages, /calls, /answering.");
            return;
        }
        String number = path.get(1);
        if (!number.matches("\\+[1-9]\\d{6,14}")) {
            throw new Exchange.BadRequest("The number has to be in E.164, such as +13035550123.");
        }
        if (exchange.method().equals("POST")) {
            JsonNode json = exchange.json();
            String body = json.path("body").asString("");
            List<SimulatedMedia.Medium> pictures = media(json.path("media"));
            if (body.isEmpty() && pictures.isEmpty() || body.length() > MAX_TEXT) {
                throw new Exchange.BadRequest("A text has 1 to " + MAX_TEXT + " characters, or a picture.");
            }
            clock.learnOnce();
            exchange.json(
                    201,
                    text(carrier.patientWrites(
                            number, body, pictures, !json.path("lost").asBoolean(false))));
        } else {
            exchange.json(
                    200,
                    Map.of(
                            "items",
                            ledger.messagesOf(number).stream()
                                    .map(ControlApi::text)
                                    .toList()));
        }
    }

    private static Text text(SimulatedMessage message) {
        return new Text(
                message.sid(),
                message.fromPatient(),
                message.content().body(),
                message.createdAt().toString(),
                message.status(),
                SimulatedMedia.shown(message));
    }

    /** Samples by name, or a file of the page's: {@code {"sample":"arm"}}, {@code {"type":"image/png","content":"<base64>"}}. */
    private List<SimulatedMedia.Medium> media(JsonNode json) {
        var all = new ArrayList<SimulatedMedia.Medium>();
        for (JsonNode each : json) {
            if (all.size() == MAX_MEDIA) {
                throw new Exchange.BadRequest("A text brings at most " + MAX_MEDIA + " pictures.");
            }
            String sample = each.path("sample").asString("");
            byte[] content = sample.isEmpty()
                    ? Base64.getDecoder().decode(each.path("content").asString(""))
                    : SamplePictures.of(sample)
                            .orElseThrow(() -> new Exchange.BadRequest("There is no sample '" + sample + "'."));
            all.add(media.add(
                    each.path("type").asString("image/png"),
                    content,
                    SimulatedMedia.Trouble.ofCode(each.path("trouble").asString("none"))));
        }
        return all;
    }

    private void ehr(Exchange exchange, List<String> path) throws IOException, InterruptedException {
        String request = exchange.method() + " " + String.join("/", path);
        if (request.equals("GET patients")) {
            exchange.json(200, Map.of("items", ehr.patients(), "locations", ehr.locations()));
        } else if (request.equals("GET appointments")) {
            exchange.json(200, Map.of("items", ehr.appointments()));
        } else if (request.equals("GET answers")) {
            exchange.json(200, ehrDoor.ledger());
        } else if (request.equals("POST faults")) {
            ehrDoor.trouble(exchange.json());
            exchange.empty(204);
        } else if (request.equals("DELETE faults")) {
            ehrDoor.clear();
            exchange.empty(204);
        } else if (request.equals("POST appointments")) {
            pass(exchange, ehr.book(exchange.json()));
        } else if (exchange.method().equals("POST")
                && path.size() == 3
                && path.getFirst().equals("appointments")) {
            String body = exchange.body();
            pass(exchange, ehr.change(path.get(1), path.get(2), Json.read(body.isBlank() ? "{}" : body)));
        } else {
            exchange.problem(404, "The simulated EHR has patients, appointments, answers and faults.");
        }
    }

    private static void pass(Exchange exchange, ProductClient.Answer answer) throws IOException {
        if (answer.status() == 0) {
            exchange.problem(502, "The product does not answer.");
        } else {
            exchange.answer(
                    answer.status(),
                    "application/json; charset=utf-8",
                    answer.body().getBytes(StandardCharsets.UTF_8));
        }
    }
}
