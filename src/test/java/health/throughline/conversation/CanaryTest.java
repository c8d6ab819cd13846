package health.throughline.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import health.throughline.Browser;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * R30: what is said of and by a patient is taken through the whole product, then looked for where it must not be: logs, metrics, the
 * engine's tables, and every table as a dump without keys shows it.
 */
@Tag("faults")
class CanaryTest extends TextingTest {

    private static final String GIVEN = "Zyxolinda";
    private static final String FAMILY = "Quillfeatherixworth";
    private static final String MRN = "MRN77Vqzx0183";
    private static final String STREET = "Blorptangle";
    private static final String REPLY = "marmaladezebrafish";
    private static final String NOTE = "cobaltwhimbrel";
    private static final String STRANGER = "gribblesnark";
    private static final String GARBAGE = "floofernaut";

    private static final JsonMapper JSON = new JsonMapper();
    private static final ListAppender<ILoggingEvent> LOG = new ListAppender<>();

    /** Not before the product has started: it sets logging up anew. */
    @BeforeEach
    void listen() {
        if (!root().isAttached(LOG)) {
            LOG.start();
            root().addAppender(LOG);
        }
    }

    @AfterAll
    static void stopListening() {
        root().detachAppender(LOG);
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    @Test
    void leavesNothingOfAPatientInLogsMetricsTheEngineOrADump() throws Exception {
        String number = aNumber();
        List<String> canaries =
                List.of(GIVEN, FAMILY, MRN, STREET, REPLY, NOTE, STRANGER, GARBAGE, number.substring(2));
        wholePath(number);
        whatGoesWrong(number);
        List<String> found = new ArrayList<>();
        searchLog(found, canaries);
        searchMetrics(found, canaries);
        searchTables(found, canaries);
        System.out.printf("R30: %d canaries, found %d%n", canaries.size(), found.size());
        found.forEach(System.out::println);
        assertThat(found).isEmpty();
    }

    @Test
    void theSearchItselfFindsWhatIsThere() {
        List<String> found = new ArrayList<>();
        LoggerFactory.getLogger("canary.control").info("A {}", "controlcanary");
        searchLog(found, List.of("ControlCanary"));
        searchTables(found, List.of("appointment-reminder"));
        assertThat(found).anyMatch(each -> each.startsWith("log")).anyMatch(each -> each.contains("template_version"));
    }

    private void wholePath(String number) throws Exception {
        assertThat(fhir("POST", "", bundle(number)).statusCode()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> requestsTo(number).stream().anyMatch(Sent::accepted));
        assertThat(requestsTo(number).getFirst().body()).contains(GIVEN);
        Browser coordinator = signedIn("coordinator");
        String patient = JSON.readTree(coordinator
                        .get("/api/v1/patients?identifier=" + encoded("https://ehr.test/mrn|" + MRN))
                        .body())
                .path("items")
                .path(0)
                .path("id")
                .asString();
        assertThat(coordinator.get("/api/v1/patients?q=" + FAMILY).body()).contains(GIVEN);
        sim(
                "POST",
                "/sim/phones/" + encoded(number) + "/messages",
                "{\"body\":\"What about the " + REPLY + " tomorrow?\"}");
        String tasks = "/api/v1/tasks?state=open&patient=" + patient;
        await().atMost(Duration.ofSeconds(60))
                .until(() -> !items(coordinator, tasks).isEmpty());
        String task = items(coordinator, tasks).path(0).path("id").asString();
        assertThat(coordinator.get("/api/v1/tasks/" + task).body()).contains(FAMILY);
        JsonNode claimed = JSON.readTree(
                coordinator.post("/api/v1/tasks/" + task + "/claim", "{}").body());
        assertThat(coordinator
                        .post(
                                "/api/v1/tasks/" + task + "/complete",
                                "{\"data\":{\"outcome\":\"" + NOTE + "\",\"note\":7},\"version\":"
                                        + claimed.path("version").asInt() + "}")
                        .statusCode())
                .isEqualTo(422);
        HttpResponse<String> completed =
                completed(coordinator, task, claimed.path("version").asInt());
        assertThat(completed.statusCode()).as(completed.body()).isEqualTo(200);
        String timeline =
                coordinator.get("/api/v1/patients/" + patient + "/timeline").body();
        assertThat(timeline).contains(GIVEN).contains(REPLY);
        sim(
                "POST",
                "/sim/phones/" + encoded(number) + "/messages",
                "{\"body\":\"please stop texting me about " + REPLY + "\"}");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> count("select count(*) from inbound_work where state = 'received'") == 0);
    }

    /** The form's first answer is one of the form's own values. */
    private static HttpResponse<String> completed(Browser coordinator, String task, int version) {
        JsonNode schema = JSON.readTree(coordinator.get("/api/v1/tasks/" + task).body())
                .path("form")
                .path("schema");
        String outcome = "answered";
        for (JsonNode component : schema.path("components")) {
            if (component.path("key").asString("").equals("outcome")) {
                boolean journey = component
                        .path("values")
                        .valueStream()
                        .anyMatch(value -> value.path("value").asString("").equals("answered"));
                outcome = journey ? "answered" : "spoke";
            }
        }
        return coordinator.post(
                "/api/v1/tasks/" + task + "/complete",
                "{\"data\":{\"outcome\":\"" + outcome + "\",\"note\":\"Spoke about the " + NOTE + "\"},\"version\":"
                        + version + "}");
    }

    private void whatGoesWrong(String number) {
        assertThat(inbound("+19705559876", aSid(), "Hello " + STRANGER).statusCode())
                .isEqualTo(200);
        assertThat(inbound("12345", aSid(), "Short " + STRANGER).statusCode()).isLessThan(500);
        fhir("POST", "/Patient", "{\"resourceType\":\"Patient\",\"birthDate\":\"" + GARBAGE + "\"}");
        fhir("POST", "/Patient", "{\"resourceType\":\"Patient\",\"" + GARBAGE + "\":[1]}");
        fhir(
                "PUT",
                "/Patient/" + GARBAGE.substring(0, 5),
                "{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"" + GARBAGE);
        fhir("POST", "", "{\"resourceType\":\"Bundle\",\"type\":\"" + GARBAGE + "\"}");
        posted("/webhooks/twilio/inbound", Map.of("Body", GARBAGE, "From", number), "no");
        Browser coordinator = signedIn("coordinator");
        coordinator.get("/api/v1/patients?identifier=" + encoded("https://ehr.test/mrn|" + GARBAGE));
        coordinator.get("/api/v1/patients?q=" + GARBAGE);
        coordinator.post("/api/v1/tasks/" + GARBAGE + "/claim", "{\"" + GARBAGE + "\":");
        coordinator.get("/api/v1/journeys/instances?patient=" + GARBAGE);
        new Browser(product()).signIn(GARBAGE, GARBAGE);
    }

    private void searchLog(List<String> found, List<String> canaries) {
        List<ILoggingEvent> events;
        synchronized (LOG) {
            events = List.copyOf(LOG.list);
        }
        for (ILoggingEvent event : events) {
            String text = event.getFormattedMessage()
                    + (event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy()));
            for (String canary : canaries) {
                if (text.toLowerCase(Locale.ROOT).contains(canary.toLowerCase(Locale.ROOT))) {
                    found.add("log " + event.getLevel() + " " + event.getLoggerName() + ": " + canary);
                }
            }
        }
    }

    private void searchMetrics(List<String> found, List<String> canaries) {
        Browser administrator = signedIn("administrator");
        StringBuilder all =
                new StringBuilder(administrator.get("/actuator/prometheus").body());
        JsonNode metrics = JSON.readTree(administrator.get("/actuator/metrics").body());
        for (JsonNode name : metrics.path("names")) {
            all.append(administrator.get("/actuator/metrics/" + name.asString()).body());
        }
        for (String canary : canaries) {
            if (all.toString().toLowerCase(Locale.ROOT).contains(canary.toLowerCase(Locale.ROOT))) {
                found.add("metrics: " + canary);
            }
        }
    }

    /** A row as text shows bytes in hexadecimal. */
    private void searchTables(List<String> found, List<String> canaries) {
        List<String> tables = asOwner()
                .sql(
                        "select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname = 'public'")
                .query(String.class)
                .list();
        assertThat(tables).anyMatch(table -> table.startsWith("act_")).contains("patient");
        for (String table : tables) {
            for (String canary : canaries) {
                String hex = HexFormat.of().formatHex(canary.getBytes(StandardCharsets.UTF_8));
                long rows = count(
                        "select count(*) from " + table + " x where lower(x::text) like ? or x::text like ?",
                        "%" + canary.toLowerCase(Locale.ROOT) + "%",
                        "%" + hex + "%");
                if (rows > 0) {
                    found.add(table + ": " + canary + " in " + rows + " rows");
                }
            }
        }
    }

    private Browser signedIn(String role) {
        JsonNode credentials;
        try {
            credentials = JSON.readTree(
                    Files.readString(Path.of(setting("throughline.local.directory"), "credentials.json")));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        JsonNode user = credentials
                .path("users")
                .valueStream()
                .filter(each -> each.path("role").asString("").equals(role))
                .findFirst()
                .orElseThrow();
        Browser browser = new Browser(product());
        browser.signIn(user.path("username").asString(), user.path("password").asString());
        return browser;
    }

    private static JsonNode items(Browser browser, String path) {
        return JSON.readTree(browser.get(path).body()).path("items");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private HttpResponse<String> fhir(String method, String path, String json) {
        return http(HttpRequest.newBuilder(URI.create(product() + "/fhir" + path))
                .header("Content-Type", "application/fhir+json")
                .header("Authorization", "Bearer " + setting("throughline.simulator.api-key"))
                .method(method, HttpRequest.BodyPublishers.ofString(json)));
    }

    private String bundle(String number) {
        Instant visit = ZonedDateTime.ofInstant(clock.instant(), ZONE)
                .plusDays(1)
                .withHour(15)
                .withMinute(30)
                .withSecond(0)
                .withNano(0)
                .toInstant();
        return """
                {"resourceType":"Bundle","type":"transaction","entry":[
                 {"resource":{"resourceType":"Patient","id":"canary-1","meta":{"versionId":"1"},
                   "identifier":[{"system":"https://ehr.test/mrn","value":"%1$s"}],
                   "name":[{"family":"%2$s","given":["%3$s"]}],"birthDate":"1980-02-03",
                   "telecom":[{"system":"phone","value":"%4$s","use":"mobile"}],
                   "address":[{"line":["7 %5$s Lane"],"state":"CO","postalCode":"80203","country":"US"}],
                   "communication":[{"language":{"coding":[{"system":"urn:ietf:bcp:47","code":"en"}]},"preferred":true}],
                   "managingOrganization":{"reference":"Organization/mercy-valley"}},
                  "request":{"method":"PUT","url":"Patient/canary-1"}},
                 {"resource":{"resourceType":"Consent","id":"canary-c","meta":{"versionId":"1"},"status":"active",
                   "scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},
                   "category":[{"coding":[{"system":"https://throughline.health/fhir/consent-category","code":"messages"}]}],
                   "patient":{"reference":"Patient/canary-1"},"dateTime":"2026-01-05T09:00:00Z",
                   "policyRule":{"text":"I, %3$s, agree to texts."},
                   "provision":{"type":"permit","purpose":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"TREAT"},
                     {"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"HOPERAT"}]}},
                  "request":{"method":"PUT","url":"Consent/canary-c"}},
                 {"resource":{"resourceType":"Appointment","id":"canary-a","meta":{"versionId":"1"},"status":"booked","start":"%6$s",
                   "comment":"Wants %5$s","serviceType":[{"coding":[{"code":"GEN-FU"}]}],
                   "participant":[{"actor":{"reference":"Patient/canary-1"},"status":"accepted"},
                                  {"actor":{"reference":"Location/loc-family"},"status":"accepted"}]},
                  "request":{"method":"PUT","url":"Appointment/canary-a"}}]}
                """.formatted(MRN, FAMILY, GIVEN, number, STREET, visit);
    }
}
