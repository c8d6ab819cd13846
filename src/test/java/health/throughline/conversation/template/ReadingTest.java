package health.throughline.conversation.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReadingTest {

    @Test
    void countsEnglishSyllables() {
        Map<String, Integer> known = Map.ofEntries(
                Map.entry("come", 1),
                Map.entry("need", 1),
                Map.entry("another", 3),
                Map.entry("questions", 2),
                Map.entry("reply", 2),
                Map.entry("visit", 2),
                Map.entry("called", 1),
                Map.entry("needed", 2),
                Map.entry("table", 2),
                Map.entry("emergency", 4),
                Map.entry("automated", 4),
                Map.entry("message", 3),
                Map.entry("you", 1),
                Map.entry("thank", 1),
                Map.entry("changes", 2),
                Map.entry("person", 2),
                Map.entry("contact", 2),
                Map.entry("we're", 1),
                Map.entry("doesn't", 2),
                Map.entry("area", 3));
        long right = known.entrySet().stream()
                .filter(word -> Reading.englishSyllables(word.getKey()) == word.getValue())
                .count();
        // a rule of thumb: "message" comes out one too many or few, as in every counter of its kind
        assertThat(right).isGreaterThanOrEqualTo(known.size() - 3);
    }

    @Test
    void countsSpanishSyllables() {
        Map<String, Integer> known = Map.ofEntries(
                Map.entry("cita", 2),
                Map.entry("visita", 3),
                Map.entry("gracias", 2),
                Map.entry("d\u00eda", 2),
                Map.entry("mi\u00e9rcoles", 3),
                Map.entry("quiere", 2),
                Map.entry("pregunta", 3),
                Map.entry("muy", 1),
                Map.entry("estaci\u00f3n", 3),
                Map.entry("ayuda", 3),
                Map.entry("llegue", 2),
                Map.entry("ciudad", 2),
                Map.entry("a\u00fan", 2),
                Map.entry("lea", 2),
                Map.entry("escriba", 3),
                Map.entry("ya", 1));
        known.forEach((word, syllables) ->
                assertThat(Reading.spanishSyllables(word)).as(word).isEqualTo(syllables));
    }

    @Test
    @DisplayName("K14: grade by Flesch and Kincaid")
    void gradesEnglish() {
        // 3 sentences, 15 words, 18 syllables
        assertThat(Reading.english("The cat sat on the mat. It was a sunny day. We went home happy.")
                        .grade())
                .isCloseTo(0.39 * 5 + 11.8 * 18 / 15 - 15.59, within(0.9));
        assertThat(Reading.english(
                                "Notification regarding the rescheduling of your upcoming consultation necessitates immediate verification of availability.")
                        .grade())
                .isGreaterThan(12);
    }

    @Test
    void placesSpanishOnTheInfleszScale() {
        assertThat(Reading.spanish("Hola. Su visita es el lunes. \u00bfVa a venir? Responda s\u00ed.")
                        .band())
                .isIn("very easy", "fairly easy");
        assertThat(Reading.spanish(
                                "La notificaci\u00f3n correspondiente a la reprogramaci\u00f3n administrativa de procedimientos requiere verificaci\u00f3n inmediata de disponibilidad.")
                        .band())
                .isEqualTo("very difficult");
    }
}
