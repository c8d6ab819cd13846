package health.throughline.simulator;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Tells open pages (server-sent events) that a phone has something new. A page that does not read misses events, not data. */
final class PhoneEvents {

    private static final int MAX_PAGES = 50;
    private static final int MAX_WAITING = 200;
    private static final int HEARTBEAT_SECONDS = 15;

    private final Set<BlockingQueue<String>> pages = ConcurrentHashMap.newKeySet();

    void changed(String number) {
        if (!pages.isEmpty()) {
            String event = "event: phones\ndata: " + Json.write(Map.of("number", number)) + "\n\n";
            pages.forEach(page -> page.offer(event));
        }
    }

    /** Streams until the page goes away. */
    void stream(Exchange exchange) throws IOException, InterruptedException {
        if (pages.size() >= MAX_PAGES) {
            exchange.problem(503, "Too many pages are open.");
            return;
        }
        exchange.answerHeader("Content-Type", "text/event-stream");
        exchange.answerHeader("Cache-Control", "no-store");
        exchange.http().sendResponseHeaders(200, 0);
        var page = new ArrayBlockingQueue<String>(MAX_WAITING);
        pages.add(page);
        try (OutputStream out = exchange.http().getResponseBody()) {
            out.write(": open\n\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
            while (!Thread.currentThread().isInterrupted()) {
                String event = page.poll(HEARTBEAT_SECONDS, TimeUnit.SECONDS);
                out.write((event == null ? ": still here\n\n" : event).getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } finally {
            pages.remove(page);
        }
    }
}
