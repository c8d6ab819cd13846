package health.throughline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.scenario.Clinic.Patient;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Bad data: an old number re-sent, a wrong merge undone, a death between booking and sending, a record that may be somebody else's. */
class BadDataScenarioTest extends ScenarioTest {

    @Test
    void keepsTheVerifiedNumberWhenTheOldOneIsSentAgain() {
        var ana = clinic.patient("en");
        var other = clinic.phone();
        var coordinator = clinic.coordinator();
        var refused = coordinator.does(ana, "contact-points", "{\"value\":\"12\"}");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body().toString()).contains("value").doesNotContain("\"12\"");
        coordinator
                .does(ana, "contact-points", "{\"system\":\"phone\",\"value\":\"" + other.number() + "\"}")
                .good();
        clinic.tellsAgain(ana);

        time.laterToday(11, 0);
        clinic.books(ana, time.inDays(1, 15, 30));
        assertThat(other.hasText(1)).contains("Ana");
        everythingSettles();
        assertThat(ana.phone().texts()).isEmpty();
    }

    @Test
    void undoesAWrongMergeWhole() {
        var first = clinic.patient("en");
        var second = clinic.patient("en");
        var coordinator = clinic.coordinator();
        time.laterToday(11, 0);
        var before = clinic.books(second, time.inDays(3, 15, 30));
        everythingSettles();

        JsonNode merged = coordinator
                .does(second, "merge", "{\"into\":\"" + first.id() + "\",\"reason\":\"same-person\"}")
                .good();
        assertThat(merged.path("merged").path(0).path("id").asString())
                .isEqualTo(second.id().toString());
        assertThat(coordinator
                        .does(second, "merge", "{\"into\":\"" + first.id() + "\",\"reason\":\"same-person\"}")
                        .status())
                .isEqualTo(409);
        var during = clinic.books(second, time.inDays(1, 9, 30));
        assertThat(first.phone().hasText(1)).contains("9:30");
        first.phone().writes("yes");
        first.phone().hasText(2);
        everythingSettles();
        assertThat(second.phone().texts())
                .as("one person, the surviving record's phone")
                .isEmpty();
        assertThat(titles(coordinator, first)).contains("Another record of the same person was joined to this one");
        assertThat(visitsOf(second.id())).as("facts stay where they came from").isEqualTo(2);

        coordinator.does(second, "unmerge", "{\"reason\":\"wrong-merge\"}").good();
        assertThat(visitsOf(first.id())).isZero();
        assertThat(visitsOf(second.id())).isEqualTo(2);
        assertThat(answerTo(during)).isEqualTo("confirmed");
        time.goTo(before.start().minusDays(1).withHour(10).withMinute(0));
        assertThat(second.phone().hasText(1)).contains("3:30");
        everythingSettles();
        assertThat(first.phone().texts()).as("nothing of the other's any more").hasSize(2);
    }

    @Test
    void saysNothingToAPatientWhoDiedBeforeTheTextWent() {
        var ana = clinic.patient("en");
        time.laterToday(22, 0);
        clinic.books(ana, time.inDays(1, 20, 0));
        everythingSettles();
        assertThat(messagesTo(ana)).containsExactly("queued");
        clinic.learnsOfTheDeathOf(ana);
        time.nextDay(10, 0);
        everythingSettles();
        assertThat(ana.phone().texts()).isEmpty();
        journeyEnds(ana, "withdrawn", "patient-died");
    }

    @Test
    void freezesARecordThatMayBeSomebodyElses() {
        var ana = clinic.patient("en");
        time.laterToday(11, 0);
        clinic.books(ana, time.inDays(3, 15, 30));
        clinic.books(ana, time.inDays(1, 15, 30));
        ana.phone().hasText(1);
        everythingSettles();
        var coordinator = clinic.coordinator();
        assertThat(coordinator
                        .does(ana, "freeze", "{\"reason\":\"Wrong person!\"}")
                        .status())
                .isEqualTo(422);
        coordinator.does(ana, "freeze", "{\"reason\":\"wrong-person-linked\"}").good();
        var task = coordinator.tasks(ana, "open").stream()
                .filter(each -> each.path("reason").asString().equals("privacy"))
                .findFirst()
                .orElseThrow();
        assertThat(task.path("title").asString()).endsWith("who got its message");
        var disclosures = clinic.supervisor().get("/api/v1/patients/" + ana.id() + "/disclosures");
        assertThat(disclosures.path("items").size()).isEqualTo(1);
        assertThat(disclosures.path("items").path(0).path("address").asString())
                .isEqualTo("…" + ana.number().substring(ana.number().length() - 4));

        time.pass(Duration.ofDays(1).plusHours(23));
        everythingSettles();
        assertThat(ana.phone().texts()).as("frozen").hasSize(1);
        coordinator.does(ana, "settle", "{\"reason\":\"checked\"}").good();
        assertThat(coordinator.does(ana, "settle", "{\"reason\":\"checked\"}").status())
                .isEqualTo(409);
    }

    @Test
    @DisplayName(
            "R32: what was booked while the feed's clash had the record frozen is reminded of once that is settled; tests stay tests")
    void startsTheJourneysOfWhatWasBookedWhileTheRecordWasFrozen() {
        var ana = clinic.patient("en");
        var coordinator = clinic.coordinator();
        clinic.takesForSomebodyElse(ana, "");
        clinic.takesForSomebodyElse(ana, "");
        JsonNode task = coordinator.hasTask(ana);
        assertThat(task.path("reason").asString()).isEqualTo("privacy");
        clinic.books(ana, time.inDays(3, 15, 30));
        assertThat(journeysOf(ana)).isEmpty();
        coordinator.does(ana, "settle", "{\"reason\":\"checked\"}").good();
        soon().untilAsserted(
                        () -> assertThat(journeysOf(ana)).extracting(Way::state).containsExactly("active"));

        var ben = clinic.patient("en");
        clinic.marksAsTest(ben);
        clinic.takesForSomebodyElse(ben, Clinic.TEST);
        assertThat(coordinator
                        .does(ben, "settle", "{\"reason\":\"checked\"}")
                        .good()
                        .path("status")
                        .asString())
                .isEqualTo("test");
    }

    @Test
    @DisplayName(
            "R32: a death that the EHR takes back is a person's to settle, and the visits to come are reminded of again")
    void takesBackADeathThatTheEhrTookBack() {
        var ana = clinic.patient("en");
        var coordinator = clinic.coordinator();
        clinic.books(ana, time.inDays(9, 15, 30));
        clinic.learnsOfTheDeathOf(ana);
        journeyEnds(ana, "withdrawn", "patient-died");
        assertThat(coordinator.does(ana, "settle", "{\"reason\":\"checked\"}").status())
                .as("the EHR says so")
                .isEqualTo(409);
        clinic.learnsThatLives(ana);
        clinic.learnsThatLives(ana);
        JsonNode task = coordinator.hasTask(ana);
        assertThat(task.path("reason").asString()).isEqualTo("death-retracted");
        assertThat(journeysOf(ana)).hasSize(1);
        coordinator.does(ana, "settle", "{\"reason\":\"checked\"}").good();
        soon().untilAsserted(() ->
                assertThat(journeysOf(ana)).extracting(Way::state).containsExactly("withdrawn", "active"));

        clinic.learnsOfTheDeathOf(ana);
        journeyEnds(ana, "withdrawn", "patient-died");
        assertThat(coordinator.does(ana, "settle", "{\"reason\":\"checked\"}").status())
                .as("dead after all")
                .isEqualTo(409);
    }

    private static java.util.List<String> titles(Coordinator coordinator, Patient patient) {
        return coordinator.timeline(patient).stream()
                .map(entry -> entry.path("title").asString())
                .toList();
    }

    private long visitsOf(UUID patient) {
        return inTransaction(() -> jdbc.sql("select count(*) from appointment where patient_id = ?")
                .param(patient)
                .query(Long.class)
                .single());
    }
}
