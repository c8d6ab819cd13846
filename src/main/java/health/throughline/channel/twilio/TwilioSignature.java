package health.throughline.channel.twilio;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Checks {@code X-Twilio-Signature}: HMAC-SHA1 with the auth token over the URL and the parameters, sorted by name
 * (Twilio, "Webhooks security"). During rotation both tokens are good.
 */
@Component
public class TwilioSignature {

    private static final String ALGORITHM = "HmacSHA1";

    private final List<String> tokens;

    public TwilioSignature(TwilioSettings settings) {
        this.tokens = Stream.of(settings.authToken(), settings.nextAuthToken())
                .filter(Objects::nonNull)
                .toList();
    }

    /** @param url the configured public one, never what the request's own headers say */
    public boolean matches(String url, FormParameters parameters, @Nullable String signature) {
        if (signature == null || signature.isBlank()) {
            return false;
        }
        byte[] given = signature.strip().getBytes(StandardCharsets.UTF_8);
        boolean matches = false;
        for (String token : tokens) {
            for (String form : forms(url)) {
                matches |= MessageDigest.isEqual(sign(token, form, parameters).getBytes(StandardCharsets.UTF_8), given);
            }
        }
        return matches;
    }

    public static String sign(String token, String url, FormParameters parameters) {
        var signed = new StringBuilder(url);
        var sorted = new ArrayList<>(parameters.all());
        sorted.sort(
                Comparator.comparing(FormParameters.Parameter::name).thenComparing(FormParameters.Parameter::value));
        new LinkedHashSet<>(sorted)
                .forEach(parameter -> signed.append(parameter.name()).append(parameter.value()));
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(token.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return Base64.getEncoder()
                    .encodeToString(mac.doFinal(signed.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA1 is missing in this JVM", e);
        }
    }

    /** Twilio signs with the port left out or written out, depending on product and scheme; the host is always ours. */
    private static Set<String> forms(String url) {
        URI uri = URI.create(url);
        String rest = url.substring(
                url.indexOf(uri.getRawAuthority()) + uri.getRawAuthority().length());
        int port = uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
        String host = uri.getScheme() + "://" + uri.getHost();
        return new LinkedHashSet<>(List.of(url, host + rest, host + ":" + port + rest));
    }
}
