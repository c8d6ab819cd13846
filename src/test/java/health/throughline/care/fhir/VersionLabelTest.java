package health.throughline.care.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class VersionLabelTest {

    private static final Instant NOW = Instant.ofEpochMilli(5000);

    @Test
    void givesADeletionThePlaceAfterAllThatIsStored() {
        assertThat(deletion()).isEqualTo("t5000~deleted.5000");
        assertThat(deletion("v3~a", "v2~b")).isEqualTo("v4~deleted.5000");
        assertThat(deletion("t1000~a")).isEqualTo("t5000~deleted.5000");
        assertThat(deletion("t9000~a")).isEqualTo("t9001~deleted.5000");
        assertThat(deletion("~a")).isEqualTo("t5000~deleted.5000");
    }

    @Test
    void knowsADeletionThatNothingCameAfter() {
        assertThat(deletion("v3~a", "v4~deleted.1000")).isEqualTo("v4~deleted.1000");
        assertThat(deletion("v3~a", "v4~deleted.1000", "v5~b")).isEqualTo("v6~deleted.5000");
        assertThat(deletion("t1000~deleted.1000", "v1~a")).isEqualTo("v2~deleted.5000");
        assertThat(deletion("t1000~deleted.1000", "~a")).isEqualTo("t5000~deleted.5000");
    }

    private static String deletion(String... stored) {
        return VersionLabel.deletion(List.of(stored), NOW).version();
    }
}
