package health.throughline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.access.Role;
import health.throughline.channel.Channel;
import health.throughline.conversation.AsInProduction;
import health.throughline.organization.Coverage;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import health.throughline.patient.Patients;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
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

    @Autowired
    private Coverage coverage;

    @Autowired
    private Organization organization;

    @Autowired
    private Patients patients;

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
    @DisplayName("F6: a cry for help that was taken by phone and given back is somebody else's at once")
    void callsTheNextWhenWhoTookItByPhoneGivesItBack() {
        var ana = clinic.patient("en");
        saturdayNight();
        ana.phone().writes(DANGER);
        kimsPhone.hasText(1);
        kimsPhone.writes("1");
        kimsPhone.hasText(2);
        JsonNode task = kim.hasTask(ana);
        kim.releases(task).good();
        leesPhone.hasText(1);
        leesPhone.writes("1");
        leesPhone.hasText(2);
        assertThat(kim.open(task).path("state").asString())
                .as("Lee has no user name")
                .isEqualTo("open");
        time.pass(Duration.ofMinutes(50));
        everythingSettles();
        assertThat(kimsPhone.texts()).as("Lee said that they have it").hasSize(2);
        time.pass(Duration.ofMinutes(11));
        kimsPhone.hasText(3);
    }

    @Test
    @DisplayName("F6, R11: somebody is called as soon as there is somebody, though it was written half a day ago")
    void callsWhoeverIsNamedLaterAboutWhatWasWrittenHalfADayAgo() {
        var ana = clinic.patient("en");
        saturdayNight();
        onCallAbove(List.of(), () -> {
            onCall("");
            ana.phone().writes(DANGER);
            JsonNode task = kim.hasTask(ana);
            soon().untilAsserted(() -> assertThat(events(kim.open(task))).contains("no-on-call"));
            time.pass(Duration.ofMinutes(30));
            onCall("{\"name\":\"Kim\",\"phone\":\"%s\"}".formatted(kimsPhone.number()));
            asOwner()
                    .sql("update task set created_at = created_at - interval '13 hours' where id = ?")
                    .param(UUID.fromString(task.path("id").asString()))
                    .update();
            time.pass(Duration.ofMinutes(1).plusSeconds(1));
            kimsPhone.hasText(1);
            time.pass(Duration.ofMinutes(5).plusSeconds(1));
            kimsPhone.hasText(2);
            time.pass(Duration.ofMinutes(30));
            soon().untilAsserted(() -> assertThat(events(kim.open(task)))
                    .containsOnlyOnce("no-on-call")
                    .last()
                    .isEqualTo("paging-ended"));
            assertThat(kimsPhone.texts()).as("twice through the chain, so late").hasSize(2);
        });
    }

    private void onCall(String people) {
        supervisor
                .send(
                        "PUT",
                        "/api/v1/queues/" + clinic.hospital().id(),
                        "{\"covering\":[\"%s\"],\"onCall\":[%s]}".formatted(kim.username(), people))
                .good();
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

    /** Anybody can write from as many phones as they like: the phone on call must still ring for a patient. */
    @Test
    @DisplayName("F6: people nobody knows are called about a few at a time, once each, and never before a patient")
    void strangersDoNotDrownThePhoneOnCall() {
        var ana = clinic.patient("en");
        saturdayNight();
        var onlyKim =
                inTransaction(() -> coverage.onCall(clinic.hospital().id()).subList(0, 1));
        onCallAbove(onlyKim, () -> {
            List<Phone> strangers = Stream.generate(clinic::phone).limit(8).toList();
            strangers.forEach(stranger -> stranger.writes("I have chest pain and can not breathe"));
            strangers.forEach(stranger -> assertThat(stranger.hasText(1)).contains("call 911"));
            strangers.forEach(stranger -> stranger.writes("my chest hurts, I can not breathe"));
            strangers.forEach(stranger -> stranger.hasText(2));
            kimsPhone.hasText(3);
            everythingSettles();
            assertThat(tasksAbout(strangers))
                    .as("one each, however much they write")
                    .hasSize(8);
            assertThat(kimsPhone.texts()).as("about three of eight").hasSize(3);

            ana.phone().writes(DANGER);
            assertThat(kimsPhone.hasText(4)).contains(code(kim.hasTask(ana)), "Urgent");
            time.pass(Duration.ofMinutes(5).plusSeconds(1));
            kimsPhone.hasText(7);
            leesPhone.hasText(1);
            everythingSettles();
            assertThat(tasksAbout(strangers)).filteredOn(step -> step >= 0).hasSize(3);
            assertThat(kimsPhone.texts()).as("the three again").hasSize(7);
        });
    }

    @Test
    @DisplayName(
            "F6: whoever writes of danger from a phone nobody knows is called back, though it belongs to no hospital")
    void callsWhoIsOnCallBelowWhereNobodyIsAbove() {
        onCallAbove(List.of(), () -> {
            assertThat(inTransaction(() -> coverage.onCall(root()))).isEmpty();
            assertThat(inTransaction(() -> coverage.toPage(root()))).isNotEmpty();
            assertThat(inTransaction(() -> coverage.toPage(clinic.hospital().id())))
                    .extracting(Coverage.OnCall::name)
                    .containsExactly("Kim", "Lee");
            var stranger = clinic.phone();
            saturdayNight();
            stranger.writes(DANGER);
            soon().untilAsserted(() -> assertThat(tasksAbout(List.of(stranger)))
                    .as("somebody was paged")
                    .singleElement()
                    .satisfies(step -> assertThat(step).isPositive()));
        });
    }

    private OrgUnitId root() {
        return organization.findByPath("/all/").orElseThrow().id();
    }

    private void onCallAbove(List<Coverage.OnCall> chain, Runnable test) {
        var before = inTransaction(() -> coverage.of(root()).orElseThrow());
        saveAbove(before, chain);
        try {
            test.run();
        } finally {
            saveAbove(before, before.onCall());
        }
    }

    private void saveAbove(Coverage.Queue queue, List<Coverage.OnCall> chain) {
        inTransaction(() -> {
            coverage.save(root(), new Coverage.Queue(queue.name(), queue.hours(), queue.covering(), chain));
            return true;
        });
    }

    /** @return the steps of their tasks' pages */
    private List<Integer> tasksAbout(List<Phone> writers) {
        return writers.stream()
                .flatMap(writer -> inTransaction(() -> jdbc.sql("""
                                select t.page_step from task t join inbound_work w on t.dedupe_key = 'inbound:' || w.inbound_id
                                where w.address_id = ?
                                """)
                                .param(patients.address(Channel.SMS, writer.number())
                                        .value())
                                .query(Integer.class)
                                .list())
                        .stream())
                .toList();
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

    /** By which a page names the task. */
    private static String code(JsonNode task) {
        String id = task.path("id").asString();
        return id.substring(id.length() - 6).toUpperCase(Locale.ROOT);
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
