package health.throughline.journey;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.scenario.Clinic.Patient;
import health.throughline.scenario.Clinic.Visit;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TellEhrJourneyTest extends JourneyPaths {

    TellEhrJourneyTest() {
        super("tell-ehr");
    }

    @Test
    void hearsTheEhrAtOnce() {
        var ana = walks(clinic.patient("en"));
        reminded(ana);
        ana.phone().writes("yes");
        journeyEnds(ana, "completed", "Confirmed");
        assertThat(callsFor(ana))
                .containsExactly(
                        java.util.List.of("Start", "AskEhr", "WordExpected", "WaitForWord", "SaidAtOnce", "Heard"));
    }

    @Test
    void saysPassedOnWhenItTakesLong() {
        var ana = walks(clinic.patient("en"));
        clinic.ehrWill("error", reminded(ana), 6);
        ana.phone().writes("yes");
        time.pass(Duration.ofMinutes(2));
        assertThat(ana.phone().hasText(2)).contains("We passed on your answer");
        for (int minutes = 0; ana.phone().texts().size() < 3 && minutes < 30; minutes += 6) {
            time.pass(Duration.ofMinutes(6));
            everythingSettles();
        }
        journeyEnds(ana, "completed", "Confirmed");
        assertThat(callsFor(ana).getFirst())
                .containsSubsequence("WaitForWord", "TakesLong", "SayPassedOn", "SaidLater", "Heard");
    }

    @Test
    void waitsForNothingWhereAPersonActs() {
        var ana = walks(clinic.patient("en"));
        reminded(ana);
        ana.phone().writes("I need another day");
        clinic.coordinator().hasTask(ana);
        assertThat(callsFor(ana)).containsExactly(java.util.List.of("Start", "AskEhr", "WordExpected", "Told"));
    }

    private Visit reminded(Patient patient) {
        time.laterToday(11, 0);
        var visit = clinic.books(patient, time.inDays(1, 15, 30));
        patient.phone().hasText(1);
        everythingSettles();
        return visit;
    }
}
