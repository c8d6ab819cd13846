package health.throughline.simulator;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** One request to the simulator and its answer. */
final class Exchange {

    private static final int MAX_BODY_BYTES = 8 * 1024 * 1024;

    private final HttpExchange http;

    Exchange(HttpExchange http) {
        this.http = http;
    }

    /** A request that cannot be understood; the sentence is the answer. */
    static final class BadRequest extends RuntimeException {
        BadRequest(String message) {
            super(message);
        }
    }

    HttpExchange http() {
        return http;
    }

    String method() {
        return http.getRequestMethod();
    }

    String path() {
        return http.getRequestURI().getPath();
    }

    @Nullable
    String header(String name) {
        return http.getRequestHeaders().getFirst(name);
    }

    void answerHeader(String name, String value) {
        http.getResponseHeaders().set(name, value);
    }

    Map<String, String> query() {
        return parameters(http.getRequestURI().getRawQuery());
    }

    Map<String, String> form() throws IOException {
        return parameters(body());
    }

    JsonNode json() throws IOException {
        try {
            return Json.read(body());
        } catch (JacksonException e) {
            throw new BadRequest("The body is not JSON.");
        }
    }

    String body() throws IOException {
        byte[] bytes = http.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
        if (bytes.length > MAX_BODY_BYTES) {
            throw new BadRequest("The body is larger than " + MAX_BODY_BYTES + " bytes.");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    void json(int status, Object value) throws IOException {
        answer(status, "application/json; charset=utf-8", Json.write(value).getBytes(StandardCharsets.UTF_8));
    }

    void problem(int status, String detail) throws IOException {
        answer(
                status,
                "application/problem+json",
                Json.write(Map.of("status", status, "detail", detail)).getBytes(StandardCharsets.UTF_8));
    }

    void empty(int status) throws IOException {
        http.sendResponseHeaders(status, -1);
        http.close();
    }

    void answer(int status, String contentType, byte[] body) throws IOException {
        http.getResponseHeaders().set("Content-Type", contentType);
        http.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        http.getResponseBody().write(body);
        http.close();
    }

    /** Closes the connection; the other side reads no answer. */
    void hangUp() {
        http.close();
    }

    /** All values of each name. */
    Map<String, java.util.List<String>> formWithRepeats() throws IOException {
        var all = new LinkedHashMap<String, java.util.List<String>>();
        for (String pair : body().split("&", 1000)) {
            parameters(pair)
                    .forEach((name, value) -> all.computeIfAbsent(name, n -> new java.util.ArrayList<>())
                            .add(value));
        }
        return all;
    }

    private static Map<String, String> parameters(@Nullable String text) {
        var parameters = new LinkedHashMap<String, String>();
        if (text == null || text.isEmpty()) {
            return parameters;
        }
        try {
            for (String pair : text.split("&", 1000)) {
                int equals = pair.indexOf('=');
                parameters.putIfAbsent(
                        decode(equals < 0 ? pair : pair.substring(0, equals)),
                        equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        } catch (IllegalArgumentException e) {
            throw new BadRequest("The parameters are not URL-encoded.");
        }
        return parameters;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
