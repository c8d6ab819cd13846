package health.throughline.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.mock.web.MockHttpServletResponse;

@DisplayName("R8, R21: who hangs up in the middle of a request is nobody's fault, and fills no log")
class ClientsGoneTest extends AccessTest {

    private static final Logger LOG = (Logger) LoggerFactory.getLogger(Problems.class);

    @Autowired
    private Problems problems;

    private final ListAppender<ILoggingEvent> heard = new ListAppender<>();

    @BeforeEach
    void listen() {
        heard.start();
        LOG.addAppender(heard);
        LOG.setLevel(Level.DEBUG);
    }

    @AfterEach
    void listenNoMore() {
        LOG.detachAppender(heard);
        LOG.setLevel(null);
    }

    @Test
    void saysNothingOfWhoHangsUpBeforeTheEndOfTheirRequest() throws IOException {
        URI product = URI.create(product());
        try (Socket socket = new Socket(product.getHost(), product.getPort())) {
            socket.setSoLinger(true, 0);
            socket.getOutputStream().write("""
                    POST /webhooks/twilio/inbound HTTP/1.1\r
                    Host: localhost\r
                    Content-Type: application/x-www-form-urlencoded\r
                    Content-Length: 5000\r
                    \r
                    B""".getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> !heard.list.isEmpty());
        assertThat(heard.list).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.DEBUG);
            assertThat(event.getThrowableProxy()).isNull();
            assertThat(event.getFormattedMessage()).doesNotContain("reference", "\n");
        });
    }

    /** The line to a provider or to the database breaks with the same words. */
    @Test
    void tellsOfALineOfOursThatBroke() {
        var told = problems.anythingElse(new IOException("Broken pipe"), new MockHttpServletResponse());
        assertThat(told).isNotNull();
        assertThat(heard.list).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.ERROR);
            assertThat(event.getFormattedMessage()).contains("reference");
        });
    }
}
