package health.throughline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.consent.ConsentLedger;
import health.throughline.consent.ConsentLedger.Statement;
import health.throughline.patient.Parties;
import health.throughline.patient.PatientId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** K13: of a visit that is for the patient alone, a neutral sender speaks, and to nobody else. */
class SensitiveVisitScenarioTest extends ScenarioTest {

    @Autowired
    private Parties parties;

    @Autowired
    private ConsentLedger ledger;

    @Test
    void k13SpeaksUnderANeutralNameAndIsMarkedSoThatNothingIsMergedWithIt() {
        var ana = clinic.patient("en");
        clinic.booksVisitsOf("BH-FU");
        clinic.books(ana, time.inDays(1, 9, 0));
        time.laterToday(10, 0);
        assertThat(ana.phone().hasText(1))
                .startsWith("Your care team: Hello Ana")
                .doesNotContain("Mercy Valley", "Behavioral");
        assertThat(inTransaction(() -> jdbc.sql("select bool_and(sensitive) from message where patient_id = ?")
                        .param(ana.id())
                        .query(Boolean.class)
                        .single()))
                .isTrue();
    }

    @Test
    void k13NothingIsSaidTogetherWithIt() {
        var ana = clinic.patient("en");
        clinic.books(ana, time.inDays(1, 14, 0));
        clinic.booksVisitsOf("BH-FU");
        clinic.books(ana, time.inDays(1, 15, 30));
        time.laterToday(10, 0);
        ana.phone().hasText(1);
        everythingSettles();
        time.laterToday(15, 0);
        ana.phone().hasText(2);
        assertThat(ana.phone().texts())
                .noneMatch(text -> text.contains("more than one visit"))
                .satisfiesOnlyOnce(text -> assertThat(text).startsWith("Your care team: Hello Ana"))
                .satisfiesOnlyOnce(text -> assertThat(text).startsWith("Mercy Valley: Hello Ana"));
    }

    @Test
    void k13AVisitTheEhrLabelsIsSensitiveWhateverItsTypeAndAsSoonAsItIsLabelled() {
        var ana = clinic.patient("en");
        var visit = clinic.books(ana, time.inDays(1, 9, 0));
        clinic.labelsVisits("http://terminology.hl7.org/CodeSystem/v3-ActCode", "SUD");
        clinic.moves(visit, visit.start());
        time.laterToday(10, 0);
        assertThat(ana.phone().hasText(1))
                .startsWith("Your care team: Hello Ana")
                .doesNotContain("Mercy Valley");
        assertThat(sensitive(ana)).isTrue();
    }

    @Test
    void k13ALabelThatRestrictsNothingChangesNothing() {
        var ana = clinic.patient("en");
        clinic.labelsVisits("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "N");
        clinic.books(ana, time.inDays(1, 9, 0));
        time.laterToday(10, 0);
        assertThat(ana.phone().hasText(1)).startsWith("Mercy Valley: Hello Ana");
        assertThat(sensitive(ana)).isFalse();
    }

    /** Of what was said last, and so of whether anything may be merged with it, or told to anybody else. */
    private Boolean sensitive(Clinic.Patient patient) {
        return inTransaction(() -> jdbc.sql(
                        "select sensitive from message where patient_id = ? order by created_at desc, id desc limit 1")
                .param(patient.id())
                .query(Boolean.class)
                .single());
    }

    @Test
    void k13OnAPhoneThatOthersReadSaysOnlyThatThereIsAMessage() {
        var ana = clinic.patient("en");
        clinic.patientOnThePhoneOf(ana, "Luz");
        clinic.booksVisitsOf("BH-FU");
        clinic.books(ana, time.inDays(1, 9, 0));
        time.laterToday(10, 0);
        assertThat(ana.phone().hasText(1))
                .startsWith(
                        "Your care team: We have a message for one of the people who use this number. Please call us:")
                .doesNotContain("Ana", "visit", "East Building", "Mercy Valley");
    }

    @Test
    void k8TwoAdultsOnOnePhoneAreToldOnlyToCall() {
        var ana = clinic.patient("es");
        clinic.adultOnThePhoneOf(ana, "Ben");
        clinic.books(ana, time.inDays(1, 9, 0));
        time.laterToday(10, 0);
        assertThat(ana.phone().hasText(1))
                .startsWith("Mercy Valley: Tenemos un mensaje para una de las personas que usan este número.")
                .doesNotContain("Ana", "visita", "East Building");
    }

    @Test
    void anOrdinaryVisitIsSpokenOfByTheHospital() {
        var ana = clinic.patient("en");
        clinic.books(ana, time.inDays(1, 9, 0));
        time.laterToday(10, 0);
        assertThat(ana.phone().hasText(1)).startsWith("Mercy Valley: Hello Ana");
        assertThat(inTransaction(() -> jdbc.sql("select bool_or(sensitive) from message where patient_id = ?")
                        .param(ana.id())
                        .query(Boolean.class)
                        .single()))
                .isFalse();
    }

    @Test
    void k8NoParentHearsOfTheSensitiveVisitsThatAMinorAnswersAbout() {
        var ana = clinic.minor("en");
        var mother = clinic.relativeOf(ana, "MTH");
        var father = clinic.relativeWithMailOnly(ana, "FTH");
        everybodyAgreedToBeWrittenTo(ana);
        clinic.booksVisitsOf("BH-FU");
        var visits = List.of(clinic.books(ana, time.inDays(1, 14, 0)), clinic.books(ana, time.inDays(1, 15, 30)));
        time.laterToday(10, 0);
        ana.phone().hasText(1);
        time.laterToday(15, 0);
        assertThat(ana.phone().hasText(2)).startsWith("Your care team: Hello Ana");
        everythingSettles();

        ana.phone().writes("yes");
        var coordinator = clinic.coordinator();
        assertThat(coordinator.hasTask(ana).path("reason").asString()).isEqualTo("which-unclear");
        everythingSettles();
        assertThat(visits).extracting(this::answerTo).containsOnly("none");
        assertThat(ana.phone().texts()).as("the visits are in no list").hasSize(2);

        ana.phone().writes("CANCEL");
        soon().untilAsserted(() -> assertThat(coordinator.tasksFor("cancel-keyword"))
                .singleElement()
                .satisfies(task -> assertThat(task.path("title").asString()).contains("for the patient alone")));
        everythingSettles();
        assertThat(mother.texts()).isEmpty();
        assertThat(father.mails()).isEmpty();
    }

    @Test
    void k8WhatAMinorWritesFromTheirOwnPhoneNoParentIsAskedAbout() {
        var ana = clinic.minor("en");
        var father = clinic.relativeWithMailOnly(ana, "FTH");
        everybodyAgreedToBeWrittenTo(ana);
        ana.phone().writes("CANCEL");
        assertThat(clinic.coordinator().hasTask(ana).path("reason").asString()).isEqualTo("cancel-keyword");
        everythingSettles();
        assertThat(father.mails()).isEmpty();
    }

    /** So that nothing but who may be told of what decides. */
    private void everybodyAgreedToBeWrittenTo(Clinic.Patient child) {
        inTransaction(() -> {
            parties.relatedTo(new PatientId(child.id()))
                    .forEach(one -> ledger.grant(
                            one.party(),
                            null,
                            null,
                            new Statement(
                                    "intake-form", "test", "I agree to messages", "all", "test", clock.instant())));
            return true;
        });
    }
}
