package health.throughline.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

/** Limits count by where a request comes from, which only the proxy can tell. */
class BehindProxyTest {

    private final MockEnvironment environment = new MockEnvironment();
    private final BehindProxy proxy = new BehindProxy(environment);

    @Test
    void warnsWhereNobodySaidWhetherTheProxyTells() {
        environment.setProperty("throughline.public-url", "https://messages.hospital.example");
        assertThat(proxy.warning())
                .hasValueSatisfying(words -> assertThat(words).contains("SERVER_FORWARD_HEADERS_STRATEGY"));
        environment.setProperty("server.forward-headers-strategy", "native");
        assertThat(proxy.warning()).isEmpty();
    }

    @Test
    void saysNothingWhereNoProxyStands() {
        environment.setProperty("throughline.public-url", "http://localhost:8080");
        assertThat(proxy.warning()).isEmpty();
        environment.setProperty("throughline.public-url", "https://messages.hospital.example");
        environment.setProperty("server.ssl.enabled", "true");
        assertThat(proxy.warning()).isEmpty();
    }
}
