package health.throughline.channel.twilio;

import com.twilio.exception.ApiConnectionException;
import com.twilio.http.HttpClient;
import com.twilio.http.HttpMethod;
import com.twilio.http.Request;
import com.twilio.http.Response;
import health.throughline.channel.RetryAfter;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.jspecify.annotations.Nullable;

/**
 * The SDK's transport for exactly one request, and the evidence of what became of it: the SDK's own loop, which repeats a POST on any
 * 5xx, is not reached.
 */
public final class SingleRequest extends HttpClient {

    private static final int MAX_ANSWER_BYTES = 8 * 1024 * 1024;

    private final TwilioConnections connections;
    private final InstantSource machineClock;
    private final @Nullable Instant deadline;

    private boolean used;
    private boolean written;
    private boolean leaseEnded;
    private int status;
    private @Nullable Duration retryAfter;

    /** @param deadline of the machine's clock; at or after it no byte is written */
    public SingleRequest(TwilioConnections connections, InstantSource machineClock, @Nullable Instant deadline) {
        this.connections = connections;
        this.machineClock = machineClock;
        this.deadline = deadline;
    }

    /** Called with a connection in hand, right before the first byte. */
    public void aboutToWrite() throws IOException {
        if (deadline != null && !machineClock.instant().isBefore(deadline)) {
            leaseEnded = true;
            throw new IOException("lease ended");
        }
        written = true;
    }

    @Override
    public Response reliableRequest(Request request) {
        return makeRequest(request);
    }

    @Override
    public Response reliableRequest(Request request, int[] retryCodes, int retries, long delayMillis) {
        return makeRequest(request);
    }

    @Override
    public Response makeRequest(Request request) {
        if (used) {
            throw new IllegalStateException("one request only");
        }
        used = true;
        try {
            return connections.execute(onTheWire(request), this, this::read);
        } catch (IOException e) {
            throw new ApiConnectionException(e.getClass().getSimpleName(), e);
        }
    }

    private HttpUriRequestBase onTheWire(Request request) {
        URL url = request.constructURL();
        var wire = new HttpUriRequestBase(request.getMethod().toString(), connections.address(url.getFile()));
        wire.setHeader(HttpHeaders.ACCEPT, "application/json");
        wire.setHeader(HttpHeaders.USER_AGENT, "throughline");
        wire.setHeader(HttpHeaders.AUTHORIZATION, request.getAuthString());
        if (request.getMethod() == HttpMethod.POST) {
            wire.setEntity(new StringEntity(
                    request.encodeFormBody(),
                    ContentType.APPLICATION_FORM_URLENCODED.withCharset(StandardCharsets.UTF_8)));
        }
        return wire;
    }

    private Response read(ClassicHttpResponse answer) throws IOException {
        status = answer.getCode();
        Header after = answer.getFirstHeader(HttpHeaders.RETRY_AFTER);
        retryAfter = after == null ? null : RetryAfter.parse(after.getValue(), machineClock.instant());
        if (answer.getEntity() == null) {
            return new Response("", status, answer.getHeaders());
        }
        byte[] body = answer.getEntity().getContent().readNBytes(MAX_ANSWER_BYTES);
        return new Response(new String(body, StandardCharsets.UTF_8), status, answer.getHeaders());
    }

    public boolean written() {
        return written;
    }

    public boolean leaseEnded() {
        return leaseEnded;
    }

    /** Zero where no status line was read. */
    public int status() {
        return status;
    }

    @Nullable
    public Duration retryAfter() {
        return retryAfter;
    }
}
