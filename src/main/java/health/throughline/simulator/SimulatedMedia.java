package health.throughline.simulator;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Pictures that patients sent, as the carrier keeps them: its API redirects to its media server, which wants no credentials
 * (twilio.com/docs/messaging/api/media-resource). The newest are kept.
 */
final class SimulatedMedia {

    static final String SERVER = "/media-server/";

    private static final int REMEMBERED = 200;
    private static final long TOO_LARGE_BYTES = 12L * 1024 * 1024;
    private static final long SLOW_MILLIS = 90_000;

    private final Map<String, Medium> kept = new LinkedHashMap<>();

    /** What goes wrong when it is fetched. */
    enum Trouble {
        NONE,
        /** 404, always. */
        NOT_FOUND,
        /** The answer does not come. */
        SLOW,
        /** 12 MB come. */
        TOO_LARGE,
        /** A page with a script comes instead of a picture. */
        LYING_TYPE,
        /** The redirect leads to an inside address. */
        INSIDE;

        static Trouble ofCode(String code) {
            return Arrays.stream(values())
                    .filter(trouble -> trouble.code().equals(code))
                    .findFirst()
                    .orElseThrow(() -> new Exchange.BadRequest("There is no such trouble with pictures. There are: "
                            + String.join(
                                    ", ",
                                    Arrays.stream(values()).map(Trouble::code).toList()) + "."));
        }

        String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** @param type as the phone says */
    record Medium(String sid, String type, byte[] content, Trouble trouble) {}

    synchronized Medium add(String type, byte[] content, Trouble trouble) {
        byte[] random = new byte[16];
        ThreadLocalRandom.current().nextBytes(random);
        var medium = new Medium("ME" + HexFormat.of().formatHex(random), type, content, trouble);
        kept.put(medium.sid(), medium);
        if (kept.size() > REMEMBERED) {
            kept.remove(kept.keySet().iterator().next());
        }
        return medium;
    }

    synchronized Optional<Medium> find(String sid) {
        return Optional.ofNullable(kept.get(sid));
    }

    /** {@code GET …/Messages/{sid}/Media.json}. */
    static void list(Exchange exchange, String account, SimulatedMessage message) throws IOException {
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put(
                "media_list",
                message.media().stream()
                        .map(medium -> Map.of(
                                "sid", medium.sid(),
                                "account_sid", account,
                                "parent_sid", message.sid(),
                                "content_type", medium.type(),
                                "uri", exchange.path().replace(".json", "/" + medium.sid() + ".json")))
                        .toList());
        json.put("page", 0);
        json.put("page_size", 50);
        json.put("start", 0);
        json.put("end", Math.max(0, message.media().size() - 1));
        json.put("uri", exchange.path());
        json.put("first_page_uri", exchange.path());
        json.put("next_page_uri", null);
        json.put("previous_page_uri", null);
        exchange.json(200, json);
    }

    /** {@code GET …/Messages/{sid}/Media/{sid}}, without an ending: where the bytes are. */
    void redirect(Exchange exchange, SimulatedMessage message, String sid) throws IOException {
        Optional<Medium> medium =
                message.media().stream().filter(each -> each.sid().equals(sid)).findFirst();
        if (medium.isEmpty() || medium.get().trouble() == Trouble.NOT_FOUND) {
            TwilioApi.error(exchange, 404, 20404, "The requested resource was not found");
            return;
        }
        exchange.answerHeader(
                "Location",
                medium.get().trouble() == Trouble.INSIDE
                        ? "http://169.254.169.254/latest/meta-data/"
                        : "http://" + exchange.header("Host") + SERVER + sid);
        exchange.empty(307);
    }

    /** The media server. */
    void serve(Exchange exchange) throws IOException, InterruptedException {
        Optional<Medium> found = find(exchange.path().substring(SERVER.length()));
        if (found.isEmpty()) {
            exchange.problem(404, "Nothing is kept there.");
        } else if (exchange.header("Authorization") != null) {
            exchange.problem(400, "Credentials are not for here.");
        } else {
            serve(exchange, found.get());
        }
    }

    private static void serve(Exchange exchange, Medium medium) throws IOException, InterruptedException {
        switch (medium.trouble()) {
            case SLOW -> {
                Thread.sleep(SLOW_MILLIS);
                exchange.hangUp();
            }
            case TOO_LARGE -> large(exchange, medium);
            case LYING_TYPE ->
                exchange.answer(
                        200,
                        medium.type(),
                        "<!doctype html><script>alert(document.cookie)</script>"
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            default -> exchange.answer(200, medium.type(), medium.content());
        }
    }

    private static void large(Exchange exchange, Medium medium) throws IOException {
        exchange.answerHeader("Content-Type", medium.type());
        exchange.http().sendResponseHeaders(200, TOO_LARGE_BYTES);
        try (OutputStream out = exchange.http().getResponseBody()) {
            byte[] some = new byte[64 * 1024];
            for (long sent = 0; sent < TOO_LARGE_BYTES; sent += some.length) {
                out.write(some);
            }
        }
    }

    /** For the page with the phones. */
    static List<Map<String, String>> shown(SimulatedMessage message) {
        return message.media().stream()
                .map(medium -> Map.of("sid", medium.sid(), "type", medium.type()))
                .toList();
    }
}
