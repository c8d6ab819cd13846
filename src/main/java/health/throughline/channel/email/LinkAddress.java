package health.throughline.channel.email;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** Where the links in a mail lead, as configured. */
@ConfigurationProperties("throughline")
record LinkAddress(@DefaultValue("http://localhost") URI publicUrl) {

    String of(String path) {
        return publicUrl.toString().replaceAll("/+$", "") + path;
    }
}
