package health.throughline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpCookie;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Asks the product as a browser does: keeps cookies, and sends the CSRF token back with every write. */
public final class Browser {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private final Map<String, String> cookies = new ConcurrentHashMap<>();
    private final String address;
    private final HttpClient client;

    public Browser(String address) {
        this(address, CLIENT);
    }

    private Browser(String address, HttpClient client) {
        this.address = address;
        this.client = client;
    }

    /** On another machine, as the product sees it. @param from an address of the loopback: 127.0.0.2 and on */
    public static Browser at(String from, String address) {
        try {
            return new Browser(
                    address.replace("localhost", "127.0.0.1"),
                    HttpClient.newBuilder()
                            .localAddress(InetAddress.getByName(from))
                            .connectTimeout(Duration.ofSeconds(5))
                            .build());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public Map<String, String> cookies() {
        return cookies;
    }

    public HttpResponse<String> signIn(String username, String password) {
        get("/api/v1/session");
        String form = "username=" + encoded(username) + "&password=" + encoded(password);
        return send("POST", "/api/v1/session", form, "Content-Type", "application/x-www-form-urlencoded");
    }

    public HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, "", headers);
    }

    public HttpResponse<String> post(String path, String json) {
        return send("POST", path, json, "Content-Type", "application/json");
    }

    public HttpResponse<String> send(String method, String path, String body, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(address + path))
                .timeout(Duration.ofSeconds(30))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (!cookies.isEmpty()) {
            var line = new StringBuilder();
            cookies.forEach((name, value) -> line.append(line.isEmpty() ? "" : "; ")
                    .append(name)
                    .append('=')
                    .append(value));
            request.header("Cookie", line.toString());
        }
        String token = cookies.get("XSRF-TOKEN");
        if (token != null && !"GET".equals(method)) {
            request.header("X-XSRF-TOKEN", token);
        }
        try {
            var response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            response.headers().allValues("Set-Cookie").forEach(this::keep);
            return response;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void keep(String header) {
        for (HttpCookie cookie : HttpCookie.parse(header)) {
            if (cookie.getMaxAge() == 0 || cookie.getValue().isEmpty()) {
                cookies.remove(cookie.getName());
            } else {
                cookies.put(cookie.getName(), cookie.getValue());
            }
        }
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
