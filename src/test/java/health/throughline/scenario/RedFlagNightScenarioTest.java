package health.throughline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.access.Role;
import health.throughline.conversation.AsInProduction;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import tools.jackson.databind.JsonNode;

/** Saturday, two in the morning: somebody writes of danger. They are told what to do, and people are called until one takes it. */
class RedFlagNightScenarioTest extends ScenarioTest {

    private static final String DANGER = "my wound smells and I have a fever";

    @Autowired
    private ApplicationContext context;

    private Coordinator supervisor;
    private Coordinator kim;
    private Phone kimsPhone;
    private Phone leesPhone;

    @BeforeEach
    void peopleOnCall() {
        supervisor = clinic.staff(Role.SUPERVISOR);
        kim = clinic.coordinator();
        kimsPhone = clinic.phone();
        leesPhone = clinic.phone();
        supervisor
                .send("PUT", "/api/v1/queues/" + clinic.hospital().id(), """
                    {"hours":{"days":{"monday":["08:00-17:00"],"tuesday":["08:00-17:00"]},"closures":[]},
                     "covering":["%1$s"],
                     "onCall":[{"name":"Kim","phone":"%2$s","username":"%1$s"},{"name":"Lee","phone":"%3$s"}]}
                    """.formatted(
                                kim.username(), kimsPhone.number(), leesPhone.number()))
                .good();
    }

    @Test
    void answersAtOncePagesOneAfterTheOtherAndStopsWhenSomebodyTakesIt() {
        var ana = clinic.patient("en");
        saturdayNight();

        ana.phone().writes(DANGER);

        String told = ana.phone().hasText(1);
        assertThat(told)
                .startsWith("Mercy Valley: Automated message.")
                .contains("call 911", "Our staff are being told", "303");
        JsonNode task = kim.hasTask(ana);
        assertThat(task.path("reason").asString()).isEqualTo("red-flag");
        assertThat(task.path("title").asString()).contains("Told at once by text");
        assertThat(task.path("tried").toString()).contains(DANGER);
        String page = kimsPhone.hasText(1);
        assertThat(page).startsWith("Urgent: a patient needs a call now. Task ").contains("Reply 1");
        assertThat(page).doesNotContain("Ana", "Sample", "wound", "fever", ana.number());
        assertThat(first(kim)).isEqualTo(task.path("id").asString());
        everythingSettles();
        assertThat(leesPhone.texts()).isEmpty();
        assertThat(kimsPhone.texts()).hasSize(1);

        time.pass(Duration.ofMinutes(4));
        everythingSettles();
        assertThat(leesPhone.texts()).isEmpty();
        time.pass(Duration.ofMinutes(1).plusSeconds(1));
        leesPhone.hasText(1);
        assertThat(kimsPhone.texts()).hasSize(1);
        time.pass(Duration.ofMinutes(5).plusSeconds(1));
        kimsPhone.hasText(2);

        kim.takes(task).good();
        time.pass(Duration.ofHours(2));
        everythingSettles();
        assertThat(kimsPhone.texts()).hasSize(2);
        assertThat(leesPhone.texts()).hasSize(1);
        assertThat(ana.phone().texts()).hasSize(1);
        assertThat(events(kim.open(task))).containsExactly("created", "paged", "paged", "paged", "claimed");
        assertThat(kim.timeline(ana).stream().map(entry -> entry.path("title").asString()))
                .contains(
                        "Patient wrote (red flag)",
                        "Told at once what to do in danger",
                        "On call: Kim was paged",
                        "On call: Lee was paged",
                        kim.username() + " took the task");
    }

    @Test
    void isTakenByTextingOneBack() {
        var ana = clinic.patient("es");
        saturdayNight();

        ana.phone().writes("me duele mucho el pecho y no puedo respirar");

        assertThat(ana.phone().hasText(1))
                .startsWith("Mercy Valley: Mensaje automático.")
                .contains("llame al 911");
        kimsPhone.hasText(1);
        kimsPhone.writes("1");
        assertThat(kimsPhone.hasText(2)).contains("is yours");
        JsonNode task = kim.hasTask(ana);
        assertThat(task.path("state").asString()).isEqualTo("claimed");
        assertThat(task.path("assignee").asString()).isEqualTo(kim.username());
        leesPhone.writes("1");
        time.pass(Duration.ofMinutes(30));
        everythingSettles();
        assertThat(leesPhone.texts()).isEmpty();
        assertThat(events(kim.open(task))).containsExactly("created", "paged", "acknowledged", "claimed");
    }

    @Test
    void callsOnceForWhoWritesTwiceAndAnswersBoth() {
        var ana = clinic.patient("en");
        saturdayNight();
        ana.phone().writes(DANGER);
        kimsPhone.hasText(1);
        ana.phone().writes("the fever is worse and I have chest pain");
        ana.phone().hasText(2);
        time.pass(Duration.ofMinutes(5).plusSeconds(1));
        leesPhone.hasText(1);
        everythingSettles();
        assertThat(kimsPhone.texts()).hasSize(1);
        assertThat(kim.tasks(ana, "open")).hasSize(2);
    }

    @Test
    @DisplayName("F6: a second cry for help is paged though somebody has the first in hand")
    void callsWhoHasTheFirstInHandAboutASecondCryAndThenTheOthers() {
        var ana = clinic.patient("en");
        saturdayNight();
        ana.phone().writes(DANGER);
        kimsPhone.hasText(1);
        kimsPhone.writes("1");
        kimsPhone.hasText(2);
        time.pass(Duration.ofMinutes(10));

        ana.phone().writes("I took all the pills, I want to die");

        assertThat(kimsPhone.hasText(3)).startsWith("Urgent: a patient needs a call now.");
        assertThat(leesPhone.texts()).isEmpty();
        time.pass(Duration.ofMinutes(5).plusSeconds(1));
        leesPhone.hasText(1);
        assertThat(kimsPhone.texts()).hasSize(3);
    }

    @Test
    void callsFirstWhoeverAnsweredByPhoneWhereverTheyStandInTheChain() {
        var ana = clinic.patient("en");
        saturdayNight();
        ana.phone().writes(DANGER);
        kimsPhone.hasText(1);
        time.pass(Duration.ofMinutes(5).plusSeconds(1));
        leesPhone.hasText(1);
        leesPhone.writes("1");
        leesPhone.hasText(2);
        time.pass(Duration.ofMinutes(10));

        ana.phone().writes("I took all the pills, I want to die");

        assertThat(leesPhone.hasText(3)).startsWith("Urgent: a patient needs a call now.");
        assertThat(kimsPhone.texts()).hasSize(1);
        time.pass(Duration.ofMinutes(5).plusSeconds(1));
        kimsPhone.hasText(2);
        assertThat(leesPhone.texts()).hasSize(3);
    }

    /** The first turned out to be nothing; of the second nobody knows yet. */
    @Test
    void callsAboutTheSecondOnceTheFirstIsClosed() {
        var ana = clinic.patient("en");
        saturdayNight();
        ana.phone().writes(DANGER);
        kimsPhone.hasText(1);
        JsonNode task = kim.hasTask(ana);
        ana.phone().writes("the fever is worse and I have chest pain");
        ana.phone().hasText(2);
        soon().untilAsserted(() -> assertThat(kim.tasks(ana, "open")).hasSize(2));
        kim.takes(task).good();
        kim.finishes(task, "{\"outcome\":\"nothing_needed\"}").good();
        everythingSettles();
        assertThat(kimsPhone.texts()).hasSize(1);

        time.pass(Duration.ofMinutes(5).plusSeconds(1));

        kimsPhone.hasText(2);
    }

    @Test
    void textsNothingToWhoRefusedTextsAndCallsAllTheSame() {
        var ana = clinic.patient("en");
        saturdayNight();
        ana.phone().writes("STOP");
        everythingSettles();
        int texts = ana.phone().texts().size();

        ana.phone().writes("chest pain and I can not breathe");

        kimsPhone.hasText(1);
        assertThat(kim.hasTask(ana).path("title").asString()).contains("No automatic answer went");
        everythingSettles();
        assertThat(ana.phone().texts()).hasSize(texts);
    }

    /** As production is before a named person has read the answer: nothing untried is said, and nobody waits for a person. */
    @Test
    void pagesAtOnceWhereNobodyHasReviewedTheAnswer() throws ReflectiveOperationException {
        var ana = clinic.patient("en");
        saturdayNight();
        try (var production = new AsInProduction(context)) {
            ana.phone().writes(DANGER);
            assertThat(kimsPhone.hasText(1)).startsWith("Urgent: a patient needs a call now.");
            assertThat(kim.hasTask(ana).path("title").asString())
                    .contains("No automatic answer went", "Nobody has reviewed");
            everythingSettles();
            assertThat(ana.phone().texts()).isEmpty();
        }
    }

    @Test
    void answersAPhoneNobodyKnowsAndCallsSomebody() {
        var stranger = clinic.phone();
        saturdayNight();
        stranger.writes("I have chest pain and can not breathe");
        assertThat(stranger.hasText(1)).contains("Automated message", "call 911");
        var root = clinic.api().get("/api/v1/tasks?state=open").good().path("items");
        assertThat(root.valueStream().map(item -> item.path("reason").asString()))
                .contains("red-flag");
    }

    @Test
    void pagesStaffThoughEverythingToPatientsIsOnHold() {
        var ana = clinic.patient("en");
        saturdayNight();
        String hold = supervisor
                .send("POST", "/api/v1/holds", "{\"scope\":\"system\",\"reason\":\"test of the stop\"}")
                .good()
                .path("id")
                .asString();
        ana.phone().writes(DANGER);
        kimsPhone.hasText(1);
        assertThat(ana.phone().texts()).isEmpty();
        supervisor.send("POST", "/api/v1/holds/" + hold + "/lift", "{}").good();
        ana.phone().hasText(1);
    }

    /** R17. */
    @Test
    void callsTheOthersWhereOneOnCallCannotBeCalled() {
        var other = anotherClinic();
        var theirFirst = other.phone();
        var theirSecond = other.phone();
        other.staff(Role.SUPERVISOR)
                .send("PUT", "/api/v1/queues/" + other.hospital().id(), """
                    {"onCall":[{"name":"Max","phone":"%s"},{"name":"Noa","phone":"%s"}]}
                    """.formatted(
                                theirFirst.number(), theirSecond.number()))
                .good();
        asOwner()
                .sql("update queue set on_call_chain = jsonb_set(on_call_chain, '{0,address}',"
                        + " to_jsonb(gen_random_uuid())) where org_unit_id = ?")
                .param(other.hospital().id().value())
                .update();
        var ben = other.patient("en");
        var ana = clinic.patient("en");
        saturdayNight();

        ben.phone().writes(DANGER);
        ben.phone().hasText(1);
        ana.phone().writes(DANGER);

        kimsPhone.hasText(1);
        var worker = other.coordinator();
        assertThat(events(worker.open(worker.hasTask(ben)))).startsWith("created", "page-failed");
        time.pass(Duration.ofSeconds(11));
        theirSecond.hasText(1);
        assertThat(theirFirst.texts()).isEmpty();
    }

    @Test
    void saysWhatIsWrongWithAChain() {
        assertThat(problem("{\"onCall\":[{\"name\":\"Kim\",\"phone\":\"12\"}]}"))
                .isEqualTo("onCall[0].phone");
        assertThat(problem("{\"onCall\":[{\"phone\":\"+13035550142\"}]}")).isEqualTo("onCall[0].name");
        assertThat(problem("{\"onCall\":[{\"name\":\"K\",\"phone\":\"+13035550142\",\"username\":\"nobody\"}]}"))
                .isEqualTo("onCall[0].username");
        assertThat(problem("{\"hours\":{\"days\":{\"monday\":[\"17:00-08:00\"]},\"closures\":[]}}"))
                .isEqualTo("hours.days.monday[0]");
        assertThat(problem("{\"hours\":{\"days\":{\"monday\":[\"08:00-12:00\",\"11:00-13:00\"]},\"closures\":[]}}"))
                .isEqualTo("hours.days.monday[1]");
        assertThat(problem("{\"hours\":{\"days\":{\"someday\":[\"08:00-12:00\"]},\"closures\":[]}}"))
                .isEqualTo("hours.days");
        assertThat(problem("{\"hours\":{\"days\":{\"monday\":[\"08:00-12:00\"]},\"closures\":[\"Christmas\"]}}"))
                .isEqualTo("hours.closures[0]");
    }

    private String problem(String json) {
        var answer =
                supervisor.send("PUT", "/api/v1/queues/" + clinic.hospital().id(), json);
        assertThat(answer.status()).isEqualTo(422);
        return answer.body().path("field").asString();
    }

    private void saturdayNight() {
        var saturday = time.now().toLocalDate().with(TemporalAdjusters.next(DayOfWeek.SATURDAY));
        time.on(saturday, LocalTime.of(2, 0));
    }

    private static String first(Coordinator coordinator) {
        return coordinator
                .get("/api/v1/tasks?state=open")
                .path("items")
                .path(0)
                .path("id")
                .asString();
    }

    private static List<String> events(JsonNode task) {
        return task.path("events")
                .valueStream()
                .map(event -> event.path("kind").asString())
                .toList();
    }
}
