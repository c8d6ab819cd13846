package health.throughline.journey;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.Browser;
import health.throughline.FaultReport;
import health.throughline.FaultTest;
import health.throughline.ThroughlineTest;
import health.throughline.TimeOrderedId;
import health.throughline.access.CredentialsIssuer;
import health.throughline.care.Appointment;
import health.throughline.care.Appointments;
import health.throughline.care.Appointments.AppointmentRecord;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import health.throughline.patient.PatientFeed;
import health.throughline.patient.PatientId;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@FaultTest
class JourneyApiTest extends ThroughlineTest {

    private static final String MRN = "https://ehr.test/mrn";
    private static final ZoneId ZONE = ZoneId.of("America/Denver");
    private static final String START = "/api/v1/journeys/pre-visit/instances";
    private static final String INSTANCES = "/api/v1/journeys/instances";
    private static final int PARALLEL = 50;

    @Autowired
    private CredentialsIssuer issuer;

    @Autowired
    private Organization organization;

    @Autowired
    private PatientFeed feed;

    @Autowired
    private Appointments appointments;

    @Autowired
    private JsonMapper json;

    private final Browser program = new Browser(product());
    private final String name = "j" + UUID.randomUUID();
    private OrgUnit department = unit(null, OrgUnit.Kind.DEPARTMENT, "/all/" + name + "/", OrgUnit.Phase.LIVE);
    private String token = "";
    private PatientId patient = new PatientId(TimeOrderedId.next());

    @BeforeEach
    void aDepartmentWithAPatient() {
        OrgUnit hospital = unit(null, OrgUnit.Kind.HOSPITAL, "/all/" + name + "/", OrgUnit.Phase.LIVE);
        department = unit(hospital.id(), OrgUnit.Kind.DEPARTMENT, hospital.path() + "heart/", OrgUnit.Phase.LIVE);
        inTransaction(() -> {
            organization.save(hospital);
            organization.save(department);
            return true;
        });
        token = issuer.createApiKey(name, Set.of("journeys:read", "journeys:write"), hospital.id())
                .token();
        patient = inTransaction(() -> feed.apply(new PatientFeed.PatientRecord(
                        "ehr",
                        name,
                        clock.instant(),
                        hospital.id(),
                        List.of(new PatientFeed.Identifier(MRN, "MR", name)),
                        "Ada",
                        "Journeytest",
                        LocalDate.of(1980, 2, 3),
                        "female",
                        "en",
                        false,
                        ZONE,
                        "CO",
                        true,
                        null,
                        List.of())))
                .patient();
    }

    @Test
    void startsOneJourneyForManyRequestsWithOneKey() throws Exception {
        UUID visit = aVisitWithoutJourney();
        String key = UUID.randomUUID().toString();
        String body = byIdentifier(visit);
        List<HttpResponse<String>> answers = atOnce(() -> start(key, body));

        assertThat(answers)
                .extracting(HttpResponse::statusCode)
                .containsOnly(201, 409)
                .contains(201);
        assertThat(answers.stream()
                        .filter(answer -> answer.statusCode() == 201)
                        .map(HttpResponse::body)
                        .distinct())
                .hasSize(1);
        assertThat(answers.stream()
                        .filter(answer -> answer.statusCode() == 201)
                        .filter(answer -> answer.headers()
                                .firstValue("Idempotency-Replayed")
                                .isEmpty()))
                .hasSize(1);
        assertThat(journeysOf(visit)).isEqualTo(1);
        assertThat(processesOf(visit)).isEqualTo(1);
        FaultReport.row("R18", "many starts with one key; changed body; event and API at once")
                .count(FaultReport.INTENTS, 1)
                .count(FaultReport.DOUBLED, journeysOf(visit) - 1L)
                .figure("at once", answers.size());

        var replayed = start(key, body);
        assertThat(replayed.statusCode()).isEqualTo(201);
        assertThat(replayed.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(replayed.headers().firstValue("Location"))
                .contains(INSTANCES + "/" + read(replayed).get("id").asString());
        // control: who repeats without the key is not told of the journey that is there as if it were theirs
        boolean red = start(UUID.randomUUID().toString(), body).statusCode() != 201;
        FaultReport.row("R18", "many starts with one key; changed body; event and API at once")
                .control("a new key for each repetition", red);
        assertThat(red).isTrue();
    }

    @Test
    void startsOneJourneyForManyKeysAndTheEhrAtOnce() throws Exception {
        UUID visit = aVisitWithoutJourney();
        Appointment appointment = appointment(visit);
        List<HttpResponse<String>> answers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> moved = threads.submit(() -> inTransaction(
                            () -> appointments.applyAll(List.of(record(appointment, 2, Duration.ofDays(21)))))
                    .size());
            answers.addAll(atOnce(() -> start(UUID.randomUUID().toString(), byId(visit))));
            assertThat(moved.get()).isEqualTo(1);
        }
        assertThat(answers).extracting(HttpResponse::statusCode).isSubsetOf(201, 409);
        int revision = inTransaction(() -> jdbc.sql(
                        "select subject_revision from journey_instance where subject_id = ? and state = 'active'")
                .param(visit)
                .query(Integer.class)
                .single());
        assertThat(revision).isEqualTo(appointment(visit).revision());
        assertThat(inTransaction(() -> jdbc.sql(
                                "select count(*) from journey_instance where subject_id = ? and state = 'active'")
                        .param(visit)
                        .query(Integer.class)
                        .single()))
                .isEqualTo(1);
        assertThat(processesOf(visit)).isEqualTo(1);
    }

    @Test
    void refusesAnotherBodyUnderTheSameKey() {
        UUID visit = aVisitWithoutJourney();
        String key = UUID.randomUUID().toString();
        assertThat(start(key, byId(visit)).statusCode()).isEqualTo(201);
        assertThat(start(key, byId(visit).replace(":", " : ")).statusCode()).isEqualTo(201);
        assertThat(read(start(key, byIdentifier(visit)), 422).get("field").asString())
                .isEqualTo("Idempotency-Key");
        assertThat(read(start(UUID.randomUUID().toString(), byId(visit)), 409)
                        .get("detail")
                        .asString())
                .contains(INSTANCES + "/");
    }

    @Test
    void keepsACallersKeysApart() {
        UUID visit = aVisitWithoutJourney();
        String key = UUID.randomUUID().toString();
        String first = token;
        assertThat(start(key, byId(visit)).statusCode()).isEqualTo(201);
        token = issuer.createApiKey("other-" + name, Set.of("journeys:write"), department.id())
                .token();
        assertThat(start(key, byId(visit)).statusCode()).isEqualTo(409);
        token = first;
    }

    @Test
    void leavesTheKeyUnusedWhenNothingStarted() {
        UUID visit = aVisitWithoutJourney();
        String key = UUID.randomUUID().toString();
        assertThat(start(key, byId(TimeOrderedId.next())).statusCode()).isEqualTo(422);
        assertThat(start(key, byId(visit)).statusCode()).isEqualTo(201);
    }

    @Test
    void wantsAKey() {
        var without = program.send("POST", START, "{}", headers());
        assertThat(read(without, 400).get("detail").asString()).contains("Idempotency-Key");
        assertThat(read(start("ä b", "{}"), 400).get("detail").asString()).contains("Idempotency-Key");
        assertThat(start("k".repeat(256), "{}").statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                                                            | patient
            {"patient":{"id":"PATIENT"},"context":{}}                                     | context.appointmentId
            {"patient":{"id":"PATIENT"},"context":{"appointmentId":"VISIT","x":1}}        | context.x
            {"patient":{"id":"PATIENT"},"context":{"appointmentId":"soon"}}               | context.appointmentId
            {"patient":{"id":"PATIENT"},"context":{"appointmentId":7}}                    | context.appointmentId
            {"patient":{"id":"VISIT"},"context":{"appointmentId":"VISIT"}}                | patient.id
            {"patient":{},"context":{"appointmentId":"VISIT"}}                            | patient
            {"patient":{"mrn":"1"},"context":{"appointmentId":"VISIT"}}                   | patient.mrn
            {"patient":{"identifier":{"system":"s"}},"context":{"appointmentId":"VISIT"}} | patient.identifier.value
            {"patient":{"identifier":{"system":"s","value":"v"}},"context":{"appointmentId":"VISIT"}} | patient.identifier
            {"patient":{"id":"PATIENT"},"context":{"appointmentId":"PATIENT"}}            | context.appointmentId
            {"patient":{"id":"PATIENT"},"context":{"appointmentId":"VISIT"},"extra":true} | extra
            """)
    void namesTheFieldAtFault(String body, String field) {
        UUID visit = aVisitWithoutJourney();
        var answer = start(
                UUID.randomUUID().toString(),
                body.replace("PATIENT", patient.toString()).replace("VISIT", visit.toString()));
        assertThat(read(answer, 422).toString()).contains("\"" + field + "\"").contains("detail");
        assertThat(read(answer, 422).get("detail").asString()).contains(field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{", "\"x\""})
    void refusesWhatIsNoStart(String body) {
        assertThat(start(UUID.randomUUID().toString(), body).statusCode()).isBetween(400, 422);
    }

    @Test
    void namesTheUnknownJourney() {
        var answer = program.send("POST", "/api/v1/journeys/no-such/instances", "{}", headers("Idempotency-Key", "k"));
        assertThat(read(answer, 404).get("detail").asString())
                .contains("no-such")
                .contains("GET /api/v1/journeys");
        assertThat(get("/api/v1/journeys/no-such").statusCode()).isEqualTo(404);
    }

    @Test
    void startsNothingForAVisitThatIsNotToCome() {
        UUID cancelled = aVisit(Appointment.Status.CANCELLED, Duration.ofDays(20));
        UUID past = aVisit(Appointment.Status.BOOKED, Duration.ofDays(-1));
        for (UUID visit : List.of(cancelled, past)) {
            assertThat(read(start(UUID.randomUUID().toString(), byId(visit)), 422)
                            .get("field")
                            .asString())
                    .isEqualTo("context.appointmentId");
        }
    }

    @Test
    void startsNothingInADepartmentThatIsOff() {
        phase(OrgUnit.Phase.OFF);
        UUID visit = aVisit(Appointment.Status.BOOKED, Duration.ofDays(20));
        assertThat(read(start(UUID.randomUUID().toString(), byId(visit)), 409)
                        .get("detail")
                        .asString())
                .contains("off");
        assertThat(journeysOf(visit)).isZero();
    }

    @Test
    void showsWhereAJourneyStands() {
        UUID visit = aVisitWithoutJourney();
        JsonNode started = read(start(UUID.randomUUID().toString(), byId(visit)), 201);
        JsonNode instance = read(get(INSTANCES + "/" + started.get("id").asString()), 200);
        assertThat(instance.get("state").asString()).isEqualTo("active");
        assertThat(instance.get("subject").get("id").asString()).isEqualTo(visit.toString());
        assertThat(instance.get("startedBy").asString()).isEqualTo("api:" + name);
        JsonNode standing = instance.get("standsAt").get(0);
        assertThat(standing.get("activityId").asString()).isEqualTo("WaitForDay");
        assertThat(standing.get("name").asString()).isEqualTo("Wait for its day");
        assertThat(Instant.parse(standing.get("waitsUntil").asString())).isAfter(clock.instant());
        assertThat(audited("journey_instance.read")).isPositive();
        assertThat(audited("journey.start")).isEqualTo(1);
    }

    @Test
    void hidesInstancesOfAnotherHospital() {
        UUID visit = aVisitWithoutJourney();
        String id = read(start(UUID.randomUUID().toString(), byId(visit)), 201)
                .get("id")
                .asString();
        aDepartmentWithAPatientElsewhere();
        assertThat(get(INSTANCES + "/" + id).statusCode()).isEqualTo(404);
        assertThat(program.send("POST", INSTANCES + "/" + id + "/withdraw", "{\"reason\":\"x\"}", headers())
                        .statusCode())
                .isEqualTo(404);
        assertThat(read(get(INSTANCES + "?patient=" + patient), 200).get("items"))
                .isEmpty();
        assertThat(read(start(UUID.randomUUID().toString(), byId(visit)), 422)
                        .get("field")
                        .asString())
                .isEqualTo("patient.id");
    }

    @Test
    void pagesThroughInstances() {
        List<String> ids = new ArrayList<>();
        for (int n = 0; n < 3; n++) {
            ids.addFirst(read(start(UUID.randomUUID().toString(), byId(aVisitWithoutJourney())), 201)
                    .get("id")
                    .asString());
        }
        String list = INSTANCES + "?patient=" + patient + "&journey=pre-visit&state=active&limit=2";
        JsonNode first = read(get(list), 200);
        JsonNode second = read(get(list + "&after=" + first.get("next").asString()), 200);
        assertThat(first.get("items").findValuesAsString("journey")).hasSize(2);
        assertThat(List.of(
                        first.get("items").get(0).get("id").asString(),
                        first.get("items").get(1).get("id").asString(),
                        second.get("items").get(0).get("id").asString()))
                .isEqualTo(ids);
        assertThat(second.get("next").isNull()).isTrue();
        assertThat(get(INSTANCES + "?state=asleep").statusCode()).isEqualTo(422);
        assertThat(get(INSTANCES + "?limit=101").statusCode()).isEqualTo(422);
        assertThat(get(INSTANCES + "?after=x").statusCode()).isEqualTo(422);
        assertThat(audited("journey_instance.list")).isEqualTo(2);
    }

    @Test
    void withdrawsOnce() {
        UUID visit = aVisitWithoutJourney();
        String id = read(start(UUID.randomUUID().toString(), byId(visit)), 201)
                .get("id")
                .asString();
        String withdraw = INSTANCES + "/" + id + "/withdraw";
        assertThat(program.send("POST", withdraw, "{\"reason\":\" \"}", headers())
                        .statusCode())
                .isEqualTo(422);
        assertThat(program.send("POST", withdraw, "{\"reason\":\"" + "x".repeat(201) + "\"}", headers())
                        .statusCode())
                .isEqualTo(422);
        JsonNode withdrawn = read(program.send("POST", withdraw, "{\"reason\":\"No longer wanted\"}", headers()), 200);
        JsonNode again = read(program.send("POST", withdraw, "{\"reason\":\"Another\"}", headers()), 200);
        assertThat(withdrawn.get("state").asString()).isEqualTo("withdrawn");
        assertThat(withdrawn.get("standsAt")).isEmpty();
        assertThat(again).isEqualTo(withdrawn);
        assertThat(again.get("outcome").asString()).isEqualTo("No longer wanted");
        assertThat(processesOf(visit)).isZero();
        assertThat(start(UUID.randomUUID().toString(), byId(visit)).statusCode())
                .isEqualTo(201);
    }

    @Test
    void listsJourneysWithTheirVersions() {
        JsonNode journey = read(get("/api/v1/journeys"), 200).get("items").get(0);
        assertThat(journey.get("key").asString()).isEqualTo("pre-visit");
        assertThat(journey.get("contextSchema").get("required").get(0).asString())
                .isEqualTo("appointmentId");
        JsonNode detail = read(get("/api/v1/journeys/pre-visit"), 200);
        assertThat(detail.get("versions").get(0).get("version").asInt())
                .isEqualTo(journey.get("version").asInt());
    }

    /** The pages' types are made from that file. */
    @Test
    void describesWhatThePagesWereBuiltOn() throws Exception {
        JsonNode expected = json.readTree(Files.readString(Path.of("src", "main", "web", "openapi.json")));
        JsonNode actual = read(program.get("/v3/api-docs"), 200);
        for (String schema : List.of(
                "Journey",
                "JourneyPage",
                "JourneyDetail",
                "JourneyVersion",
                "Instance",
                "InstancePage",
                "PatientId",
                "Subject",
                "Standing",
                "InstanceMessage",
                "InstanceTask",
                "Start",
                "StartPatient",
                "Identifier",
                "Withdrawal")) {
            assertThat(shape(actual, schema)).as(schema).isEqualTo(shape(expected, schema));
        }
    }

    /** Fields, those required, and what each may be. */
    private static Set<String> shape(JsonNode document, String schema) {
        JsonNode described = document.path("components").path("schemas").path(schema);
        Set<String> shape = new TreeSet<>();
        described.path("required").forEach(field -> shape.add("required " + field.asString()));
        described.path("properties").forEachEntry((field, property) -> {
            Set<String> types = new TreeSet<>();
            if (property.path("type").isArray()) {
                property.path("type").forEach(type -> types.add(type.asString()));
            } else {
                types.add(property.path("type").asString(property.path("$ref").asString("")));
            }
            shape.add(field + " " + types + " " + property.path("format").asString("") + " "
                    + property.path("items").path("$ref").asString(""));
        });
        return shape;
    }

    private void aDepartmentWithAPatientElsewhere() {
        OrgUnit elsewhere = unit(null, OrgUnit.Kind.HOSPITAL, "/all/x" + name + "/", OrgUnit.Phase.LIVE);
        inTransaction(() -> {
            organization.save(elsewhere);
            return true;
        });
        token = issuer.createApiKey("x" + name, Set.of("journeys:read", "journeys:write"), elsewhere.id())
                .token();
    }

    private static OrgUnit unit(@Nullable OrgUnitId parent, OrgUnit.Kind kind, String path, OrgUnit.Phase phase) {
        return new OrgUnit(
                new OrgUnitId(TimeOrderedId.next()),
                parent,
                kind,
                path,
                "Heart",
                "Heart Clinic",
                ZONE,
                null,
                null,
                null,
                null,
                null,
                null,
                phase);
    }

    private void phase(OrgUnit.Phase phase) {
        department = new OrgUnit(
                department.id(),
                department.parent(),
                department.kind(),
                department.path(),
                department.name(),
                department.patientSafeName(),
                department.zone(),
                null,
                null,
                null,
                null,
                null,
                null,
                phase);
        // behind the product's back: a department that goes live by itself gives its visits their journeys at once
        asOwner()
                .sql("update org_unit set phase = ? where id = ?")
                .params(
                        phase.name().toLowerCase(java.util.Locale.ROOT),
                        department.id().value())
                .update();
        inTransaction(() -> {
            organization.save(department);
            return true;
        });
    }

    /** Booked before the department went live. */
    private UUID aVisitWithoutJourney() {
        phase(OrgUnit.Phase.OFF);
        UUID visit = aVisit(Appointment.Status.BOOKED, Duration.ofDays(20));
        phase(OrgUnit.Phase.LIVE);
        return visit;
    }

    private UUID aVisit(Appointment.Status status, Duration from) {
        Instant start = clock.instant().plus(from);
        return inTransaction(() -> appointments.apply(new AppointmentRecord(
                        "ehr",
                        "a" + UUID.randomUUID(),
                        "1",
                        1,
                        clock.instant(),
                        status,
                        patient,
                        department.id(),
                        null,
                        null,
                        start.atZone(ZONE).toLocalDateTime(),
                        ZONE,
                        start,
                        null,
                        List.of())))
                .appointment()
                .id()
                .value();
    }

    private Appointment appointment(UUID visit) {
        return inTransaction(() -> appointments
                .find(new health.throughline.care.AppointmentId(visit))
                .orElseThrow());
    }

    private AppointmentRecord record(Appointment appointment, int version, Duration from) {
        Instant start = clock.instant().plus(from);
        return new AppointmentRecord(
                appointment.source(),
                appointment.externalId(),
                String.valueOf(version),
                version,
                clock.instant(),
                appointment.status(),
                appointment.patient(),
                appointment.orgUnit(),
                null,
                null,
                start.atZone(ZONE).toLocalDateTime(),
                ZONE,
                start,
                null,
                List.of());
    }

    private String byIdentifier(UUID visit) {
        return "{\"patient\":{\"identifier\":{\"system\":\"%s\",\"value\":\"%s\"}},\"context\":{\"appointmentId\":\"%s\"}}"
                .formatted(MRN, name, visit);
    }

    private String byId(UUID visit) {
        return "{\"patient\":{\"id\":\"%s\"},\"context\":{\"appointmentId\":\"%s\"}}".formatted(patient, visit);
    }

    private HttpResponse<String> start(String key, String body) {
        return program.send("POST", START, body, headers("Idempotency-Key", key));
    }

    private HttpResponse<String> get(String path) {
        return program.get(path, headers());
    }

    private String[] headers(String... more) {
        List<String> headers =
                new ArrayList<>(List.of("Authorization", "Bearer " + token, "Content-Type", "application/json"));
        headers.addAll(List.of(more));
        return headers.toArray(String[]::new);
    }

    private static <T> List<T> atOnce(Callable<T> request) throws Exception {
        List<T> answers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> asked = new ArrayList<>();
            for (int n = 0; n < PARALLEL; n++) {
                asked.add(threads.submit(request));
            }
            for (Future<T> answer : asked) {
                answers.add(answer.get());
            }
        }
        return answers;
    }

    private JsonNode read(HttpResponse<String> answer) {
        return json.readTree(answer.body());
    }

    private JsonNode read(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return read(answer);
    }

    private int journeysOf(UUID visit) {
        return inTransaction(() -> jdbc.sql("select count(*) from journey_instance where subject_id = ?")
                .param(visit)
                .query(Integer.class)
                .single());
    }

    private int processesOf(UUID visit) {
        return inTransaction(
                () -> jdbc.sql("""
                        select count(*) from act_ru_execution e join act_ru_variable v on v.execution_id_ = e.id_
                        where e.parent_id_ is null and v.name_ = 'subjectId' and v.text_ = ?
                        """).param(visit.toString()).query(Integer.class).single());
    }

    private int audited(String action) {
        return inTransaction(() -> jdbc.sql("select count(*) from audit where action = ? and patient_id = ?")
                .params(action, patient.value())
                .query(Integer.class)
                .single());
    }
}
