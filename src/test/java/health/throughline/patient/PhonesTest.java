package health.throughline.patient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhonesTest {

    @ParameterizedTest
    @ValueSource(strings = {"(303) 555-0101", "303.555.0101", "1 303 555 0101", "+1-303-555-0101", "tel:+13035550101"})
    void readsNumbersAsPeopleWriteThem(String text) {
        assertThat(Phones.normalise(text)).isEqualTo("+13035550101");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"555-0101", "call me", "", "+1 000 000 0000", "303555010130355501013035550101303555010130355501"
            })
    void refusesTheRestWithoutRepeatingIt(String text) {
        assertThatThrownBy(() -> Phones.normalise(text))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(e -> assertThat(e.getMessage()).startsWith("is ").doesNotContain("0101"));
    }

    @Test
    void keepsNumbersOfOtherCountries() {
        assertThat(Phones.normalise("+34 912 34 56 78")).isEqualTo("+34912345678");
        assertThat(Phones.isFixedLine("+34 912 34 56 78")).isTrue();
        assertThat(Phones.isFixedLine("+1 303 555 0101")).isFalse();
    }
}
