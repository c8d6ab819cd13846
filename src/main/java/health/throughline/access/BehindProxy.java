package health.throughline.access;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Says at the start of a system that is served by a proxy when nobody has said whether that proxy tells where a request comes from. */
@Component
class BehindProxy {

    private static final Logger LOG = LoggerFactory.getLogger(BehindProxy.class);

    private final Environment environment;

    BehindProxy(Environment environment) {
        this.environment = environment;
    }

    @EventListener(ApplicationReadyEvent.class)
    void tell() {
        warning().ifPresent(LOG::warn);
    }

    Optional<String> warning() {
        boolean https = environment.getProperty("throughline.public-url", "").startsWith("https://");
        boolean ours = environment.getProperty("server.ssl.enabled", Boolean.class, false)
                || environment.containsProperty("server.ssl.bundle");
        boolean said = environment.containsProperty("server.forward-headers-strategy");
        return https && !ours && !said
                ? Optional.of(
                        "EVERYBODY SHARES THE LIMITS OF ONE ADDRESS, the proxy's: whoever uses them up closes the chat, patients' pages"
                                + " and the sign-in to all others. Set SERVER_FORWARD_HEADERS_STRATEGY=native if the proxy, and nobody"
                                + " else, sets X-Forwarded-For; set it to none where there is no proxy.")
                : Optional.empty();
    }
}
