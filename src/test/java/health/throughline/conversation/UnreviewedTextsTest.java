package health.throughline.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.ThroughlineTest;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

class UnreviewedTextsTest extends ThroughlineTest {

    @Autowired
    private UnreviewedTexts unreviewed;

    @Autowired
    private ApplicationContext context;

    @Test
    @DisplayName("K14: an operator reads at the start, and in the health of a node, which critical texts do not go")
    void tellsWhichCriticalTextsDoNotGo() throws ReflectiveOperationException {
        assertThat(unreviewed.warning()).as("in local mode they go").isEmpty();
        try (var production = new AsInProduction(context)) {
            assertThat(unreviewed.warning())
                    .get()
                    .asString()
                    .doesNotContain("\n")
                    .contains("NOT SENT", "red-flag-answer sms en", "red-flag-answer email es", "are called at once");
            assertThat(unreviewed.health().getDetails().toString()).contains("red-flag-answer voice en");
            assertThat(unreviewed.health().getStatus().getCode()).isEqualTo("UP");
        }
    }
}
