package health.throughline.access;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockHttpSession;

@DisplayName("K21: a session that a person has left alone ends, whatever its open pages ask")
class IdleFilterTest {

    private Instant now = Instant.parse("2026-03-12T09:00:00Z");
    private final IdleFilter filter = new IdleFilter(Duration.ofMinutes(30), () -> now);
    private final MockHttpSession session = new MockHttpSession();

    @Test
    void endsItThoughAPageAsksByItself() {
        asks("/api/v1/tasks", "0");
        for (int minute = 1; minute <= 30; minute++) {
            now = now.plus(Duration.ofMinutes(1));
            asks("/api/v1/holds", String.valueOf(minute * 60));
            asks("/api/v1/events", null);
        }
        assertThat(session.isInvalid()).isFalse();
        now = now.plus(Duration.ofMinutes(1));
        asks("/api/v1/holds", String.valueOf(31 * 60));
        assertThat(session.isInvalid()).isTrue();
    }

    @Test
    void goesOnWhileSomebodyWorksOnAnyOfItsPages() {
        for (int minute = 1; minute <= 120; minute++) {
            now = now.plus(Duration.ofMinutes(1));
            asks("/api/v1/holds", String.valueOf(minute * 60));
            if (minute % 25 == 0) {
                asks("/api/v1/tasks", "1");
            }
        }
        assertThat(session.isInvalid()).isFalse();
    }

    @Test
    void takesARequestThatTellsNothingForAPersons() {
        for (int minute = 1; minute <= 90; minute += 20) {
            now = now.plus(Duration.ofMinutes(20));
            asks("/api/v1/tasks", minute % 40 == 1 ? null : "soon");
        }
        assertThat(session.isInvalid()).isFalse();
    }

    @Test
    void endsItAtTheFirstRequestAfterALongPause() {
        asks("/api/v1/tasks", "0");
        now = now.plus(Duration.ofMinutes(31));
        asks("/api/v1/session", String.valueOf(31 * 60));
        assertThat(session.isInvalid()).isTrue();
    }

    private void asks(String path, @Nullable String idle) {
        var request = new MockHttpServletRequest("GET", path);
        request.setSession(session);
        if (idle != null) {
            request.addHeader(IdleFilter.IDLE, idle);
        }
        try {
            filter.doFilter(request, new MockHttpServletResponse(), new MockFilterChain());
        } catch (IOException | ServletException e) {
            throw new AssertionError(e);
        }
    }
}
