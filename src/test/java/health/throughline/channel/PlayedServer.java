package health.throughline.channel;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/** A provider's server on loopback that answers as it is told, and remembers what was on the wire. */
public final class PlayedServer implements AutoCloseable {

    /** What came. */
    public record Request(String method, String query, Map<String, List<String>> headers, byte[] bytes) {

        /** Empty where there is none. */
        public String header(String name) {
            return headers.entrySet().stream()
                    .filter(one -> one.getKey().equalsIgnoreCase(name))
                    .map(one -> one.getValue().getFirst())
                    .findFirst()
                    .orElse("");
        }

        public String body() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private final byte[] body;
    private volatile int status;
    private volatile String retryAfter = "";
    private volatile boolean hangsUp;

    public PlayedServer(int status, String body) {
        this.status = status;
        this.body = body.getBytes(StandardCharsets.UTF_8);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    public List<Request> requests() {
        return requests;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public void answersWith(int next) {
        status = next;
    }

    public void asksToWait(String seconds) {
        retryAfter = seconds;
    }

    public void hangsUp() {
        hangsUp = true;
    }

    private void answer(HttpExchange http) throws IOException {
        requests.add(new Request(
                http.getRequestMethod(),
                Objects.requireNonNullElse(http.getRequestURI().getRawQuery(), ""),
                Map.copyOf(http.getRequestHeaders()),
                http.getRequestBody().readAllBytes()));
        if (hangsUp) {
            http.close();
            return;
        }
        if (!retryAfter.isEmpty()) {
            http.getResponseHeaders().add("Retry-After", retryAfter);
        }
        if (status == 302) {
            http.getResponseHeaders().add("Location", "http://169.254.169.254/latest/meta-data/");
        }
        http.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        http.getResponseBody().write(body);
        http.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
