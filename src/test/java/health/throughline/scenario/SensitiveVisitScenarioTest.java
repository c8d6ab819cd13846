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
