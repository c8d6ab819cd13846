package health.throughline.simulator;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The simulated EHR's own FHIR door: takes {@code AppointmentResponse}s by conditional create, and can be told to refuse, to lose the slot,
 * to fail, to say nothing, or to take one and lose its answer. What it takes it acts on: a declined visit is cancelled in its feed.
 */
final class EhrFhirApi {

    static final String PREFIX = "/ehr/fhir";
    private static final String FHIR = "application/fhir+json";
    private static final int REMEMBERED = 50_000;
    private static final Logger LOG = LoggerFactory.getLogger(EhrFhirApi.class);

    private final EhrSimulator ehr;
    private final ExecutorService threads;
    private final SimulatorSettings settings;
    private final Map<String, Kept> kept = new LinkedHashMap<>();
    private final List<Trouble> troubles = new ArrayList<>();
    private int requests;

    EhrFhirApi(EhrSimulator ehr, ExecutorService threads, SimulatorSettings settings) {
        this.ehr = ehr;
        this.threads = threads;
        this.settings = settings;
    }

    /** How it may behave on demand. */
    enum Mood {
        REJECT,
        LOSE_SLOT,
        ERROR,
        TIMEOUT,
        LOSE_ANSWER
    }

    private static final class Trouble {
        private final Mood mood;
        private final @Nullable String appointment;
        private int left;

        private Trouble(Mood mood, @Nullable String appointment, int times) {
            this.mood = mood;
            this.appointment = appointment;
            this.left = times;
        }
    }

    private record Kept(String identifier, String appointment, String participantStatus, String at) {}

    void answer(Exchange exchange) throws IOException, InterruptedException {
        if (!exchange.path().equals(PREFIX + "/AppointmentResponse")
                || !exchange.method().equals("POST")) {
            outcome(exchange, 404, "not-found", "This EHR takes POST " + PREFIX + "/AppointmentResponse.");
            return;
        }
        JsonNode response = exchange.json();
        String identifier = response.path("identifier").path(0).path("value").asString("");
        String appointment =
                response.path("appointment").path("reference").asString("").replaceFirst("^Appointment/", "");
        String status = response.path("participantStatus").asString("");
        boolean who = response.has("actor") || response.has("participantType");
        if (identifier.isEmpty() || appointment.isEmpty() || status.isEmpty() || !who) {
            outcome(
                    exchange,
                    400,
                    "required",
                    "identifier, appointment, participantStatus and one of actor and participantType are required.");
            return;
        }
        // only a conditional create may come twice and be kept once
        boolean conditional = String.valueOf(exchange.header("If-None-Exist")).endsWith("%7C" + identifier);
        String name = conditional ? identifier : identifier + "#" + UUID.randomUUID();
        Optional<Mood> mood = next(appointment);
        switch (mood.orElse(null)) {
            case REJECT ->
                outcome(exchange, 422, "business-rule", "This visit cannot be answered by message; call the clinic.");
            case LOSE_SLOT -> outcome(exchange, 409, "conflict", "The slot has been given away.");
            case ERROR -> outcome(exchange, 500, "exception", "The EHR failed.");
            case TIMEOUT -> {
                Thread.sleep(settings.silentFor());
                exchange.hangUp();
            }
            case LOSE_ANSWER -> {
                keep(name, appointment, status);
                exchange.hangUp();
            }
            case null -> {
                boolean isNew = keep(name, appointment, status);
                exchange.answerHeader("Location", PREFIX + "/AppointmentResponse/" + identifier);
                exchange.answer(isNew ? 201 : 200, FHIR, new byte[0]);
            }
        }
    }

    private synchronized Optional<Mood> next(String appointment) {
        requests++;
        for (Iterator<Trouble> each = troubles.iterator(); each.hasNext(); ) {
            Trouble trouble = each.next();
            if (trouble.appointment == null || trouble.appointment.equals(appointment)) {
                if (--trouble.left <= 0) {
                    each.remove();
                }
                return Optional.of(trouble.mood);
            }
        }
        return Optional.empty();
    }

    private boolean keep(String identifier, String appointment, String status) {
        synchronized (this) {
            if (kept.containsKey(identifier)) {
                return false;
            }
            kept.put(
                    identifier,
                    new Kept(identifier, appointment, status, Instant.now().toString()));
            if (kept.size() > REMEMBERED) {
                kept.remove(kept.keySet().iterator().next());
            }
        }
        if (status.equals("declined") && ehr.has(appointment)) {
            threads.execute(() -> cancel(appointment));
        }
        return true;
    }

    private void cancel(String appointment) {
        try {
            ProductClient.Answer told = ehr.change(appointment, "cancel", Json.read("{}"));
            if (!told.good()) {
                LOG.warn("The product did not take the cancellation (answer {})", told.status());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@code POST /sim/ehr/faults {fault, times?, appointment?}}. */
    void trouble(JsonNode json) {
        String name = json.path("fault").asString("");
        Mood mood;
        try {
            mood = Mood.valueOf(name.toUpperCase(java.util.Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new Exchange.BadRequest(
                    "There is no fault '" + name + "'. There are: reject, lose-slot, error, timeout, lose-answer.");
        }
        String appointment =
                json.path("appointment").isString() ? json.path("appointment").asString() : null;
        synchronized (this) {
            troubles.add(new Trouble(
                    mood, appointment, Math.max(1, json.path("times").asInt(1))));
        }
    }

    synchronized void clear() {
        troubles.clear();
    }

    /** What it was asked and what it keeps. */
    synchronized Map<String, Object> ledger() {
        return Map.of("requestCount", requests, "items", List.copyOf(kept.values()));
    }

    private static void outcome(Exchange exchange, int status, String code, String text) throws IOException {
        exchange.answer(
                status,
                FHIR,
                Json.write(Map.of(
                                "resourceType",
                                "OperationOutcome",
                                "issue",
                                List.of(Map.of("severity", "error", "code", code, "diagnostics", text))))
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
