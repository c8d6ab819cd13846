package health.throughline.simulator;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the owner of a phone does with calls: picks up, presses keys, speaks, hangs up, calls us, or leaves it to a voicemail. */
final class PhoneCalls {

    static final Set<String> PARTS = Set.of("calls", "answering");

    private static final int MAX_WORDS = 500;
    private static final int MAX_KEYS = 50;

    private final Switchboard switchboard;

    PhoneCalls(Switchboard switchboard) {
        this.switchboard = switchboard;
    }

    /** The numbers of all phones that ring or are in a call. */
    List<String> ringing() {
        return switchboard.calls().stream()
                .filter(call -> !call.over())
                .map(SimulatedCall::phone)
                .distinct()
                .toList();
    }

    void answer(Exchange exchange, String number, String part) throws IOException {
        if (!number.matches("\\+[1-9]\\d{6,14}")) {
            throw new Exchange.BadRequest("The number has to be in E.164, such as +13035550123.");
        }
        if (part.equals("answering")) {
            answering(exchange, number);
        } else if (exchange.method().equals("POST")) {
            does(exchange, number, exchange.json());
        } else {
            exchange.json(
                    200,
                    Map.of(
                            "items",
                            switchboard.callsOf(number).stream()
                                    .map(PhoneCalls::json)
                                    .toList()));
        }
    }

    /** {@code {"as": "voicemail"}} or {@code {"as": "person", "keys": ["hello", "-", "1"]}}, where {@code -} is silence. */
    private void answering(Exchange exchange, String number) throws IOException {
        JsonNode json = exchange.json();
        Answering.Way way = Answering.Way.ofCode(json.path("as").asString(""))
                .orElseThrow(() -> new Exchange.BadRequest("State as: one of "
                        + Arrays.stream(Answering.Way.values())
                                .map(Answering.Way::code)
                                .collect(Collectors.joining(", "))
                        + "."));
        switchboard.answers(number, new Answering(way, keys(json)));
        exchange.empty(204);
    }

    private static List<String> keys(JsonNode json) {
        var keys = new ArrayList<String>();
        for (JsonNode key : json.path("keys")) {
            if (keys.size() >= MAX_KEYS
                    || key.asString("").isEmpty()
                    || key.asString("").length() > MAX_WORDS) {
                throw new Exchange.BadRequest("keys are at most " + MAX_KEYS + " keys or words.");
            }
            keys.add(key.asString(""));
        }
        return keys;
    }

    /**
     * {@code {"do": "answer"}}, {@code decline}, {@code hang-up}, {@code call}, a key, or words. With {@code call} also {@code
     * "vouchedFor": false} where the patient's carrier does not say that the number is theirs.
     */
    private void does(Exchange exchange, String number, JsonNode json) throws IOException {
        String what = json.path("do").asString("");
        if (what.isEmpty() || what.length() > MAX_WORDS) {
            throw new Exchange.BadRequest("State do: answer, decline, hang-up, call, a key, or words.");
        }
        SimulatedCall current = switchboard.callsOf(number).stream()
                .filter(call -> !call.over())
                .findFirst()
                .orElse(null);
        if (current == null && what.equals("call")) {
            exchange.json(
                    201,
                    json(switchboard.patientCalls(
                            CallApi.newSid(), number, json.path("vouchedFor").asBoolean(true), keys(json))));
        } else if (current == null) {
            exchange.problem(409, "There is no call on this phone.");
        } else {
            current.does(what);
            exchange.json(200, json(current));
        }
    }

    private static Map<String, @Nullable Object> json(SimulatedCall call) {
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("sid", call.sid());
        json.put("fromPatient", call.content().fromPatient());
        json.put("at", call.createdAt().toString());
        json.put("status", call.status());
        json.put("listening", call.listening());
        json.put("over", call.over());
        json.put("lines", call.lines());
        return json;
    }
}
