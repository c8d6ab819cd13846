package health.throughline.simulator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Plays the server of the hospital's own app: checks the signature, keeps each id once, lists what it took. */
final class AppServer {

    static final String PATH = "/app/messages";
    /** Both sides of this machine know it; it protects nothing. */
    static final String SECRET = "the-app-of-the-simulator-on-this-machine";

    private static final int REMEMBERED = 1000;
    private static final Pattern SIGNATURE = Pattern.compile("t=(\\d{1,12}),v1=([0-9a-f]{64})");
    private static final JsonMapper JSON = new JsonMapper();

    private record Kept(String id, String recipient, String body, Instant at) {}

    private final List<Kept> kept = new CopyOnWriteArrayList<>();

    void answer(Exchange exchange) throws IOException {
        if (exchange.method().equals("GET")) {
            String recipient = exchange.query().get("recipient");
            exchange.json(
                    200,
                    Map.of(
                            "items",
                            kept.stream()
                                    .filter(one ->
                                            recipient == null || one.recipient().equals(recipient))
                                    .map(one -> Map.of(
                                            "id",
                                            one.id(),
                                            "body",
                                            one.body(),
                                            "at",
                                            one.at().toString()))
                                    .toList()));
            return;
        }
        String body = exchange.body();
        if (!signed(exchange.header("Throughline-Signature"), body)) {
            exchange.problem(403, "The signature does not match.");
            return;
        }
        JsonNode message = JSON.readTree(body);
        String id = message.path("id").asString();
        if (kept.stream().noneMatch(one -> one.id().equals(id))) {
            if (kept.size() >= REMEMBERED) {
                kept.removeFirst();
            }
            kept.add(new Kept(
                    id,
                    message.path("recipient").asString(),
                    message.path("body").asString(),
                    Instant.now()));
        }
        exchange.json(202, Map.of("id", id));
    }

    private static boolean signed(@Nullable String header, String body) {
        Matcher found = SIGNATURE.matcher(header == null ? "" : header);
        if (!found.matches()) {
            return false;
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] right = mac.doFinal((found.group(1) + "." + body).getBytes(StandardCharsets.UTF_8));
            return MessageDigest.isEqual(right, HexFormat.of().parseHex(found.group(2)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
