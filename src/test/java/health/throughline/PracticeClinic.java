package health.throughline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import health.throughline.access.CredentialsIssuer;
import health.throughline.access.Role;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.Organization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A clinic with patients of readable names, for tests that people look at: told to the product in FHIR, as an EHR does. */
final class PracticeClinic {

    static final String PASSWORD = "a long enough passphrase";

    private static final String MRN = "https://practice.test/mrn";
    private static final ZoneId ZONE = ZoneId.of("America/Denver");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final String tag = UUID.randomUUID().toString().substring(0, 8);
    private final String coordinator = "carla-" + tag;
    private final String supervisor = "sam-" + tag;
    private final ThroughlineTest product;
    private final String key;
    private String units = "/none/";

    record Patient(UUID id, String name, String number) {}

    PracticeClinic(ThroughlineTest product, CredentialsIssuer issuer, Organization organization) {
        this.product = product;
        OrgUnit root = organization.findByPath("/all/").orElseThrow();
        key = issuer.createApiKey("practice-" + tag, CredentialsIssuer.SCOPES, root.id())
                .token();
        nextDay(8, 30);
        put("Organization/h-" + tag, """
                {"resourceType":"Organization","id":"h-%1$s","name":"Mercy Valley Clinic",
                 "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/timezone","valueCode":"America/Denver"},
                              {"url":"https://throughline.health/fhir/patient-safe-name","valueString":"Mercy Valley"}],
                 "telecom":[{"system":"phone","value":"+1 303 555 0100"}]}
                """.formatted(tag));
        put("Organization/d-" + tag, """
                {"resourceType":"Organization","id":"d-%1$s","name":"Cardiology","partOf":{"reference":"Organization/h-%1$s"}}
                """.formatted(tag));
        put("Location/l-" + tag, """
                {"resourceType":"Location","id":"l-%1$s","name":"Cardiology Clinic",
                 "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/timezone","valueCode":"America/Denver"},
                              {"url":"https://throughline.health/fhir/patient-safe-name","valueString":"East Building, floor 3"},
                              {"url":"https://throughline.health/fhir/parking","valueString":"Garage B"}],
                 "address":{"line":["100 Example Avenue"],"city":"Denver","state":"CO","postalCode":"80203"},
                 "managingOrganization":{"reference":"Organization/d-%1$s"}}
                """.formatted(tag));
        OrgUnit hospital = organization.all().stream()
                .filter(unit -> unit.name().equals("Mercy Valley Clinic"))
                .max(Comparator.comparing(unit -> unit.id().value()))
                .orElseThrow();
        units = hospital.path() + "%";
        issuer.createUser(coordinator, "Carla Coordinator", Role.COORDINATOR, hospital.id(), PASSWORD);
        issuer.createUser(coordinatorOfAll(), "Ola Overall", Role.COORDINATOR, root.id(), PASSWORD);
        issuer.createUser(supervisor, "Sam Supervisor", Role.SUPERVISOR, hospital.id(), PASSWORD);
    }

    String supervisor() {
        return supervisor;
    }

    String coordinator() {
        return coordinator;
    }

    /** Sees what nobody's patients write, too. */
    String coordinatorOfAll() {
        return coordinator + "-all";
    }

    /** What came in on the patient's phone. */
    List<String> texts(Patient patient) {
        return send("GET", phone(patient), "")
                .path("items")
                .valueStream()
                .filter(text -> !text.path("fromPatient").asBoolean())
                .map(text -> text.path("body").asString())
                .toList();
    }

    /** A grown-up, born on 14 March 1968. */
    Patient patient(String given, String family, String language, String number) {
        return patient(given, family, language, number, "1968-03-14");
    }

    /** A child, of whom their parents read all. */
    Patient child(String given, String family, String language, String number) {
        return patient(
                given,
                family,
                language,
                number,
                today().minusYears(7).toLocalDate().toString());
    }

    private Patient patient(String given, String family, String language, String number, String born) {
        String record = given.toLowerCase(Locale.ROOT) + "-" + tag;
        put("Patient/" + record, """
                {"resourceType":"Patient","id":"%1$s",
                 "identifier":[{"type":{"coding":[{"code":"MR"}]},"system":"%2$s","value":"%1$s"}],
                 "name":[{"family":"%3$s","given":["%4$s"]}],"birthDate":"%8$s",
                 "telecom":[{"system":"phone","value":"%5$s","use":"mobile"}],
                 "address":[{"use":"home","line":["1 Sample Street"],"city":"Denver","state":"CO","postalCode":"80203"}],
                 "communication":[{"language":{"coding":[{"system":"urn:ietf:bcp:47","code":"%6$s"}]},"preferred":true}],
                 "managingOrganization":{"reference":"Organization/h-%7$s"}}
                """.formatted(record, MRN, family, given, number, language, tag, born));
        put("Consent/c-" + record, """
                {"resourceType":"Consent","id":"c-%1$s","status":"active","dateTime":"%2$s",
                 "scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},
                 "category":[{"coding":[{"system":"https://throughline.health/fhir/consent-category","code":"messages"}]}],
                 "patient":{"reference":"Patient/%1$s"},"policyRule":{"text":"I agree to texts about my care"},
                 "provision":{"type":"permit"}}
                """.formatted(record, product.clock.instant()));
        JsonNode found =
                send("GET", ThroughlineTest.product() + "/api/v1/patients?identifier=" + MRN + "%7C" + record, "");
        return new Patient(
                UUID.fromString(found.path("items").path(0).path("id").asString()), given + " " + family, number);
    }

    /** @return when, that many days from today */
    ZonedDateTime books(Patient patient, int days, int hour, int minute) {
        ZonedDateTime start = today().plusDays(days).withHour(hour).withMinute(minute);
        String given = patient.name().substring(0, patient.name().indexOf(' ')).toLowerCase(Locale.ROOT);
        put("Appointment/v-" + given + "-" + tag, """
                {"resourceType":"Appointment","id":"v-%1$s-%2$s","status":"booked","start":"%3$s","end":"%4$s",
                 "serviceType":[{"coding":[{"code":"CARD-FU"}]}],
                 "participant":[{"actor":{"reference":"Patient/%1$s-%2$s"},"status":"accepted"},
                                {"actor":{"reference":"Location/l-%2$s"},"status":"accepted"}]}
                """.formatted(
                        given, tag, start.toInstant(), start.plusMinutes(30).toInstant()));
        return start;
    }

    void nextDay(int hour, int minute) {
        goTo(today().plusDays(1).withHour(hour).withMinute(minute));
    }

    void laterToday(int hour, int minute) {
        goTo(today().withHour(hour).withMinute(minute));
    }

    /** Once everything that was due has happened. */
    void goTo(ZonedDateTime moment) {
        settle();
        Duration forward = Duration.between(product.clock.instant(), moment.toInstant());
        send("POST", ThroughlineTest.simulator() + "/sim/clock", "{\"forward\":\"" + forward + "\"}");
    }

    private ZonedDateTime today() {
        return product.clock.instant().atZone(ZONE).withSecond(0).withNano(0);
    }

    private void settle() {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> product.inTransaction(() -> product.jdbc
                        .sql("""
                        select (select count(*) from act_ru_job j join act_ru_execution e on e.id_ = j.execution_id_
                                join journey_instance i on i.root_process_id = e.root_proc_inst_id_
                                join org_unit u on u.id = i.org_unit_id
                                where u.path like :unit and j.duedate_ <= :now and j.retries_ > 0)
                            + (select count(*) from dispatch d join org_unit u on u.id = d.org_unit_id
                                where u.path like :unit
                                and (d.state in ('leased', 'attempting') or d.state = 'queued' and d.due_at <= :gathered))
                        """)
                        .param("unit", units)
                        .param("now", product.clock.instant().atOffset(ZoneOffset.UTC))
                        // what may be said together waits a moment for the others
                        .param(
                                "gathered",
                                product.clock.instant().plusSeconds(3).atOffset(ZoneOffset.UTC))
                        .query(Long.class)
                        .single()
                        .equals(0L)));
    }

    void hasTexts(Patient patient, int count) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(send("GET", phone(patient), "")
                                .path("items")
                                .valueStream()
                                .filter(text -> !text.path("fromPatient").asBoolean()))
                        .hasSize(count));
    }

    void writes(Patient patient, String text) {
        send("POST", phone(patient), JSON.createObjectNode().put("body", text).toString());
    }

    /** @param sample {@code arm} or {@code card} @param trouble {@code none}, or what goes wrong when it is fetched */
    void sends(Patient patient, String text, String sample, String trouble) {
        var json = JSON.createObjectNode().put("body", text);
        json.putArray("media").addObject().put("sample", sample).put("trouble", trouble);
        send("POST", phone(patient), json.toString());
    }

    private static String phone(Patient patient) {
        return ThroughlineTest.simulator() + "/sim/phones/" + patient.number() + "/messages";
    }

    private void put(String path, String resource) {
        send("PUT", ThroughlineTest.product() + "/fhir/" + path, resource);
    }

    private JsonNode send(String method, String address, String body) {
        var request = HttpRequest.newBuilder(URI.create(address))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", method.equals("PUT") ? "application/fhir+json" : "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        try {
            var answer = CLIENT.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(address + " " + answer.body()).isBetween(200, 299);
            return JSON.readTree(answer.body().isEmpty() ? "{}" : answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
