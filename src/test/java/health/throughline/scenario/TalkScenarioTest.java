package health.throughline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.scenario.Clinic.Patient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** A coordinator talks with a patient by text: once, by the same rules as everything else, and without a journey talking into it. */
class TalkScenarioTest extends ScenarioTest {

    @Test
    void answersInPersonOnceHoweverOftenTheButtonIsPressed() throws Exception {
        var ana = remindedOfTomorrow();
        ana.phone().writes("Where do I park?");
        var coordinator = clinic.coordinator();
        coordinator.hasTask(ana);
        everythingSettles();
        assertThat(coordinator.lists(ana, "needs-person")).isTrue();
        assertThat(coordinator.lists(ana, "all")).isTrue();
        assertThat(coordinator.lists(ana, "mine")).isFalse();

        JsonNode foreseen = coordinator.foresees(ana, "In Garage B, {free} with your letter.");
        assertThat(foreseen.path("outcome").asString()).isEqualTo("may");
        assertThat(foreseen.path("sentence").asString()).isNotEmpty();
        assertThat(foreseen.path("segments").asInt()).isEqualTo(1);
        assertThat(foreseen.path("to").asString()).isEqualTo(ana.number());

        String words = "In Garage B, {free} with your letter. That's '1' hour.";
        Callable<Api.Answer> press = () -> coordinator.says(ana, words, "double-click-1");
        try (var fingers = Executors.newFixedThreadPool(4)) {
            var answers = fingers.invokeAll(List.of(press, press, press, press));
            for (var answer : answers) {
                assertThat(answer.get().status()).isEqualTo(202);
                assertThat(answer.get().body().path("message"))
                        .isEqualTo(answers.getFirst().get().body().path("message"));
            }
        }
        assertThat(ana.phone().hasText(2)).isEqualTo(words);
        assertThat(coordinator.says(ana, words, "double-click-1").status()).isEqualTo(202);
        var other = coordinator.says(ana, "Other words", "double-click-1");
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.body().path("field").asString()).isEqualTo("Idempotency-Key");
        everythingSettles();
        assertThat(ana.phone().texts()).hasSize(2);

        assertThat(coordinator.timeline(ana)).anySatisfy(entry -> {
            assertThat(entry.path("text").asString()).isEqualTo(words);
            assertThat(entry.path("by").path("kind").asString()).isEqualTo("person");
            assertThat(entry.path("by").path("name").asString()).isEqualTo(coordinator.username());
            assertThat(entry.path("why").asString()).isNotEmpty();
        });
        assertThat(coordinator.thread(ana).path("lines").path(0).path("text").asString())
                .isEqualTo(words);
    }

    @Test
    void bringsATaskWhenWhatAPersonWroteDoesNotArrive() {
        var ana = remindedOfTomorrow();
        ana.phone().writes("Where do I park?");
        var coordinator = clinic.coordinator();
        coordinator.hasTask(ana);
        everythingSettles();

        ana.phone().meets("undelivered");
        coordinator.says(ana, "In Garage B.", "never-arrives").good();

        JsonNode task = coordinator.hasTask(ana, "answer-undelivered");
        assertThat(task.path("title").asString())
                .isEqualTo("What " + coordinator.username()
                        + " wrote by text did not reach the patient: The phone could not be reached.");
        assertThat(task.path("suggestion").asString()).contains("another way");
        everythingSettles();
        assertThat(coordinator.tasks(ana, "open")).hasSize(2);
    }

    @Test
    void bringsATaskWhenNoJourneyWaitsToHearThatItsTextFailed() {
        var ana = remindedOfTomorrow();
        ana.phone().meets("undelivered");
        ana.phone().writes("yes");
        journeyEnds(ana, "completed", "Confirmed");
        JsonNode task = clinic.coordinator().hasTask(ana, "said-in-vain");
        assertThat(task.path("title").asString()).contains("The phone could not be reached.");
    }

    @Test
    void keepsJourneysOutWhileAPersonTalks() {
        var ana = clinic.patient("en");
        clinic.books(ana, time.inDays(8, 15, 30));
        time.nextDay(9, 0);
        var coordinator = clinic.coordinator();
        var other = clinic.coordinator();
        assertThat(coordinator.takesOver(ana).good().path("mine").asBoolean()).isTrue();
        assertThat(coordinator.lists(ana, "mine")).isTrue();
        assertThat(other.lists(ana, "mine")).isFalse();
        assertThat(other.lists(ana, "needs-person")).isTrue();
        assertThat(coordinator.takesOver(ana).status()).as("again").isEqualTo(200);
        var second = other.takesOver(ana);
        assertThat(second.status()).isEqualTo(409);
        assertThat(second.body().path("detail").asString()).contains(coordinator.username());
        assertThat(other.says(ana, "Me too", "another-person").status()).isEqualTo(409);
        assertThat(other.handsBack(ana).status()).isEqualTo(409);
        assertThat(other.thread(ana).path("takenOver").path("by").asString()).isEqualTo(coordinator.username());

        // the reminder falls due meanwhile
        time.laterToday(10, 0);
        everythingSettles();
        assertThat(messagesTo(ana)).containsExactly("queued");
        assertThat(ana.phone().texts()).isEmpty();

        // what the patient says is the person's, and cannot be forgotten
        ana.phone().writes("yes");
        assertThat(coordinator.hasTask(ana).path("assignee").asString()).isEqualTo(coordinator.username());
        ana.phone().writes("I mean the surgery");
        everythingSettles();
        assertThat(coordinator.tasks(ana, "open")).hasSize(1);
        assertThat(journeyOf(ana).state()).isEqualTo("active");
        assertThat(coordinator.says(ana, "Let me look.", "first-answer").status())
                .isEqualTo(202);
        assertThat(ana.phone().hasText(1)).isEqualTo("Let me look.");
        assertThat(coordinator.tasks(ana, "open")).isEmpty();

        // handed back, both go on: the reminder goes and the journey hears the answer
        assertThat(coordinator.handsBack(ana).status()).isEqualTo(204);
        assertThat(ana.phone().hasText(2)).contains("your visit is on");
        ana.phone().writes("yes");
        assertThat(ana.phone().hasText(3)).contains("Thank you, Ana");
        journeyEnds(ana, "completed", "Confirmed");
    }

    @Test
    void k11AReminderThatWaitedDoesNotAskToCallAClosedOffice() {
        clinic.supervisor()
                .send("PUT", "/api/v1/queues/" + clinic.hospital().id(), """
                    {"hours":{"days":{"monday":["08:00-17:00"],"tuesday":["08:00-17:00"],"wednesday":["08:00-17:00"],
                      "thursday":["08:00-17:00"],"friday":["08:00-17:00"],"saturday":["08:00-17:00"],"sunday":["08:00-17:00"]},
                      "closures":[]},"covering":[],"onCall":[]}
                    """)
                .good();
        var ana = clinic.patient("en");
        clinic.books(ana, time.inDays(8, 15, 30));
        time.nextDay(9, 0);
        var coordinator = clinic.coordinator();
        coordinator.takesOver(ana).good();
        time.laterToday(10, 0);
        everythingSettles();
        assertThat(messagesTo(ana)).containsExactly("queued");

        time.laterToday(19, 0);
        assertThat(coordinator.handsBack(ana).status()).isEqualTo(204);
        soon().untilAsserted(() -> {
            String reason = inTransaction(() -> jdbc.sql("select reason from dispatch where patient_id = ?")
                    .param(ana.id())
                    .query(String.class)
                    .single());
            assertThat(reason).isEqualTo("K11.office-closed");
        });
        assertThat(ana.phone().texts()).isEmpty();
        // the next day on which somebody is there: a holiday may lie between
        for (int n = 0; n < 4 && ana.phone().texts().isEmpty(); n++) {
            time.nextDay(8, 30);
            everythingSettles();
        }
        assertThat(ana.phone().hasText(1)).contains("your visit is on");
    }

    @Test
    void handsBackWhatSomebodyTookOverAndLeft() {
        var ana = clinic.patient("en");
        clinic.books(ana, time.inDays(8, 15, 30));
        var coordinator = clinic.coordinator();
        coordinator.takesOver(ana).good();
        ana.phone().writes("Are you there?");
        coordinator.hasTask(ana);
        time.nextDay(10, 0);
        assertThat(ana.phone().hasText(1)).contains("your visit is on");
        assertThat(coordinator.thread(ana).path("takenOver").isNull()).isTrue();
        // nobody's now, and not forgotten
        assertThat(coordinator.hasTask(ana).path("assignee").isNull()).isTrue();
    }

    @Test
    void saysBeforeSendingWhyItMayNotGoOrNotNow() {
        var ana = remindedOfTomorrow();
        var coordinator = clinic.coordinator();
        time.laterToday(22, 30);
        JsonNode late = coordinator.foresees(ana, "Are you well?");
        assertThat(late.path("worded").asString()).isEqualTo("Mercy Valley: Are you well?");
        assertThat(late.path("outcome").asString()).isEqualTo("not-now");
        assertThat(late.path("sentence").asString()).isNotEmpty();
        Instant until = Instant.parse(late.path("until").asString());
        assertThat(until).isAfter(time.now().toInstant().plus(Duration.ofHours(8)));
        JsonNode said = coordinator.says(ana, "Are you well?", "late-evening").good();
        assertThat(Instant.parse(said.path("until").asString())).isEqualTo(until);
        everythingSettles();
        assertThat(ana.phone().texts()).hasSize(1);
        // past the day's budget, in which both reminders count
        time.nextDay(11, 30);
        everythingSettles();
        soon().untilAsserted(() -> assertThat(ana.phone().texts()).contains("Mercy Valley: Are you well?"));
        assertThat(coordinator.says(ana, "Are you well?", "late-evening").status())
                .as("the same words, by the same key")
                .isEqualTo(202);

        ana.phone().writes("STOP");
        everythingSettles();
        JsonNode never = coordinator.foresees(ana, "One more thing");
        assertThat(never.path("outcome").asString()).isEqualTo("may-not");
        assertThat(never.path("reason").asString()).startsWith("K");
        var refused = coordinator.says(ana, "One more thing", "after-a-stop");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().path("detail").asString())
                .isEqualTo(never.path("sentence").asString());
    }

    @Test
    void keepsNotesAmongPeople() {
        var ana = clinic.patient("en");
        var coordinator = clinic.coordinator();
        String notes = "/api/v1/conversations/" + ana.id() + "/notes";
        String note = "{\"text\":\"Her daughter drives her\"}";
        assertThat(coordinator.post(notes, note, "Idempotency-Key", "note-0001").status())
                .isEqualTo(204);
        assertThat(coordinator.post(notes, note, "Idempotency-Key", "note-0001").status())
                .isEqualTo(204);
        assertThat(coordinator
                        .post(notes, "{\"text\":\"Something else\"}", "Idempotency-Key", "note-0001")
                        .status())
                .isEqualTo(422);
        var lines = clinic.coordinator().thread(ana).path("lines");
        assertThat(lines.size()).isEqualTo(1);
        assertThat(lines.path(0).path("kind").asString()).isEqualTo("note");
        assertThat(lines.path(0).path("text").asString()).isEqualTo("Her daughter drives her");
        assertThat(coordinator.timeline(ana))
                .anyMatch(entry -> entry.path("kind").asString().equals("note"));
        String stored = inTransaction(
                () -> jdbc.sql("select encode(body, 'escape') from conversation_note where patient_id = ?")
                        .param(ana.id())
                        .query(String.class)
                        .single());
        assertThat(stored).doesNotContain("daughter");
        everythingSettles();
        assertThat(ana.phone().texts()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            messages | {"text":" "}                           | key-00001 | 422 | text
            messages | {"text":null}                          | key-00001 | 422 | text
            messages | {}                                     | key-00001 | 422 | text
            messages | {"text":"a\\u0000b"}                   | key-00001 | 422 | text
            messages | {"text":"a\\u202eb"}                   | key-00001 | 422 | text
            messages | {"text":"Hello","purpose":"marketing"} | key-00001 | 422 | purpose
            messages | {"text":"Hello"}                       | short     | 422 | Idempotency-Key
            messages | {"text":"Hello"}                       |           | 400 | Idempotency-Key
            messages | [1]                                    | key-00001 | 400 |
            notes    | {"text":""}                            | key-00001 | 422 | text
            preview  | {"text":""}                            | key-00001 | 422 | text
            """)
    void namesWhatIsWrong(String step, String body, String key, int status, String field) {
        var ana = clinic.patient("en");
        String[] headers = key == null ? new String[0] : new String[] {"Idempotency-Key", key};
        var answer = clinic.coordinator().post("/api/v1/conversations/" + ana.id() + "/" + step, body, headers);
        assertThat(answer.status()).isEqualTo(status);
        if (field != null) {
            assertThat(answer.body().path("field").asString()).isEqualTo(field);
        }
        assertThat(answer.body().path("detail").asString()).isNotEmpty();
    }

    @Test
    void refusesWhatIsTooLongOrSomebodyElses() {
        var ana = clinic.patient("en");
        var coordinator = clinic.coordinator();
        assertThat(coordinator.says(ana, "x".repeat(1001), "far-too-long").status())
                .isEqualTo(422);
        assertThat(coordinator.tries("/api/v1/conversations?show=everything").status())
                .isEqualTo(422);
        assertThat(coordinator.tries("/api/v1/conversations?after=yesterday").status())
                .isEqualTo(422);
        assertThat(coordinator.tries("/api/v1/conversations/nobody").status()).isEqualTo(400);
        assertThat(coordinator
                        .tries("/api/v1/conversations/" + ana.id() + "?after=later")
                        .status())
                .isEqualTo(422);
        var foreign = anotherClinic().coordinator();
        assertThat(foreign.tries("/api/v1/conversations/" + ana.id()).status()).isEqualTo(404);
        assertThat(foreign.says(ana, "Hello", "foreign-hospital").status()).isEqualTo(404);
        assertThat(foreign.takesOver(ana).status()).isEqualTo(404);
        assertThat(foreign.handsBack(ana).status()).isEqualTo(404);
        assertThat(foreign.lists(ana, "all")).isFalse();
    }

    private Patient remindedOfTomorrow() {
        var ana = clinic.patient("en");
        clinic.books(ana, time.inDays(1, 15, 30));
        time.laterToday(10, 0);
        ana.phone().hasText(1);
        return ana;
    }
}
