package health.throughline.simulator;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Plays the EHR: tells the product of its hospital, its patients and their visits in FHIR. The demo visits of a day are the same
 * whenever they are told, so that a second start changes nothing.
 */
final class EhrSimulator {

    private static final String FHIR = "application/fhir+json";
    private static final int MAX_VISITS = 1000;
    private static final int MAX_TRIES = 300;
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
    private static final int[] DAYS_AHEAD = {1, 2, 3, 5, 8};
    private static final Duration BOOKED_AHEAD = Duration.ofDays(30);
    private static final List<String> TYPES = List.of("CARD-FU", "GEN-NEW", "LAB", "GEN-FU", "CARD-NEW");
    private static final Map<String, String> PLACES =
            Map.of("CARD", "loc-cardiology", "GEN", "loc-family", "LAB", "loc-lab", "MAMMO", "loc-imaging");

    private static final Logger LOG = LoggerFactory.getLogger(EhrSimulator.class);

    private final ProductClient product;
    private final SimulatedClock clock;
    private final DemoRecords demo = new DemoRecords();
    private final Map<String, String> names = demo.namesByNumber();
    private final Map<String, EhrVisit> visits = new LinkedHashMap<>();

    EhrSimulator(ProductClient product, SimulatedClock clock) {
        this.product = product;
        this.clock = clock;
    }

    Map<String, String> namesByEmail() {
        return demo.namesByEmail();
    }

    Map<String, String> namesByNumber() {
        return names;
    }

    List<DemoRecords.DemoPatient> patients() {
        return demo.patients();
    }

    List<DemoRecords.DemoLocation> locations() {
        return demo.locations();
    }

    synchronized boolean has(String appointment) {
        return visits.containsKey(appointment);
    }

    synchronized List<EhrVisit> appointments() {
        return List.copyOf(visits.values());
    }

    /** Waits for the product, then tells it everything; the same again changes nothing. */
    void seed() {
        try {
            awaitProduct();
            clock.read();
            for (String bundle : demo.bundles()) {
                report("the demo record", product.send("POST", "/fhir", FHIR, bundle));
            }
            List<EhrVisit> planned = demoVisits();
            if (!planned.isEmpty()) {
                report(
                        "demo visits",
                        tell(planned.stream().map(EhrVisit::appointment).toList()));
                planned.forEach(this::keep);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ready means that the product has made its own demo data, if it makes any. */
    private void awaitProduct() throws InterruptedException {
        for (int i = 0; i < MAX_TRIES; i++) {
            int ready = product.get("/actuator/health/readiness").status();
            if (ready != 0 && ready != 503 && product.get("/fhir/metadata").good()) {
                return;
            }
            Thread.sleep(BETWEEN_TRIES);
        }
        LOG.warn("The product did not answer at /fhir/metadata; it gets no demo visits");
        throw new InterruptedException();
    }

    private static void report(String what, ProductClient.Answer answer) {
        if (answer.good()) {
            LOG.info("The EHR told the product {}", what);
        } else {
            LOG.warn("The product did not take {} (answer {})", what, answer.status());
        }
    }

    private List<EhrVisit> demoVisits() {
        List<DemoRecords.DemoPatient> patients = demo.patients();
        var planned = new LinkedHashMap<String, EhrVisit>();
        if (patients.isEmpty() || demo.locations().isEmpty()) {
            return List.of();
        }
        for (int ahead : DAYS_AHEAD) {
            LocalDate date = workingDay(LocalDate.ofInstant(
                            clock.now(), ZoneId.of(demo.locations().getFirst().zone()))
                    .plusDays(ahead));
            for (int visit = 0; visit < 2; visit++) {
                long number = date.toEpochDay() * 2 + visit;
                String type = TYPES.get(Math.floorMod(number, TYPES.size()));
                String patient =
                        patients.get(Math.floorMod(number, patients.size())).id();
                LocalDateTime start = date.atTime(9 + Math.floorMod(number, 7), visit * 30);
                EhrVisit made =
                        visit("visit-" + date + "-" + patient, patient, start, type, place(type), Instant.EPOCH);
                planned.put(
                        made.id(),
                        made.with(
                                "booked",
                                start,
                                start.atZone(ZoneId.of(made.zone())).toInstant().minus(BOOKED_AHEAD)));
            }
        }
        return new ArrayList<>(planned.values());
    }

    private static LocalDate workingDay(LocalDate date) {
        return date.getDayOfWeek() == DayOfWeek.SATURDAY
                ? date.plusDays(2)
                : date.getDayOfWeek() == DayOfWeek.SUNDAY ? date.plusDays(1) : date;
    }

    private static String place(String visitType) {
        return PLACES.getOrDefault(visitType.replaceAll("-.*", ""), "loc-family");
    }

    private EhrVisit visit(
            String id, String patient, LocalDateTime start, String type, String location, Instant updatedAt) {
        ZoneId zone = demo.zoneOf(location)
                .orElseThrow(() -> new Exchange.BadRequest("There is no location '" + location + "'. There are: "
                        + String.join(
                                ", ",
                                demo.locations().stream()
                                        .map(DemoRecords.DemoLocation::id)
                                        .toList()) + "."));
        return new EhrVisit(id, patient, start, zone.getId(), type, location, "booked", updatedAt);
    }

    /** {@code {patientId, start, visitType?, locationId?}}: start is the local time of the place, ISO without a zone. */
    ProductClient.Answer book(JsonNode json) throws InterruptedException {
        String patient = json.path("patientId").asString("");
        if (!patient.matches("[A-Za-z0-9.-]{1,64}")) {
            throw new Exchange.BadRequest("patientId is missing; GET /sim/ehr/patients lists them.");
        }
        clock.learnOnce();
        String type = json.path("visitType").asString(TYPES.getFirst());
        return tell(visit(
                json.path("id").asString("visit-" + UUID.randomUUID()),
                patient,
                start(json),
                type,
                json.path("locationId").asString(place(type)),
                now()));
    }

    /** @param what cancel, move (with a new {@code start}) or arrive */
    ProductClient.Answer change(String id, String what, JsonNode json) throws InterruptedException {
        EhrVisit visit;
        synchronized (this) {
            visit = visits.get(id);
        }
        if (visit == null) {
            return new ProductClient.Answer(
                    404, Json.write(Map.of("status", 404, "detail", "The EHR has no such visit.")));
        }
        clock.learnOnce();
        return switch (what) {
            case "cancel" -> tell(visit.with("cancelled", visit.start(), now()));
            case "move" -> tell(visit.with("booked", start(json), now()));
            case "arrive" -> tell(visit.with("arrived", visit.start(), now()));
            default -> throw new Exchange.BadRequest("A visit can be told to cancel, move or arrive.");
        };
    }

    private ProductClient.Answer tell(EhrVisit visit) throws InterruptedException {
        List<Map<String, Object>> resources = visit.status().equals("arrived")
                ? List.of(visit.appointment(), visit.encounter())
                : List.of(visit.appointment());
        ProductClient.Answer answer = tell(resources);
        if (!answer.good()) {
            return answer;
        }
        keep(visit);
        return new ProductClient.Answer(200, Json.write(visit));
    }

    private ProductClient.Answer tell(List<Map<String, Object>> resources) throws InterruptedException {
        List<Map<String, Object>> entries = resources.stream()
                .<Map<String, Object>>map(resource -> Map.of(
                        "resource",
                        resource,
                        "request",
                        Map.of("method", "PUT", "url", resource.get("resourceType") + "/" + resource.get("id"))))
                .toList();
        return product.send(
                "POST",
                "/fhir",
                FHIR,
                Json.write(Map.of("resourceType", "Bundle", "type", "transaction", "entry", entries)));
    }

    private synchronized void keep(EhrVisit visit) {
        visits.put(visit.id(), visit);
        if (visits.size() > MAX_VISITS) {
            visits.remove(visits.keySet().iterator().next());
        }
    }

    private Instant now() {
        return clock.now().truncatedTo(ChronoUnit.MILLIS);
    }

    private static LocalDateTime start(JsonNode json) {
        try {
            return LocalDateTime.parse(json.path("start").asString(""));
        } catch (DateTimeException e) {
            throw new Exchange.BadRequest("start has to be a local time such as 2026-03-05T09:30.");
        }
    }
}
