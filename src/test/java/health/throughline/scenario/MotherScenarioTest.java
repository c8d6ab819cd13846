package health.throughline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.scenario.Clinic.Patient;
import health.throughline.scenario.Clinic.Visit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A mother with three children on one phone: an answer counts for what it names, and her STOP for all. */
class MotherScenarioTest extends ScenarioTest {

    @Test
    void asksWhichWhenYesMayMeanThreeAndStopsForAll() {
        var mateo = clinic.patient("en");
        var lucia = clinic.patientOnThePhoneOf(mateo, "Lucia");
        var zoe = clinic.patientOnThePhoneOf(mateo, "Zoe");
        var phone = mateo.phone();
        int before = phone.texts().size();
        var visits = visitsTomorrow(mateo, lucia, zoe);
        int asked = phone.texts().size();
        assertThat(asked).as("one text for the three").isEqualTo(before + 1);
        assertThat(phone.hasText(asked)).contains("1) ", "2) Lucia: ", "3) Zoe: ", "9:30", "Will you come?");

        phone.writes("yes");
        assertThat(phone.hasText(asked + 1))
                .contains("more than one visit", "1) A., ", "2) L., ", "3) Z., ", "9:30")
                .doesNotContain("Lucia", "Cardiology", "Sample");
        assertThat(visits).extracting(this::answerTo).containsOnly("none");

        phone.writes("2 only");
        assertThat(phone.hasText(asked + 2)).contains("Thank you, Lucia");
        journeyEnds(lucia, "completed", "Confirmed");
        assertThat(visits).extracting(this::answerTo).containsExactly("none", "confirmed", "none");
        // "only" says something of the others too: a person asks
        var coordinator = clinic.coordinator();
        for (Patient other : List.of(mateo, zoe)) {
            assertThat(coordinator.hasTask(other).path("reason").asString()).isEqualTo("unclear-reply");
            assertThat(journeyOf(other).state()).isEqualTo("active");
        }

        phone.writes("STOP");
        everythingSettles();
        int then = phone.texts().size();
        for (Patient child : List.of(mateo, lucia, zoe)) {
            assertThat(coordinator.foresees(child, "Hello").path("outcome").asString())
                    .isEqualTo("may-not");
            clinic.books(child, time.inDays(2, 14, 0));
        }
        time.nextDay(10, 0);
        everythingSettles();
        assertThat(phone.texts()).hasSize(then);
    }

    @Test
    void takesSomeAndLeavesTheRestOpen() {
        var ana = clinic.patient("es");
        var luz = clinic.patientOnThePhoneOf(ana, "Luz");
        var zoe = clinic.patientOnThePhoneOf(ana, "Zoe");
        var phone = ana.phone();
        var visits = visitsTomorrow(ana, luz, zoe);
        int asked = phone.texts().size();

        phone.writes("sí");
        assertThat(phone.hasText(asked + 1)).contains("más de una visita", "2) L., ", "TODAS");
        phone.writes("la 1 y la 3, gracias");
        journeyEnds(ana, "completed", "Confirmed");
        journeyEnds(zoe, "completed", "Confirmed");
        assertThat(visits).extracting(this::answerTo).containsExactly("confirmed", "none", "confirmed");
        assertThat(journeyOf(luz).state()).isEqualTo("active");
        everythingSettles();

        // one is left, so a bare yes can only mean that
        phone.writes("sí");
        journeyEnds(luz, "completed", "Confirmed");
        assertThat(answerTo(visits.get(1))).isEqualTo("confirmed");
    }

    @Test
    void takesAllAtOnce() {
        var ana = clinic.patient("en");
        var luz = clinic.patientOnThePhoneOf(ana, "Luz");
        var visits = visitsTomorrow(ana, luz);
        int asked = ana.phone().texts().size();
        ana.phone().writes("Yes all");
        everythingSettles();
        assertThat(visits).extracting(this::answerTo).containsOnly("confirmed");
        assertThat(ana.phone().hasText(asked + 2)).contains("Thank you");
    }

    @Test
    void knowsTheVisitByItsHour() {
        var ana = clinic.patient("en");
        var afternoon = clinic.books(ana, time.inDays(1, 15, 30));
        var morning = clinic.books(ana, time.inDays(1, 9, 0));
        time.laterToday(10, 0);
        assertThat(ana.phone().hasText(1)).contains("1) ", "9:00", "2) ", "3:30");

        ana.phone().writes("yes, at 3:30");
        everythingSettles();
        assertThat(answerTo(afternoon)).isEqualTo("confirmed");
        assertThat(answerTo(morning)).isEqualTo("none");
    }

    @Test
    void keepsTheWishForTheNumbersThatFollow() {
        var ana = clinic.patient("en");
        var luz = clinic.patientOnThePhoneOf(ana, "Luz");
        var zoe = clinic.patientOnThePhoneOf(ana, "Zoe");
        var visits = visitsTomorrow(ana, luz, zoe);
        int asked = ana.phone().texts().size();
        ana.phone().writes("We can't come");
        assertThat(ana.phone().hasText(asked + 1)).contains("Which do you mean?");
        ana.phone().writes("2");
        everythingSettles();
        assertThat(visits).extracting(this::answerTo).containsExactly("none", "cancel-requested", "none");

        // one more to cancel, or one to keep? A person asks
        ana.phone().writes("3");
        everythingSettles();
        assertThat(visits).extracting(this::answerTo).containsExactly("none", "cancel-requested", "none");
        oneOfThemIsAPersons(ana, luz, zoe);
    }

    @Test
    void bringsAPersonWhenTheQuestionWhichDoesNotArrive() {
        var ana = clinic.patient("en");
        var luz = clinic.patientOnThePhoneOf(ana, "Luz");
        visitsTomorrow(ana, luz);
        ana.phone().meets("undelivered");
        ana.phone().writes("We can't come");
        var coordinator = clinic.coordinator();
        soon().untilAsserted(() -> assertThat(coordinator.tasksFor("which-undelivered"))
                .singleElement()
                .satisfies(task -> assertThat(task.path("title").asString())
                        .startsWith("Wants to cancel one of several visits, and our question by text which one")));
    }

    @Test
    void bringsAPersonWhenTheSecondAnswerSaysNoMoreThanTheFirst() {
        var ana = clinic.patient("en");
        var luz = clinic.patientOnThePhoneOf(ana, "Luz");
        var visits = visitsTomorrow(ana, luz);
        int asked = ana.phone().texts().size();
        ana.phone().writes("ok yes");
        ana.phone().hasText(asked + 1);
        ana.phone().writes("yes");
        everythingSettles();
        assertThat(visits).extracting(this::answerTo).containsOnly("none");
        assertThat(ana.phone().texts()).hasSize(asked + 1);
        oneOfThemIsAPersons(ana, luz);
    }

    /** The message is kept with whoever was asked about last. */
    private void oneOfThemIsAPersons(Patient... children) {
        var coordinator = clinic.coordinator();
        soon().untilAsserted(() -> assertThat(java.util.Arrays.stream(children)
                        .flatMap(child -> coordinator.tasks(child, "open").stream())
                        .map(task -> task.path("reason").asString()))
                .contains("which-unclear"));
    }

    /** At 9:00, 9:30 and 10:00; all asked about. */
    private List<Visit> visitsTomorrow(Patient... children) {
        var visits = new java.util.ArrayList<Visit>();
        for (Patient child : children) {
            visits.add(clinic.books(child, time.inDays(1, 9, 0).plusMinutes(30L * visits.size())));
        }
        time.laterToday(10, 0);
        soon().untilAsserted(() -> assertThat(openItems(children)).isEqualTo(children.length));
        everythingSettles();
        return visits;
    }

    private Integer openItems(Patient... children) {
        return inTransaction(() -> jdbc.sql(
                        "select count(*) from question_item where closed_at is null and patient_id = any(:patients)")
                .param(
                        "patients",
                        java.util.Arrays.stream(children).map(Patient::id).toArray(java.util.UUID[]::new))
                .query(Integer.class)
                .single());
    }
}
