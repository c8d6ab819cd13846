package health.throughline.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON over HTTP, with an API key where there is one. */
public final class Api {

    static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private final String address;
    private final String key;

    /** @param key empty for none */
    public Api(String address, String key) {
        this.address = address;
        this.key = key;
    }

    /** An answer, whatever its status. */
    public record Answer(int status, JsonNode body) {

        public static Answer of(int status, String body) {
            boolean json = body.startsWith("{") || body.startsWith("[");
            return new Answer(status, json ? JSON.readTree(body) : JSON.createObjectNode());
        }

        /** For what has to work. */
        public JsonNode good() {
            if (status / 100 != 2) {
                throw new AssertionError("Answered " + status + ": " + body);
            }
            return body;
        }
    }

    public Answer get(String path) {
        return send("GET", path, "", "application/json");
    }

    public Answer post(String path, String json, String... headers) {
        return send("POST", path, json, "application/json", headers);
    }

    public Answer put(String path, String json) {
        return send("PUT", path, json, "application/fhir+json");
    }

    public Answer send(String method, String path, String body, String type, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(address + path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", type)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            var response = CLIENT.send(request.build(), BodyHandlers.ofString());
            return Answer.of(response.statusCode(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
