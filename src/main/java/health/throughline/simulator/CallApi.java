package health.throughline.simulator;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Answers where Twilio's {@code Calls} resource would: checks as it does, then does what the number's fault says. */
final class CallApi {

    private static final int MAX_PAGE_SIZE = 1000;
    private static final int DEFAULT_PAGE_SIZE = 50;

    private final SimulatorSettings settings;
    private final Switchboard switchboard;
    private final Faults faults;
    private final SimulatedClock clock;
    private final List<LedgerEntry> requests = new ArrayList<>();

    CallApi(SimulatorSettings settings, Switchboard switchboard, Faults faults, SimulatedClock clock) {
        this.settings = settings;
        this.switchboard = switchboard;
        this.faults = faults;
        this.clock = clock;
    }

    /** Every request to make a call, refused ones too, oldest first. */
    synchronized List<LedgerEntry> requests() {
        return List.copyOf(requests);
    }

    synchronized void clear() {
        requests.clear();
    }

    private synchronized void note(SimulatedCall.Content content, int status, @Nullable String sid) {
        if (requests.size() < settings.remembered()) {
            URI callback = content.statusCallback();
            requests.add(new LedgerEntry(
                    clock.now(),
                    content.to(),
                    content.from(),
                    content.url().toString(),
                    callback == null ? null : callback.toString(),
                    null,
                    status,
                    sid != null,
                    sid));
        }
    }

    void create(Exchange exchange, String account) throws IOException, InterruptedException {
        clock.learnOnce();
        Map<String, List<String>> form = exchange.formWithRepeats();
        String to = first(form, "To");
        String from = first(form, "From");
        String url = first(form, "Url");
        if (!to.matches("\\+[1-9]\\d{6,14}")) {
            TwilioApi.error(exchange, 400, 21211, "The phone number you are attempting to call is not valid.");
            return;
        }
        if (!from.matches("\\+[1-9]\\d{6,14}")) {
            TwilioApi.error(exchange, 400, 21212, "The 'From' number is not a valid phone number.");
            return;
        }
        if (!url.matches("https?://\\S+")) {
            TwilioApi.error(exchange, 400, 21205, "Url is not a valid URL.");
            return;
        }
        String callback = first(form, "StatusCallback");
        Set<String> events = Set.copyOf(form.getOrDefault("StatusCallbackEvent", List.of("completed")));
        var content = new SimulatedCall.Content(
                to,
                from,
                false,
                false,
                URI.create(url),
                callback.isEmpty() ? null : URI.create(callback),
                events,
                form.containsKey("MachineDetection"));
        Fault fault = faults.next(to).orElse(null);
        if (fault != null && !fault.taken()) {
            refuse(exchange, content, fault);
        } else {
            take(exchange, account, content, fault);
        }
    }

    private void take(Exchange exchange, String account, SimulatedCall.Content content, @Nullable Fault fault)
            throws IOException, InterruptedException {
        boolean answers = fault != Fault.RESET_AFTER && fault != Fault.TIMEOUT_AFTER;
        int status = !answers ? 0 : fault == Fault.ERROR_AFTER ? 500 : 201;
        String sid = newSid();
        note(content, status, sid);
        SimulatedCall call = switchboard.take(sid, content, fault);
        if (fault == Fault.TIMEOUT_AFTER) {
            Thread.sleep(settings.silentFor());
        }
        if (!answers) {
            exchange.hangUp();
        } else if (status == 500) {
            TwilioApi.error(exchange, 500, 20500, "Internal server error");
        } else {
            exchange.json(201, CallJson.of(account, call));
        }
    }

    private void refuse(Exchange exchange, SimulatedCall.Content content, Fault fault) throws IOException {
        int status = switch (fault) {
            case THROTTLED -> 429;
            case ERROR_BEFORE -> 500;
            case UNAVAILABLE -> 503;
            case RESET_BEFORE -> 0;
            default -> 400;
        };
        note(content, status, null);
        switch (fault) {
            case RESET_BEFORE -> exchange.hangUp();
            case THROTTLED -> {
                exchange.answerHeader("Retry-After", "1");
                TwilioApi.error(exchange, status, 20429, "Too many requests");
            }
            case NOT_A_NUMBER ->
                TwilioApi.error(exchange, status, 21211, "The phone number you are attempting to call is not valid.");
            case OPTED_OUT, NEEDS_TEMPLATE, LANDLINE ->
                TwilioApi.error(exchange, status, 21216, "Account not allowed to call this number.");
            default -> TwilioApi.error(exchange, status, 20000 + status, "The service is not available");
        }
    }

    void list(Exchange exchange, String account) throws IOException {
        Map<String, String> query = exchange.query();
        String to = query.get("To");
        String from = query.get("From");
        String asked = query.getOrDefault("PageSize", "");
        int size =
                asked.matches("\\d{1,4}") ? Math.clamp(Integer.parseInt(asked), 1, MAX_PAGE_SIZE) : DEFAULT_PAGE_SIZE;
        List<SimulatedCall> found = switchboard.calls().stream()
                .filter(call -> to == null || to.equals(call.content().to()))
                .filter(call -> from == null || from.equals(call.content().from()))
                .limit(size)
                .toList();
        String uri = exchange.path() + "?PageSize=" + size + "&Page=0";
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("calls", found.stream().map(call -> CallJson.of(account, call)).toList());
        json.put("end", Math.max(0, found.size() - 1));
        json.put("first_page_uri", uri);
        json.put("next_page_uri", null);
        json.put("page", 0);
        json.put("page_size", size);
        json.put("previous_page_uri", null);
        json.put("start", 0);
        json.put("uri", uri);
        exchange.json(200, json);
    }

    void fetch(Exchange exchange, String account, String sid) throws IOException {
        SimulatedCall call = switchboard.call(sid);
        if (call == null) {
            TwilioApi.error(exchange, 404, 20404, "The requested resource was not found");
        } else {
            exchange.json(200, CallJson.of(account, call));
        }
    }

    static String newSid() {
        byte[] random = new byte[16];
        ThreadLocalRandom.current().nextBytes(random);
        return "CA" + HexFormat.of().formatHex(random);
    }

    private static String first(Map<String, List<String>> form, String name) {
        return form.getOrDefault(name, List.of("")).getFirst();
    }
}
