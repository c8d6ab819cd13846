package health.throughline.patient;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class NameTokensTest {

    private static boolean finds(String words) {
        var held = NameTokens.of("José María", "Núñez-Oakley", LocalDate.parse("1961-04-09"));
        var wanted = NameTokens.searched(words);
        return !wanted.isEmpty() && wanted.stream().allMatch(any -> any.stream().anyMatch(held::contains));
    }

    @Test
    void findsByBeginningsSoundsAndDateOfBirth() {
        assertThat(finds("jo")).isTrue();
        assertThat(finds("NUNEZ jose")).isTrue();
        assertThat(finds("Oakleigh")).isTrue();
        assertThat(finds("oakley 1961-04-09")).isTrue();
    }

    @Test
    void wantsEveryWord() {
        assertThat(finds("jose smith")).isFalse();
        assertThat(finds("oakley 1961-04-10")).isFalse();
        assertThat(finds("  ")).isFalse();
        assertThat(finds("%_'; drop table patient")).isFalse();
    }
}
