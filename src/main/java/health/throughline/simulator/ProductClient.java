package health.throughline.simulator;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The simulator's only way to the product: HTTP. */
final class ProductClient implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final int MAX_AT_ONCE = 64;

    private final SimulatorSettings settings;
    private final Semaphore places = new Semaphore(MAX_AT_ONCE);
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    ProductClient(SimulatorSettings settings) {
        this.settings = settings;
    }

    /** What the product answered. Status 0: it did not. */
    record Answer(int status, String body) {

        boolean good() {
            return status >= 200 && status < 300;
        }
    }

    boolean hasApiKey() {
        return settings.apiKey() != null && settings.productUrl() != null;
    }

    /** Posts a signed callback. */
    Answer callback(URI url, Map<String, String> parameters) throws InterruptedException {
        String token = settings.authToken() == null ? "" : settings.authToken();
        return send(HttpRequest.newBuilder(url)
                .header("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
                .header("X-Twilio-Signature", WebhookSignature.of(token, url.toString(), parameters))
                .POST(HttpRequest.BodyPublishers.ofString(form(parameters))));
    }

    /** As a mail program unsubscribes (RFC 8058): without a key, a cookie or a signature. Only at the product. */
    Answer oneClick(URI link) throws InterruptedException {
        if (!link.toString().startsWith(productUrl() + "/")) {
            throw new IllegalArgumentException("The link does not lead to the product.");
        }
        return send(HttpRequest.newBuilder(link)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("List-Unsubscribe=One-Click")));
    }

    Answer get(String path) throws InterruptedException {
        return send(asOurselves(path, "application/json").GET());
    }

    Answer send(String method, String path, String contentType, String body) throws InterruptedException {
        return send(asOurselves(path, contentType).method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder asOurselves(String path, String contentType) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(productUrl() + path))
                .header("Accept", contentType)
                .header("Content-Type", contentType);
        if (settings.apiKey() != null) {
            request.header("Authorization", "Bearer " + settings.apiKey());
        }
        return request;
    }

    String productUrl() {
        @Nullable URI url = settings.productUrl();
        if (url == null) {
            throw new IllegalStateException(
                    "The simulator does not know the product's address (throughline.simulator.product-url)");
        }
        return url.toString().replaceAll("/+$", "");
    }

    private Answer send(HttpRequest.Builder request) throws InterruptedException {
        places.acquire();
        try {
            HttpResponse<String> answer =
                    client.send(request.timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.body());
        } catch (IOException e) {
            return new Answer(0, e.getClass().getSimpleName());
        } finally {
            places.release();
        }
    }

    private static String form(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(each -> URLEncoder.encode(each.getKey(), StandardCharsets.UTF_8) + "="
                        + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
