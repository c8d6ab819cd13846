package health.throughline.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** K11: the days on which no office answers. */
class HolidaysTest {

    private final Holidays holidays =
            Facts.FILES.inForce(RuleFiles.HOLIDAYS, Facts.NOON).as(Holidays.class);

    /** As the Office of Personnel Management lists them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-01", "2026-01-19", "2026-02-16", "2026-05-25", "2026-06-19", "2026-07-03", "2026-09-07",
                "2026-10-12", "2026-11-11", "2026-11-26", "2026-12-25", "2027-01-01", "2027-01-18", "2027-06-18",
                "2027-07-05", "2027-11-25", "2027-12-24", "2027-12-31"
            })
    void k11KnowsTheFederalHolidaysAndWhenTheyAreKept(String day) {
        assertThat(holidays.on(LocalDate.parse(day))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-07-04", "2026-11-27", "2026-12-24", "2027-07-04", "2026-03-12"})
    void k11KnowsNoOthers(String day) {
        assertThat(holidays.on(LocalDate.parse(day))).isFalse();
    }

    @Test
    void refusesADayThatIsBothOrNeither() {
        assertThatThrownBy(() -> new Holidays(List.of(new Holidays.Holiday("Some day", 5, null, null, null))))
                .hasMessageContaining("Some day");
    }
}
