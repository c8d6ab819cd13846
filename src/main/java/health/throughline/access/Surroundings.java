package health.throughline.access;

import java.net.URI;
import java.util.Optional;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;
import org.springframework.stereotype.Component;

/** Where this instance runs: under which address the world knows it, and whether it is a local one. */
@Component
class Surroundings {

    private final boolean local;
    private final Optional<URI> publicUrl;
    private final Optional<String> simulatorUrl;

    Surroundings(Environment environment) {
        this.local = environment.acceptsProfiles(Profiles.of("local"));
        this.publicUrl = Optional.ofNullable(environment.getProperty("throughline.public-url"))
                .filter(url -> !url.isBlank())
                .map(URI::create);
        this.simulatorUrl =
                local ? Optional.ofNullable(environment.getProperty("throughline.simulator.url")) : Optional.empty();
    }

    boolean local() {
        return local;
    }

    boolean https() {
        return publicUrl.map(url -> "https".equalsIgnoreCase(url.getScheme())).orElse(false);
    }

    /** Scheme, host and port, as a browser's Origin header gives them. */
    Optional<String> publicOrigin() {
        return publicUrl.map(url -> url.getScheme() + "://" + url.getAuthority());
    }

    Optional<String> simulatorUrl() {
        return simulatorUrl;
    }
}
