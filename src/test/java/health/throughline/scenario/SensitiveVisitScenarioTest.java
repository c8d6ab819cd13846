package health.throughline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** K13: of a visit that is for the patient alone, a neutral sender speaks, and to nobody else. */
class SensitiveVisitScenarioTest extends ScenarioTest {

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
}
