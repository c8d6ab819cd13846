package health.throughline.selfservice;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** Where patients reach our pages, as configured and never as a request claims it. */
@ConfigurationProperties("throughline")
record PublicPages(URI publicUrl) {

    String of(String path) {
        return publicUrl.toString().replaceAll("/+$", "") + path;
    }

    boolean https() {
        return "https".equalsIgnoreCase(publicUrl.getScheme());
    }
}
