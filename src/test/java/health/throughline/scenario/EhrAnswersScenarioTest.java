package health.throughline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.scenario.Clinic.Patient;
import health.throughline.scenario.Clinic.Visit;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R32: the EHR is the master of the visits. It acknowledges, refuses, loses the slot, fails, or says nothing. */
class EhrAnswersScenarioTest extends ScenarioTest {

    @Test
    void thanksOnceTheEhrHasTakenTheYes() {
        var ana = clinic.patient("en");
        var visit = reminded(ana);
        ana.phone().writes("yes");
        assertThat(ana.phone().hasText(2)).contains("We noted that you will come");
        journeyEnds(ana, "completed", "Confirmed");
        assertThat(clinic.answersKept(visit)).containsExactly("accepted");
        assertThat(clinic.coordinator().timeline(ana))
                .anyMatch(entry -> entry.path("title").asString().equals("The EHR took it: the patient comes"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lose-answer", "timeout", "error"})
    void asksAgainAndIsKeptOnce(String fault) {
        var ana = clinic.patient("en");
        var visit = reminded(ana);
        clinic.ehrWill(fault, visit, 1);
        ana.phone().writes("yes");
        assertThat(ana.phone().hasText(2)).contains("We noted that you will come");
        assertThat(clinic.answersKept(visit)).containsExactly("accepted");
    }

    @Test
    void saysPassedOnUntilTheEhrAcknowledges() {
        var ana = clinic.patient("es");
        var visit = reminded(ana);
        clinic.ehrWill("error", visit, 6);
        ana.phone().writes("sí");
        time.pass(Duration.ofMinutes(2));
        assertThat(ana.phone().hasText(2)).contains("Pasamos su respuesta").doesNotContain("Anotamos");
        assertThat(clinic.answersKept(visit)).isEmpty();
        for (int minutes = 0; clinic.answersKept(visit).isEmpty() && minutes < 30; minutes += 6) {
            time.pass(Duration.ofMinutes(6));
            everythingSettles();
        }
        assertThat(ana.phone().hasText(3)).contains("Anotamos que vendrá");
        journeyEnds(ana, "completed", "Confirmed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reject", "lose-slot"})
    void bringsAPersonWhenTheEhrRefuses(String fault) {
        var ana = clinic.patient("en");
        var visit = reminded(ana);
        clinic.ehrWill(fault, visit, 1);
        ana.phone().writes("yes");
        var coordinator = clinic.coordinator();
        var task = coordinator.hasTask(ana);
        assertThat(task.path("reason").asString()).isEqualTo("ehr-refused");
        assertThat(task.path("title").asString()).startsWith("The EHR did not take the patient's answer: ");
        everythingSettles();
        assertThat(ana.phone().texts()).as("never told that it stands").hasSize(1);
        coordinator
                .finishes(task, "{\"outcome\":\"moved\",\"reachedBy\":\"phone\"}")
                .good();
        journeyEnds(ana, "completed", "Settled");
    }

    @Test
    void bringsAPersonWhenTheEhrSaysNothingForHours() {
        var ana = clinic.patient("en");
        var visit = reminded(ana);
        clinic.ehrWill("error", visit, 1000);
        ana.phone().writes("yes");
        time.pass(Duration.ofMinutes(2));
        ana.phone().hasText(2);
        time.pass(Duration.ofHours(4));
        var task = clinic.coordinator().hasTask(ana);
        assertThat(task.path("reason").asString()).isEqualTo("ehr-silent");
        assertThat(clinic.answersKept(visit)).isEmpty();
    }

    @Test
    void saysCancelledOnceTheEhrHasCancelled() {
        var ana = clinic.patient("es");
        var visit = reminded(ana);
        ana.phone().writes("cancelen mi cita por favor");
        assertThat(ana.phone().hasText(3)).contains("está cancelada");
        assertThat(ana.phone().texts().get(1)).contains("Todavía no está cambiada");
        journeyEnds(ana, "completed", "Cancelled");
        assertThat(clinic.answersKept(visit)).containsExactly("declined");
        assertThat(clinic.coordinator().tasks(ana, "open")).isEmpty();
    }

    @Test
    void takesTheFeedsWordWhereItIsFasterThanTheAnswer() {
        var ana = clinic.patient("en");
        var visit = reminded(ana);
        clinic.ehrWill("error", visit, 1000);
        ana.phone().writes("please cancel my appointment");
        ana.phone().hasText(2);
        everythingSettles();
        clinic.cancels(visit);
        assertThat(ana.phone().hasText(3)).contains("is cancelled, as you asked");
        journeyEnds(ana, "completed", "Cancelled");
        time.pass(Duration.ofHours(5));
        everythingSettles();
        assertThat(clinic.coordinator().tasks(ana, "open"))
                .as("the visit is cancelled; that the EHR never answered is nobody's work")
                .isEmpty();
    }

    @Test
    void doesNotConfirmATimeThePatientNeverSaw() {
        var ana = clinic.patient("en");
        var visit = reminded(ana);
        clinic.ehrWill("error", visit, 5);
        ana.phone().writes("yes");
        everythingSettles();
        clinic.moves(visit, time.inDays(6, 9, 0));
        time.pass(Duration.ofMinutes(10));
        everythingSettles();
        time.pass(Duration.ofMinutes(10));
        everythingSettles();
        assertThat(clinic.answersKept(visit)).isEmpty();
    }

    @Test
    void asksAPersonWhetherAVisitThatWasMovedIsStillToBeCancelled() {
        var ana = clinic.patient("en");
        var visit = reminded(ana);
        clinic.ehrWill("error", visit, 5);
        ana.phone().writes("please cancel my appointment");
        ana.phone().hasText(2);
        everythingSettles();
        clinic.moves(visit, time.inDays(6, 9, 0));
        time.pass(Duration.ofMinutes(10));
        assertThat(clinic.coordinator().hasTask(ana).path("reason").asString()).isEqualTo("ehr-refused");
        assertThat(clinic.answersKept(visit)).isEmpty();
    }

    @Test
    void tellsTheEhrOfAnotherTimeAndLetsAPersonFindIt() {
        var ana = clinic.patient("en");
        var visit = reminded(ana);
        ana.phone().writes("I need another day");
        ana.phone().hasText(2);
        assertThat(clinic.coordinator().hasTask(ana).path("reason").asString()).isEqualTo("asks-to-move");
        soon().untilAsserted(() -> assertThat(clinic.answersKept(visit)).containsExactly("tentative"));
    }

    @Test
    void keepsRemindersBackWhileTheFeedIsSilent() {
        var ana = clinic.patient("en");
        var visit = clinic.books(ana, time.inDays(1, 15, 30));
        everythingSettles();
        silenceLimit("2 hours");
        try {
            time.pass(Duration.ofHours(3));
            everythingSettles();
            assertThat(ana.phone().texts())
                    .as("the visit may have been moved since")
                    .isEmpty();
            var alarm = clinic.everything().tasksFor("source-silent").getFirst();
            assertThat(alarm.path("title").asString()).startsWith("Nothing heard from ehr since ");

            clinic.tellsAgain(visit);
            time.pass(Duration.ofMinutes(2));
            assertThat(ana.phone().hasText(1)).contains("your visit is on");
            assertThat(clinic.everything().tasksFor("source-silent")).isEmpty();
        } finally {
            silenceLimit(null);
        }
    }

    private void silenceLimit(@org.jspecify.annotations.Nullable String limit) {
        asOwner()
                .sql("update source_system set silence_limit = cast(? as interval) where id = 'ehr'")
                .params(java.util.Arrays.asList(limit))
                .update();
    }

    private Visit reminded(Patient patient) {
        time.laterToday(11, 0);
        var visit = clinic.books(patient, time.inDays(1, 15, 30));
        patient.phone().hasText(1);
        everythingSettles();
        return visit;
    }
}
