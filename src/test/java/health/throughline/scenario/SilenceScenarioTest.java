package health.throughline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.scenario.Clinic.Patient;
import health.throughline.scenario.Clinic.Visit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Two reminders without an answer: a person takes over, or the patient answers after all. */
class SilenceScenarioTest extends ScenarioTest {

    @Test
    void bringsACoordinatorWhoSettlesIt() {
        var ana = clinic.patient("es");
        var visit = silentTwice(ana);
        var coordinator = clinic.coordinator();

        JsonNode task = coordinator.hasTask(ana);
        assertThat(task.path("reason").asString()).isEqualTo("no-answer");
        assertThat(task.path("title").asString())
                .startsWith("No answer to two reminders for ")
                .contains("15:30, Cardiology", "reads Spanish");
        assertThat(task.path("tried").size()).as("two texts and a call").isEqualTo(3);
        assertThat(task.path("form").path("schema").path("components").size()).isPositive();
        assertThat(task.path("patientCard").path("phones").path(0).path("value").asString())
                .isEqualTo(ana.number());

        assertThat(coordinator.takes(task).good().path("state").asString()).isEqualTo("claimed");
        assertThat(clinic.coordinator()
                        .finishes(task, "{\"outcome\":\"confirmed\"}")
                        .status())
                .isEqualTo(409);

        var wrong = coordinator.finishes(task, "{\"outcome\":\"perhaps\",\"mood\":\"good\"}");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.body()
                        .path("errors")
                        .valueStream()
                        .map(error -> error.path("field").asString()))
                .containsExactlyInAnyOrder("outcome", "mood");
        assertThat(coordinator
                        .finishes(task, "{}")
                        .body()
                        .path("errors")
                        .path(0)
                        .path("field")
                        .asString())
                .isEqualTo("outcome");
        assertThat(journeyOf(ana).state()).isEqualTo("active");

        JsonNode done = coordinator
                .finishes(task, "{\"outcome\":\"confirmed\",\"reachedBy\":\"phone\",\"note\":\"Will be early\"}")
                .good();
        assertThat(done.path("state").asString()).isEqualTo("completed");
        journeyEnds(ana, "completed", "Settled");
        assertThat(answerTo(visit)).isEqualTo("confirmed");
        assertThat(coordinator.tasks(ana, "open")).isEmpty();
        assertThat(coordinator.tasks(ana, "closed")).hasSize(1);
        everythingSettles();
        assertThat(ana.phone().texts()).hasSize(2);
    }

    @Test
    void closesTheTaskByItselfWhenThePatientAnswersAfterAll() {
        var ana = clinic.patient("en");
        var visit = silentTwice(ana);
        var coordinator = clinic.coordinator();
        JsonNode task = coordinator.hasTask(ana);
        coordinator.takes(task).good();

        ana.phone().writes("yes");

        assertThat(ana.phone().hasText(3)).contains("Thank you, Ana");
        journeyEnds(ana, "completed", "Confirmed");
        assertThat(answerTo(visit)).isEqualTo("confirmed");
        assertThat(coordinator.open(task).path("state").asString()).isEqualTo("cancelled");
        assertThat(coordinator.tasks(ana, "open")).isEmpty();
        assertThat(coordinator.finishes(task, "{\"outcome\":\"confirmed\"}").status())
                .isEqualTo(409);
    }

    /** Booked eight days ahead: reminded seven and two days before. */
    private Visit silentTwice(Patient patient) {
        var visit = clinic.books(patient, time.inDays(8, 15, 30));
        time.nextDay(10, 0);
        patient.phone().hasText(1);
        time.nextDay(10, 5);
        everythingSettles();
        assertThat(patient.phone().texts()).hasSize(1);
        time.goTo(visit.start().minusDays(2).withHour(10).withMinute(0));
        patient.phone().hasText(2);
        assertThat(clinic.coordinator().tasks(patient, "open")).isEmpty();
        time.nextDay(9, 0);
        return visit;
    }
}
