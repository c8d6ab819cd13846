package health.throughline.channel.twilio;

import health.throughline.StartRefused;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where the provider reaches this product, as configured and never as a request claims it: signatures are made over it.
 *
 * @param publicUrl scheme, host, port and path in front of ours, without a slash at the end
 */
@ConfigurationProperties("throughline")
public record PublicAddress(URI publicUrl) {

    public PublicAddress {
        publicUrl = checked(publicUrl);
    }

    public String of(String path) {
        return publicUrl + path;
    }

    private static URI checked(@Nullable URI url) {
        if (url == null || url.getHost() == null || url.getScheme() == null || url.getQuery() != null) {
            throw new StartRefused(
                    "THROUGHLINE_PUBLIC_URL is not set to an address.",
                    "Set it to the address at which Twilio reaches this product, for example https://journeys.example.org.");
        }
        return URI.create(url.toString().replaceAll("/+$", ""));
    }
}
