package health.throughline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.scenario.Clinic.Patient;
import health.throughline.scenario.Clinic.Visit;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Nobody answers, so a coordinator calls: automation waits while they speak, and the outcome moves the journey on. */
class SilenceCallScenarioTest extends ScenarioTest {

    @Test
    void callsWhileAutomationWaitsAndSettlesItWithOneOutcome() {
        var ana = clinic.patient("es");
        var visit = silentTwice(ana);
        var coordinator = clinic.coordinator();
        JsonNode task = coordinator.hasTask(ana);
        clinic.books(ana, time.inDays(1, 11, 0));
        time.laterToday(9, 50);

        JsonNode call = coordinator.calls(task).good();
        assertThat(coordinator.open(task).path("assignee").asString()).isEqualTo(coordinator.username());
        assertThat(call.path("numbers").path(0).path("value").asString()).isEqualTo(ana.number());
        assertThat(call.path("scriptLanguage").asString()).isEqualTo("es");
        assertThat(call.path("script").valueStream()).anySatisfy(line -> {
            assertThat(line.path("text").asString())
                    .contains("Le escribimos sobre la visita", "East Building, floor 3");
            assertThat(line.path("english").asString())
                    .contains("We texted you about the visit")
                    .doesNotContain("Cardiology");
        });
        assertThat(call.path("outcomes")
                        .valueStream()
                        .map(outcome -> outcome.path("key").asString()))
                .containsExactly("c", "m", "x", "a", "n", "v", "w", "l");
        assertThat(coordinator.calls(task).good().path("id"))
                .as("pressed twice")
                .isEqualTo(call.path("id"));
        var other = clinic.coordinator();
        var second = other.calls(task);
        assertThat(second.status()).isEqualTo(409);
        assertThat(second.body().path("detail").asString()).contains(coordinator.username());
        assertThat(other.get("/api/v1/patients/lookup?phone=" + ana.number().replace("+", "%2B"))
                        .path("items")
                        .path(0)
                        .path("calledBy")
                        .asString())
                .isEqualTo(coordinator.username());

        // the reminder of another visit falls due while they speak
        time.laterToday(10, 0);
        everythingSettles();
        assertThat(messagesTo(ana)).containsExactly("delivered", "delivered", "undelivered", "queued");
        time.laterToday(10, 4);
        everythingSettles();
        assertThat(ana.phone().texts()).hasSize(2);

        assertThat(other.ends(call, "{\"outcome\":\"reached-confirmed\"}").status())
                .isEqualTo(409);
        JsonNode ended = coordinator
                .ends(call, "{\"outcome\":\"reached-confirmed\",\"note\":\"Comes by bus\"}")
                .good();
        assertThat(ended.path("task").asString()).isEqualTo("completed");
        assertThat(ended.path("seconds").asInt()).isBetween(840, 900);
        assertThat(coordinator.ends(call, "{\"outcome\":\"reached-confirmed\"}").status())
                .as("pressed twice")
                .isEqualTo(200);
        assertThat(coordinator.ends(call, "{\"outcome\":\"no-answer\"}").status())
                .isEqualTo(409);
        assertThat(answerTo(visit)).isEqualTo("confirmed");
        soon().untilAsserted(() -> assertThat(journeysOf(ana))
                .extracting(Way::state, Way::outcome)
                .contains(org.assertj.core.groups.Tuple.tuple("completed", "Settled")));
        assertThat(secondsOf(task)).isBetween(840, 900);

        assertThat(coordinator.timeline(ana)).anySatisfy(entry -> {
            assertThat(entry.path("kind").asString()).isEqualTo("call");
            assertThat(entry.path("title").asString()).isEqualTo("Called: reached, comes to the visit");
            assertThat(entry.path("by").path("name").asString()).isEqualTo(coordinator.username());
            assertThat(entry.path("why").asString()).startsWith("Took 14 min");
        });
        assertThat(contactsOf(ana)).as("after the automated call").endsWith(",reached");

        // what another journey says keeps its distance from the automated call
        time.pass(Duration.ofHours(4));
        assertThat(ana.phone().hasText(3)).contains("11:00");
    }

    @Test
    void comesBackInTwoHoursAfterAVoicemail() {
        var ana = clinic.patient("en");
        silentTwice(ana);
        var coordinator = clinic.coordinator();
        JsonNode call = coordinator.calls(coordinator.hasTask(ana)).good();
        assertThat(coordinator
                        .ends(call, "{\"outcome\":\"voicemail\"}")
                        .good()
                        .path("task")
                        .asString())
                .isEqualTo("completed");
        assertThat(coordinator.tasks(ana, "open")).isEmpty();
        assertThat(journeyOf(ana).state()).isEqualTo("active");
        time.pass(Duration.ofHours(2));
        JsonNode again = coordinator.hasTask(ana);
        assertThat(again.path("reason").asString()).isEqualTo("call-again");
        assertThat(again.path("tried").toString()).contains(coordinator.username() + " called, voicemail left");
    }

    @Test
    void stopsAtAWrongNumberAndLeavesTheTask() {
        var ana = clinic.patient("en");
        silentTwice(ana);
        var coordinator = clinic.coordinator();
        JsonNode task = coordinator.hasTask(ana);
        JsonNode call = coordinator.calls(task).good();
        var unsaid = coordinator.ends(call, "{\"outcome\":\"wrong-number\"}");
        assertThat(unsaid.status()).isEqualTo(422);
        assertThat(unsaid.body().path("field").asString()).isEqualTo("number");
        for (String wrong : new String[] {"+13035550188", "12", ""}) {
            assertThat(coordinator
                            .ends(call, "{\"outcome\":\"wrong-number\",\"number\":\"" + wrong + "\"}")
                            .status())
                    .isEqualTo(422);
        }
        JsonNode ended = coordinator
                .ends(call, "{\"outcome\":\"wrong-number\",\"number\":\"" + ana.number() + "\"}")
                .good();
        assertThat(ended.path("task").asString()).isEqualTo("stays");
        assertThat(coordinator.open(task).path("state").asString()).isEqualTo("claimed");
        JsonNode card = coordinator.thread(ana).path("patient");
        assertThat(card.path("phones").size()).isZero();
        assertThat(card.path("status").asString()).isEqualTo("active");
        assertThat(coordinator.foresees(ana, "Hello?").path("outcome").asString())
                .isEqualTo("may-not");
    }

    @Test
    void endsAForgottenCallByItself() {
        var ana = clinic.patient("en");
        silentTwice(ana);
        var coordinator = clinic.coordinator();
        JsonNode task = coordinator.hasTask(ana);
        JsonNode call = coordinator.calls(task).good();
        time.pass(Duration.ofMinutes(31));
        assertThat(coordinator.thread(ana).path("calledBy").isNull()).isTrue();

        var other = clinic.coordinator();
        coordinator.post("/api/v1/tasks/" + task.path("id").asString() + "/release", "");
        other.calls(task).good();
        // the task is another person's by now
        assertThat(coordinator.ends(call, "{\"outcome\":\"no-answer\"}").status())
                .isEqualTo(409);
        assertThat(coordinator
                        .get("/api/v1/calls/" + call.path("id").asString())
                        .path("outcome")
                        .asString())
                .isEqualTo("abandoned");
    }

    @Test
    void keepsWhatWasSaidOnThePhoneWhenTheTaskClosedMeanwhile() {
        var ana = clinic.patient("en");
        silentTwice(ana);
        var coordinator = clinic.coordinator();
        JsonNode task = coordinator.hasTask(ana);
        JsonNode call = coordinator.calls(task).good();
        ana.phone().writes("yes");
        journeyEnds(ana, "completed", "Confirmed");
        JsonNode ended =
                coordinator.ends(call, "{\"outcome\":\"reached-cancel\"}").good();
        assertThat(ended.path("task").asString()).isEqualTo("was-closed");
        assertThat(coordinator.hasTask(ana).path("reason").asString()).isEqualTo("asks-to-cancel");
    }

    @Test
    void findsWhoIsCallingAndTakesItDown() {
        var ana = clinic.patient("en");
        clinic.books(ana, time.inDays(8, 15, 30));
        var coordinator = clinic.coordinator();
        String phone = ana.number().substring(2);
        JsonNode found =
                coordinator.get("/api/v1/patients/lookup?phone=" + phone).path("items");
        assertThat(found.size()).isEqualTo(1);
        assertThat(found.path(0).path("patient").path("id").asString())
                .isEqualTo(ana.id().toString());
        assertThat(found.path(0).path("visits").path(0).path("department").asString())
                .isEqualTo("Cardiology");
        assertThat(coordinator
                        .get("/api/v1/patients/lookup?name=Sample%20Ana&birthDate=1970-05-06")
                        .path("items")
                        .valueStream()
                        .map(item -> item.path("patient").path("id").asString()))
                .contains(ana.id().toString());
        assertThat(anotherClinic()
                        .coordinator()
                        .get("/api/v1/patients/lookup?phone=" + phone)
                        .path("items")
                        .size())
                .isZero();
        assertThat(coordinator
                        .get("/api/v1/patients/lookup?phone=303-555-0199")
                        .path("items")
                        .size())
                .isZero();
        assertThat(coordinator.tries("/api/v1/patients/lookup").status()).isEqualTo(422);
        assertThat(coordinator
                        .tries("/api/v1/patients/lookup?phone=12")
                        .body()
                        .path("field")
                        .asString())
                .isEqualTo("phone");
        assertThat(coordinator
                        .tries("/api/v1/patients/lookup?birthDate=6.5.1970")
                        .body()
                        .path("field")
                        .asString())
                .isEqualTo("birthDate");
        Integer audited = inTransaction(() -> jdbc.sql(
                        "select count(*) from audit where action = 'patient.lookup' and actor = ? and entity_id = 'by-phone'")
                .param(coordinator.username())
                .query(Integer.class)
                .single());
        assertThat(audited).isEqualTo(2);
    }

    private Integer secondsOf(JsonNode task) {
        return inTransaction(() -> jdbc.sql("select seconds_spent from task_submission where task_id = ?::uuid")
                .param(task.path("id").asString())
                .query(Integer.class)
                .single());
    }

    private String contactsOf(Patient patient) {
        return inTransaction(() -> jdbc.sql(
                        "select string_agg(outcome, ',') from engagement where patient_id = ? and channel = 'voice'")
                .param(patient.id())
                .query(String.class)
                .single());
    }

    /** Booked eight days ahead: reminded seven and two days before, and a day to answer after each. */
    private Visit silentTwice(Patient patient) {
        var visit = clinic.books(patient, time.inDays(8, 15, 30));
        time.nextDay(10, 0);
        patient.phone().hasText(1);
        time.nextDay(10, 5);
        everythingSettles();
        time.goTo(visit.start().minusDays(2).withHour(10).withMinute(0));
        patient.phone().hasText(2);
        time.nextDay(9, 0);
        return visit;
    }
}
