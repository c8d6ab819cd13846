package health.throughline.selfservice;

import health.throughline.StartRefused;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which sites may hold the chat.
 *
 * @param origins scheme, host and port of each, exactly; none means our own pages only
 * @param units whose coordinators see what is written on a site, as {@code origin=path of the unit}; of the others, those of the whole system
 * @param hospitalPath whose name and phone the chat shows, where there are several
 */
@ConfigurationProperties("throughline.chat")
record ChatSites(
        @DefaultValue List<URI> origins,
        @DefaultValue List<String> units,
        @Nullable String hospitalPath) {

    ChatSites {
        origins = List.copyOf(origins);
        for (URI origin : origins) {
            boolean exact = origin.getHost() != null
                    && ("https".equals(origin.getScheme()) || "http".equals(origin.getScheme()))
                    && (origin.getPath() == null || origin.getPath().isEmpty())
                    && origin.getUserInfo() == null
                    && origin.getQuery() == null
                    && !origin.getHost().contains("*");
            if (!exact) {
                throw new StartRefused(
                        "THROUGHLINE_CHAT_ORIGINS holds something that is no origin.",
                        "Name each site as scheme, host and port, for example https://www.example.org, with commas"
                                + " between.");
            }
        }
        if (hospitalPath != null && !hospitalPath.isBlank() && !hospitalPath.matches("/all/([^/\\s]+/)+")) {
            throw new StartRefused(
                    "THROUGHLINE_CHAT_HOSPITAL_PATH is no path of a hospital.",
                    "Set it to the path of the hospital whose phone number the chat shows, for example /all/mercy/.");
        }
        units = units.stream().map(String::strip).toList();
        for (String each : units) {
            boolean known = origins.stream().map(URI::toString).anyMatch(site(each)::equals);
            if (!known || !each.matches(".*=/all/([A-Za-z0-9_-]+/)*")) {
                throw new StartRefused(
                        "THROUGHLINE_CHAT_UNITS holds something that is no site with its unit.",
                        "Write each as a site of THROUGHLINE_CHAT_ORIGINS, = and the path of a unit, for example"
                                + " https://www.example.org=/all/mercy/, with commas between.");
            }
        }
    }

    /** The path of the unit the site is set to. */
    Optional<String> unitOf(String site) {
        return units.stream()
                .filter(each -> site(each).equals(site))
                .map(each -> each.substring(each.lastIndexOf('=') + 1))
                .findFirst();
    }

    private static String site(String each) {
        return each.substring(0, Math.max(each.lastIndexOf('='), 0));
    }

    Optional<String> hospital() {
        return Optional.ofNullable(hospitalPath).filter(path -> !path.isBlank());
    }

    /** Of the frame: our own script, and nobody around it but those sites. */
    String contentPolicy() {
        StringBuilder around = new StringBuilder("'self'");
        origins.forEach(origin -> around.append(' ').append(origin));
        return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri"
                + " 'none'; form-action 'none'; frame-ancestors " + around;
    }
}
