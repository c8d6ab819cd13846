package health.throughline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A visit is booked, the patient is reminded in Spanish, says yes, and is thanked. */
class OrdinaryTuesdayScenarioTest extends ScenarioTest {

    @Test
    void remindsInSpanishAndHearsTheYes() {
        var ana = clinic.patient("es");
        var visit = clinic.books(ana, time.inDays(9, 15, 30));
        ZonedDateTime reminder = time.inDays(2, 10, 0);
        everythingSettles();
        assertThat(ana.phone().texts()).isEmpty();

        time.goTo(reminder.minusMinutes(5));
        everythingSettles();
        assertThat(ana.phone().texts()).isEmpty();

        time.goTo(reminder);
        assertThat(ana.phone().hasText(1))
                .startsWith("Mercy Valley: Hola Ana, su visita es el ")
                .contains("15:30", "East Building, floor 3, 100 Example Avenue, Denver", "Garage B", "Responda SI")
                .doesNotContain("Cardiology");

        ana.phone().writes("sí");
        assertThat(ana.phone().hasText(2)).contains("Gracias, Ana", "Anotamos que vendrá");
        journeyEnds(ana, "completed", "Confirmed");
        assertThat(answerTo(visit)).isEqualTo("confirmed");
        assertThat(clinic.api()
                        .get("/api/v1/journeys/instances/" + journeyOf(ana).id())
                        .good()
                        .path("steps")
                        .valueStream()
                        .map(step -> step.path("sentence").asString()))
                .as("every step in a sentence")
                .containsSubsequence(
                        "Visit is booked.",
                        "Is a reminder still due? Yes.",
                        "What did the patient say? Yes.",
                        "What does the EHR say? The visit stands.",
                        "Visit confirmed.")
                .contains("Will it go? Yes.", "Patient answers.", "The EHR answers.");

        var timeline = clinic.coordinator().timeline(ana);
        JsonNode said = timeline.stream()
                .filter(entry -> entry.path("title").asString().equals("Reminder of the visit"))
                .findFirst()
                .orElseThrow();
        assertThat(said.path("why").asString()).contains("consent");
        assertThat(Instant.parse(said.path("at").asString()))
                .isBetween(reminder.toInstant(), reminder.plusMinutes(1).toInstant());
        assertThat(said.path("by").path("kind").asString()).isEqualTo("journey");
        assertThat(said.path("details")
                        .path("tracked")
                        .valueStream()
                        .map(tracked -> tracked.path("what").asString()))
                .containsExactlyInAnyOrder("delivered", "replied");
        assertThat(clinic.supervisor()
                        .get("/api/v1/engagement")
                        .path("items")
                        .valueStream()
                        .filter(channel -> channel.path("channel").asString().equals("sms")))
                .singleElement()
                .satisfies(sms -> {
                    assertThat(sms.path("sent").asInt()).isGreaterThanOrEqualTo(2);
                    assertThat(sms.path("delivered").asInt()).isPositive();
                    assertThat(sms.path("replied").asInt()).isPositive();
                });
        assertThat(timeline).anyMatch(entry -> entry.path("title").asString().equals("Answer taken down: confirmed"));
        assertThat(timeline)
                .anyMatch(entry -> entry.path("kind").asString().equals("reply")
                        && entry.path("text").asString().equals("sí"));
    }

    @Test
    void saysNothingWhenTheFeedRepeatsItself() {
        var ana = clinic.patient("es");
        var visit = clinic.books(ana, time.inDays(1, 15, 30));
        clinic.tellsAgain(visit);
        time.laterToday(10, 0);
        ana.phone().hasText(1);
        ana.phone().writes("sí");
        ana.phone().hasText(2);
        journeyEnds(ana, "completed", "Confirmed");

        clinic.tellsAgain(visit);
        time.nextDay(10, 0);
        everythingSettles();
        assertThat(ana.phone().texts()).hasSize(2);
        assertThat(journeysOf(ana)).hasSize(1);
    }
}
