package health.throughline.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import health.throughline.ThroughlineTest;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Keys that make a start repeatable (R18) are kept for a while, not for ever. */
class OldIdempotencyKeysTest extends ThroughlineTest {

    private final String caller = "test:" + UUID.randomUUID();

    @Autowired
    private OldIdempotencyKeys old;

    @Test
    void forgetsWhatWasAnsweredLongAgoAndNothingElse() {
        key("long-ago", Duration.ofDays(31), 201);
        key("lately", Duration.ofDays(29), 201);
        key("in-progress", Duration.ofDays(31), null);
        old.forget();
        assertThat(inTransaction(() -> jdbc.sql("select key from idempotency_key where principal = ?")
                        .param(caller)
                        .query(String.class)
                        .list()))
                .containsExactlyInAnyOrder("lately", "in-progress");
    }

    @Test
    void leavesAKeyAloneUnderWhichSomebodyWorks() {
        key("held", Duration.ofDays(31), 201);
        inTransaction(() -> {
            jdbc.sql("update idempotency_key set response = 'again' where principal = ?")
                    .param(caller)
                    .update();
            Thread cleaning = Thread.startVirtualThread(old::forget);
            assertThat(joined(cleaning)).as("does not wait for it").isTrue();
            return true;
        });
        assertThat(inTransaction(() -> jdbc.sql("select count(*) from idempotency_key where principal = ?")
                        .param(caller)
                        .query(Integer.class)
                        .single()))
                .isEqualTo(1);
    }

    @Test
    void keepsThemForADayAtTheLeast() {
        assertThatIllegalArgumentException().isThrownBy(() -> new JourneySettings(Duration.ofHours(23)));
    }

    private static boolean joined(Thread thread) {
        try {
            return thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void key(String key, Duration age, @Nullable Integer status) {
        inTransaction(() -> jdbc.sql("""
                        insert into idempotency_key (principal, key, request_hash, status, response, created_at) values (?, ?, '', ?, ?, ?)
                        """)
                .params(Arrays.asList(
                        caller,
                        key,
                        status,
                        status == null ? null : "{}",
                        JdbcJourneys.utc(clock.instant().minus(age))))
                .update());
    }
}
