package health.throughline.channel.twilio;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Reads a callback's raw body within its bounds and checks who wrote it. */
@Component
public class TwilioWebhookRequests {

    public static final int MAX_BODY_BYTES = 64 * 1024;

    private static final FormParameters NONE = FormParameters.parse("");
    private static final Logger LOG = LoggerFactory.getLogger(TwilioWebhookRequests.class);

    private final TwilioSettings settings;
    private final PublicAddress publicAddress;
    private final TwilioSignature signature;

    public TwilioWebhookRequests(TwilioSettings settings, PublicAddress publicAddress, TwilioSignature signature) {
        this.settings = settings;
        this.publicAddress = publicAddress;
        this.signature = signature;
    }

    /** @param refusal {@code OK} where the callback is Twilio's and about our account */
    public record Checked(HttpStatus refusal, FormParameters parameters, String raw) {

        static Checked refused(HttpStatus status) {
            return new Checked(status, NONE, "");
        }
    }

    /**
     * None where it failed: the carrier repeats what is answered with 503. The failure's own text, which may hold what a patient said,
     * stays out of the log.
     */
    public static <T> Optional<T> durable(Supplier<T> storing) {
        try {
            return Optional.of(storing.get());
        } catch (RuntimeException e) {
            LOG.warn(
                    "A callback could not be taken and was answered with 503: {}",
                    e.getClass().getSimpleName());
            LOG.debug("Callback failure", e);
            return Optional.empty();
        }
    }

    /** Reads the stream itself: parameters that the container parsed would have lost their repeats and their exact bytes. */
    public Checked check(HttpServletRequest request, String path) throws IOException {
        if (request.getContentLengthLong() > MAX_BODY_BYTES) {
            return Checked.refused(HttpStatus.CONTENT_TOO_LARGE);
        }
        byte[] body = request.getInputStream().readNBytes(MAX_BODY_BYTES + 1);
        if (body.length > MAX_BODY_BYTES) {
            return Checked.refused(HttpStatus.CONTENT_TOO_LARGE);
        }
        String raw = new String(body, StandardCharsets.UTF_8);
        FormParameters parameters;
        try {
            parameters = FormParameters.parse(raw);
        } catch (IllegalArgumentException e) {
            return Checked.refused(HttpStatus.BAD_REQUEST);
        }
        if (!signature.matches(publicAddress.of(path), parameters, request.getHeader("X-Twilio-Signature"))) {
            LOG.warn("Refused a callback: its signature does not match THROUGHLINE_PUBLIC_URL and our token");
            return Checked.refused(HttpStatus.FORBIDDEN);
        }
        if (!parameters.value("AccountSid").equals(settings.accountSid())) {
            LOG.warn("Refused a callback: it is about another account");
            return Checked.refused(HttpStatus.FORBIDDEN);
        }
        return new Checked(HttpStatus.OK, parameters, raw);
    }
}
