package health.throughline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.scenario.Clinic.Patient;
import health.throughline.scenario.Clinic.Visit;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The journey goes where the visit and the patient go. */
class FollowsTheVisitScenarioTest extends ScenarioTest {

    private static final String QUESTION = "Should I stop my blood thinner before?";

    @Test
    void startsAnewWhenTheVisitMovesAndSuppressesWhatIsUnsent() {
        var ana = clinic.patient("en");
        time.laterToday(22, 0);
        // too late in the evening for a text: it is planned for the morning
        var visit = clinic.books(ana, time.inDays(1, 15, 30));
        everythingSettles();
        assertThat(messagesTo(ana)).containsExactly("queued");

        clinic.moves(visit, time.inDays(2, 11, 15));
        everythingSettles();
        assertThat(messagesTo(ana).getFirst()).isEqualTo("suppressed");
        assertThat(journeysOf(ana)).extracting(Way::state).containsExactly("withdrawn", "active");
        assertThat(journeysOf(ana).getFirst().outcome()).isEqualTo("visit-moved");

        time.nextDay(10, 0);
        assertThat(ana.phone().hasText(1)).contains("11:15").doesNotContain("3:30");
    }

    @Test
    void stillRemindsOfAVisitThatWasUncertainForAWhile() {
        var ana = clinic.patient("en");
        time.laterToday(22, 0);
        var visit = clinic.books(ana, time.inDays(1, 15, 30));
        everythingSettles();
        clinic.marks(clinic.marks(visit, "pending"), "booked");
        everythingSettles();
        assertThat(messagesTo(ana)).containsExactly("queued");
        time.nextDay(10, 0);
        assertThat(ana.phone().hasText(1)).contains("3:30");
    }

    @Test
    void saysNoMoreOfAVisitThatIsCancelled() {
        var ana = clinic.patient("en");
        clinic.cancels(remindedOfTomorrow(ana));
        journeyEnds(ana, "withdrawn", "visit-cancelled");
        saysNothingMore(ana, 1);
    }

    @Test
    void saysNoMoreOfAVisitThatTheEhrDeletes() {
        var ana = clinic.patient("en");
        var visit = remindedOfTomorrow(ana);
        clinic.deletes(visit);
        journeyEnds(ana, "withdrawn", "visit-removed");
        clinic.tellsAgain(visit);
        saysNothingMore(ana, 1);
    }

    @Test
    void isSilentAfterADeath() {
        var ana = clinic.patient("en");
        var visit = clinic.books(ana, time.inDays(9, 15, 30));
        clinic.learnsOfTheDeathOf(ana);
        journeyEnds(ana, "withdrawn", "patient-died");
        clinic.moves(visit, time.inDays(8, 15, 30));
        assertThat(journeysOf(ana)).hasSize(1);
        saysNothingMore(ana, 0);
    }

    @Test
    void endsWhenTheVisitBegins() {
        var ana = clinic.patient("en");
        var visit = remindedOfTomorrow(ana);
        time.nextDay(8, 15);
        everythingSettles();
        int texts = ana.phone().texts().size();
        clinic.begins(visit);
        journeyEnds(ana, "withdrawn", "visit-begun");
        saysNothingMore(ana, texts);
    }

    @Test
    void endsWithTheTimeOfTheVisit() {
        var ana = clinic.patient("en");
        var visit = remindedOfTomorrow(ana);
        var coordinator = clinic.coordinator();
        time.laterToday(20, 30);
        everythingSettles();
        time.goTo(visit.start().minusHours(1));
        coordinator.hasTask(ana);

        time.goTo(visit.start());
        journeyEnds(ana, "completed", "VisitTime");
        assertThat(coordinator.tasks(ana, "open")).isEmpty();
        saysNothingMore(ana, 1);
    }

    @Test
    void catchesUpWithOneMessageNotThree() {
        var ana = clinic.patient("en");
        time.laterToday(11, 0);
        clinic.books(ana, time.inDays(1, 15, 30));
        ana.phone().hasText(1);
        everythingSettles();
        assertThat(messagesTo(ana)).hasSize(1);
    }

    @Test
    void neverRunsTwoJourneysForOneVisit() {
        var ana = clinic.patient("en");
        clinic.books(ana, time.inDays(5, 15, 30));
        var way = journeyOf(ana);
        String appointment = inTransaction(() -> jdbc.sql("select subject_id from journey_instance where id = ?")
                .param(way.id())
                .query(String.class)
                .single());
        var again = clinic.api()
                .post(
                        "/api/v1/journeys/pre-visit/instances",
                        "{\"patient\":{\"id\":\"" + ana.id() + "\"},\"context\":{\"appointmentId\":\"" + appointment
                                + "\"}}",
                        "Idempotency-Key",
                        "again-" + appointment);
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.body().path("detail").asString()).contains(way.id().toString());
        assertThat(journeysOf(ana)).hasSize(1);
    }

    @Test
    void callsAPatientWhoHasOnlyALandlineAndGivesAPersonWhomNobodyReaches() {
        var ana = clinic.patientWithLandlineOnly("en");
        time.laterToday(11, 0);
        var visit = clinic.books(ana, time.inDays(1, 15, 30));
        var coordinator = clinic.coordinator();
        JsonNode task = coordinator.hasTask(ana);
        assertThat(task.path("reason").asString()).isEqualTo("unreachable");
        assertThat(task.path("tried").toString()).contains("the call did not reach anybody (no answer)");
        assertThat(messagesTo(ana)).containsExactly("undelivered");
        assertThat(ana.phone().texts()).isEmpty();
        coordinator.finishes(task, "{\"outcome\":\"confirmed\"}").good();
        journeyEnds(ana, "completed", "Settled");
        assertThat(answerTo(visit)).isEqualTo("confirmed");
    }

    @Test
    void hearsAnOptOutInWords() {
        var ana = clinic.patient("en");
        remindedOfTomorrow(ana);
        ana.phone().writes("pls stop");
        JsonNode task = clinic.coordinator().hasTask(ana);
        assertThat(task.path("reason").asString()).isEqualTo("opted-out");
        assertThat(revocations(ana)).containsExactly("sms-wording");
        assertThat(ana.phone().hasText(2)).contains("no more messages");
        saysNothingMore(ana, 2);
    }

    @Test
    void hearsTheExactWordStop() {
        var ana = clinic.patient("es");
        var visit = remindedOfTomorrow(ana);
        ana.phone().writes("STOP");
        JsonNode task = clinic.coordinator().hasTask(ana);
        assertThat(task.path("reason").asString()).isEqualTo("opted-out");
        assertThat(revocations(ana)).containsExactly("sms-keyword");
        clinic.moves(visit, visit.start().plusDays(1));
        saysNothingMore(ana, 1);
    }

    @Test
    void passesOnAWishForAnotherDay() {
        var ana = clinic.patient("es");
        var visit = remindedOfTomorrow(ana);
        ana.phone().writes("no puedo ese día");
        assertThat(ana.phone().hasText(2)).contains("Todavía no está cambiada");
        JsonNode task = clinic.coordinator().hasTask(ana);
        assertThat(task.path("reason").asString()).isIn("asks-to-move", "asks-to-cancel");
        assertThat(answerTo(visit)).isIn("move-requested", "cancel-requested");
    }

    @Test
    @DisplayName(
            "R32: a question stays a question, in the hands of who took it, when the EHR changes the visit or cancels it")
    void keepsAQuestionWhenTheVisitChanges() {
        var ana = clinic.patient("en");
        var visit = remindedOfTomorrow(ana);
        var coordinator = clinic.coordinator();
        JsonNode asked = asksAQuestion(ana, coordinator);
        coordinator.takes(asked).good();

        clinic.booksVisitsOf("ECHO");
        visit = clinic.marks(visit, "booked");
        assertThat(journeysOf(ana)).extracting(Way::outcome).startsWith("visit-changed");
        JsonNode kept = coordinator.hasTask(ana);
        assertThat(kept.path("reason").asString()).isEqualTo("asks-a-question");
        assertThat(kept.path("title").asString()).endsWith("; said before the visit was changed");
        assertThat(kept.path("tried").toString()).contains(QUESTION);
        assertThat(kept.path("state").asString()).isEqualTo("claimed");
        assertThat(kept.path("assignee").asString()).isEqualTo(coordinator.username());
        assertThat(coordinator.lists(ana, "mine")).isTrue();
        assertThat(coordinator.open(asked).path("events").toString()).contains("stands in a new task");

        clinic.cancels(visit);
        assertThat(coordinator.hasTask(ana).path("id")).isEqualTo(kept.path("id"));
        coordinator.finishes(kept, "{\"outcome\":\"spoke\"}").good();
        assertThat(coordinator.tasks(ana, "open")).isEmpty();
    }

    @Test
    @DisplayName("R32: a wish for another time stays until the EHR gives one")
    void keepsAWishForAnotherTimeUntilTheVisitMoves() {
        var ana = clinic.patient("en");
        var visit = remindedOfTomorrow(ana);
        ana.phone().writes("I need another day");
        ana.phone().hasText(2);
        var coordinator = clinic.coordinator();
        assertThat(coordinator.hasTask(ana).path("reason").asString()).isEqualTo("asks-to-move");

        clinic.booksVisitsOf("ECHO");
        visit = clinic.marks(visit, "booked");
        JsonNode kept = coordinator.hasTask(ana);
        assertThat(kept.path("reason").asString()).isEqualTo("asks-to-move");
        assertThat(kept.path("title").asString()).endsWith("; said before the visit was changed");

        clinic.moves(visit, visit.start().plusDays(3));
        assertThat(coordinator.tasks(ana, "open")).as("as wished").isEmpty();
    }

    @Test
    @DisplayName("R32: a question whose answer did not reach the patient yet comes back when the visit moves")
    void keepsAQuestionThatWaitsForTheNextTry() {
        var ana = clinic.patient("en");
        var visit = remindedOfTomorrow(ana);
        var coordinator = clinic.coordinator();
        JsonNode asked = asksAQuestion(ana, coordinator);
        coordinator.finishes(asked, "{\"outcome\":\"not_reached\"}").good();
        everythingSettles();
        assertThat(coordinator.tasks(ana, "open")).isEmpty();

        clinic.moves(visit, visit.start().plusDays(1));
        JsonNode kept = coordinator.hasTask(ana);
        assertThat(kept.path("reason").asString()).isEqualTo("asks-a-question");
        assertThat(kept.path("title").asString()).endsWith("; said before the visit was moved");
    }

    @Test
    @DisplayName("R32: nobody is asked to answer the dead")
    void closesAQuestionAfterADeath() {
        var ana = clinic.patient("en");
        remindedOfTomorrow(ana);
        var coordinator = clinic.coordinator();
        asksAQuestion(ana, coordinator);
        clinic.learnsOfTheDeathOf(ana);
        assertThat(coordinator.tasks(ana, "open")).isEmpty();
    }

    private static JsonNode asksAQuestion(Patient patient, Coordinator coordinator) {
        patient.phone().writes(QUESTION);
        JsonNode task = coordinator.hasTask(patient);
        assertThat(task.path("reason").asString()).isEqualTo("asks-a-question");
        return task;
    }

    private Visit remindedOfTomorrow(Patient patient) {
        time.laterToday(11, 0);
        var visit = clinic.books(patient, time.inDays(1, 15, 30));
        patient.phone().hasText(1);
        return visit;
    }

    /** Not in the next days either. */
    private void saysNothingMore(Patient patient, int texts) {
        for (int day = 0; day < 3; day++) {
            time.nextDay(10, 0);
            everythingSettles();
        }
        assertThat(patient.phone().texts()).hasSize(texts);
    }

    private List<String> revocations(Patient patient) {
        return inTransaction(
                () -> jdbc.sql("""
                        select distinct c.how from consent_event c join dispatch d on d.address_id = c.address_id
                        where d.patient_id = ? and c.action = 'revoke'
                        """).param(patient.id()).query(String.class).list());
    }
}
