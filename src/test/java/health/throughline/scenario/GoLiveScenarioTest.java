package health.throughline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.access.Role;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A department goes live: off, then in shadow, then for a few, then for all. */
class GoLiveScenarioTest extends ScenarioTest {

    @Test
    void goesFromOffOverShadowToAFewAndToAll() {
        var administrator = clinic.staff(Role.ADMINISTRATOR);
        var supervisor = clinic.staff(Role.SUPERVISOR);
        String department = unit(administrator, "Cardiology").path("id").asString();
        phase(administrator, department, "off", 200);
        var ana = clinic.patient("en");
        var ben = clinic.patient("es");
        var visit = clinic.books(ana, time.inDays(8, 15, 30));
        clinic.books(ben, time.inDays(8, 16, 0));
        assertThat(journeysOf(ana)).isEmpty();

        phase(administrator, department, "live", 409);
        phase(administrator, department, "shadow", 200);
        soon().untilAsserted(() -> assertThat(journeysOf(ana)).hasSize(1));
        soon().untilAsserted(() -> assertThat(journeysOf(ben)).hasSize(1));
        time.nextDay(10, 0);
        soon().untilAsserted(() -> assertThat(messagesTo(ana)).containsExactly("suppressed"));
        soon().untilAsserted(() -> assertThat(messagesTo(ben)).containsExactly("suppressed"));
        time.goTo(visit.start().minusDays(2).withHour(10).withMinute(0));
        soon().untilAsserted(() -> assertThat(messagesTo(ana)).hasSize(2));
        time.nextDay(10, 30);
        everythingSettles();
        assertThat(ana.phone().texts()).isEmpty();
        assertThat(ben.phone().texts()).isEmpty();
        assertThat(supervisor.tasks(ana, "open")).isEmpty();

        JsonNode report = supervisor.get("/api/v1/units/" + department + "/shadow-report?days=30");
        assertThat(report.path("wouldGo").asInt())
                .as("two texts and a call for each of them")
                .isEqualTo(6);
        assertThat(report.path("lines").path(0).path("template").asString()).isEqualTo("appointment-reminder");
        assertThat(report.path("days").size()).isBetween(2, 3);
        JsonNode message = supervisor
                .get("/api/v1/units/" + department + "/shadow-report/messages?days=30")
                .path("items")
                .path(5);
        assertThat(message.path("text").asString()).contains("Mercy Valley", "East Building");
        assertThat(message.path("why").asString()).startsWith("May go by text");
        assertThat(administrator
                        .send("GET", "/api/v1/units/" + department + "/shadow-report/messages", "")
                        .status())
                .isEqualTo(403);

        phase(administrator, department, "allow_list", 200);
        supervisor
                .send("POST", "/api/v1/units/" + department + "/allow-list", "{\"patient\":\"" + ana.id() + "\"}")
                .good();
        assertThat(ana.phone().hasText(1)).contains("your visit is on");
        everythingSettles();
        assertThat(ben.phone().texts()).isEmpty();

        phase(administrator, department, "live", 200);
        assertThat(ben.phone().hasText(1)).contains("su visita es el");
        everythingSettles();
        assertThat(ana.phone().texts()).hasSize(1);
        ana.phone().writes("yes");
        ana.phone().hasText(2);
        assertThat(answerTo(visit)).isEqualTo("confirmed");
    }

    @Test
    void startsNothingWhereNobodyIsOnCall() {
        var administrator = clinic.staff(Role.ADMINISTRATOR);
        var ana = clinic.patient("en");
        String kept = asOwner()
                .sql(
                        "select on_call_chain::text from queue q join org_unit u on u.id = q.org_unit_id where u.path = '/all/'")
                .query(String.class)
                .single();
        chainOfTheSystem("[]");
        try {
            assertThat(unit(administrator, "Cardiology").path("covered").asBoolean())
                    .isFalse();
            var visit = clinic.books(ana, time.inDays(8, 15, 30));
            assertThat(journeysOf(ana)).isEmpty();
            var refused = clinic.api()
                    .post(
                            "/api/v1/journeys/pre-visit/instances",
                            """
                    {"patient":{"id":"%s"},"context":{"appointmentId":"%s"}}
                    """.formatted(ana.id(), visit.id()),
                            "Idempotency-Key",
                            visit.id());
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.body().path("detail").asString()).contains("Nobody is on call", "/api/v1/queues/");
        } finally {
            chainOfTheSystem(kept);
        }
        clinic.staff(Role.SUPERVISOR)
                .send("PUT", "/api/v1/queues/" + clinic.hospital().id(), """
                        {"onCall":[{"name":"Kim","phone":"%s"}]}""".formatted(
                                clinic.phone().number()))
                .good();
        soon().untilAsserted(() -> assertThat(journeysOf(ana)).hasSize(1));
    }

    @Test
    void waitsForAHoldWithoutCallingItSilenceAndGoesOnWhenItIsLifted() {
        var supervisor = clinic.staff(Role.SUPERVISOR);
        var ana = clinic.patient("en");
        var visit = clinic.books(ana, time.inDays(8, 15, 30));
        String hold = supervisor
                .send(
                        "POST",
                        "/api/v1/holds",
                        "{\"scope\":\"journey\",\"value\":\"pre-visit\",\"reason\":\"wrong text\"}")
                .good()
                .path("id")
                .asString();
        time.nextDay(10, 0);
        time.nextDay(11, 0);
        time.nextDay(11, 30);
        everythingSettles();
        assertThat(ana.phone().texts()).isEmpty();
        assertThat(messagesTo(ana)).containsExactly("queued");
        assertThat(supervisor.tasks(ana, "open")).isEmpty();
        supervisor.send("POST", "/api/v1/holds/" + hold + "/lift", "{}").good();
        ana.phone().hasText(1);
        time.pass(Duration.ofHours(20));
        everythingSettles();
        assertThat(ana.phone().texts()).as("a day to answer, from the send").hasSize(1);
        ana.phone().writes("yes");
        ana.phone().hasText(2);
        assertThat(answerTo(visit)).isEqualTo("confirmed");
    }

    @Test
    void givesBackTheTasksOfWhoIsAway() {
        var supervisor = clinic.staff(Role.SUPERVISOR);
        var coordinator = clinic.coordinator();
        var ana = clinic.patient("en");
        ana.phone().writes("can somebody call me about my bill");
        JsonNode task = coordinator.hasTask(ana);
        coordinator.takes(task).good();
        assertThat(supervisor
                        .send("POST", "/api/v1/absences", "{\"username\":\"nobody\"}")
                        .status())
                .isEqualTo(422);
        assertThat(supervisor
                        .send("POST", "/api/v1/absences", "{\"username\":\"" + coordinator.username() + "\"}")
                        .body()
                        .path("field")
                        .asString())
                .isEqualTo("until");
        supervisor
                .send("POST", "/api/v1/absences", """
                        {"username":"%s","from":"%s","until":"%s"}
                        """.formatted(
                                coordinator.username(),
                                clock.instant().plus(Duration.ofHours(1)),
                                clock.instant().plus(Duration.ofDays(3))))
                .good();
        everythingSettles();
        assertThat(supervisor.open(task).path("state").asString()).isEqualTo("claimed");
        time.pass(Duration.ofHours(1));
        soon().untilAsserted(() ->
                assertThat(supervisor.open(task).path("state").asString()).isEqualTo("open"));
        assertThat(supervisor.open(task).path("events").toString()).contains("is away; it went back to the queue");
        assertThat(supervisor
                        .get("/api/v1/absences")
                        .path("items")
                        .path(0)
                        .path("now")
                        .asBoolean())
                .isTrue();
    }

    private JsonNode unit(Coordinator who, String name) {
        return who.get("/api/v1/units")
                .path("items")
                .valueStream()
                .filter(unit -> unit.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void phase(Coordinator who, String unit, String phase, int status) {
        assertThat(who.send(
                                "POST",
                                "/api/v1/units/" + unit + "/phase",
                                "{\"phase\":\"" + phase + "\",\"reason\":\"as planned\"}")
                        .status())
                .as(phase)
                .isEqualTo(status);
    }

    private void chainOfTheSystem(String chain) {
        asOwner().sql("""
                        update queue q set on_call_chain = cast(? as jsonb) from org_unit u where u.id = q.org_unit_id and u.path = '/all/'
                        """).param(chain).update();
    }
}
