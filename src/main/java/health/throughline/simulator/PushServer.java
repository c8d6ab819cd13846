package health.throughline.simulator;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Plays browsers that may be woken and their push service (RFC 8030): knows the sender by its signature (RFC 8292), keeps what it cannot
 * read as a push service, and as the browser reads it (RFC 8291). Written apart from the product, so that one checks the other.
 */
final class PushServer {

    static final String PATH = "/push/";

    private static final int MAX_BODY_BYTES = 4096;
    private static final int MAX_BROWSERS = 1000;
    private static final int REMEMBERED = 100;
    private static final int DAY_SECONDS = 24 * 60 * 60;
    private static final int TAG_BITS = 128;
    private static final Pattern VAPID = Pattern.compile("vapid t=([\\w-]+)\\.([\\w-]+)\\.([\\w-]+), ?k=([\\w-]+)");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Map<String, Browser> browsers = new ConcurrentHashMap<>();
    private final Supplier<URI> here;

    PushServer(Supplier<URI> here) {
        this.here = here;
    }

    /** What the browser showed. */
    record Shown(
            String title,
            String body,
            String lang,
            long ttl,
            @Nullable String topic,
            String at) {}

    private static final class Browser {
        private final KeyPair keys;
        private final byte[] secret = new byte[16];
        private final @Nullable String sender;
        private final List<Shown> shown = new CopyOnWriteArrayList<>();
        private int requests;
        private int fault;
        private int faultsLeft;
        private boolean gone;

        private Browser(KeyPair keys, @Nullable String sender) {
            this.keys = keys;
            this.sender = sender;
            RANDOM.nextBytes(secret);
        }
    }

    /** {@code /sim/browsers}: makes one that subscribed, tells what it showed, gives it a fault, ends it. */
    void control(Exchange exchange, List<String> path) throws IOException {
        if (path.size() == 1) {
            if (exchange.method().equals("POST")) {
                exchange.json(201, subscribe(exchange.json()));
            } else {
                exchange.json(
                        200,
                        Map.of(
                                "items",
                                browsers.entrySet().stream()
                                        .map(one -> Map.of("id", one.getKey(), "notices", one.getValue().shown))
                                        .toList()));
            }
            return;
        }
        Browser browser = browsers.get(path.get(1));
        if (browser == null) {
            exchange.problem(404, "There is no such browser.");
        } else if (exchange.method().equals("DELETE")) {
            browser.gone = true;
            exchange.empty(204);
        } else if (exchange.method().equals("POST")) {
            JsonNode json = exchange.json();
            browser.fault = json.path("status").asInt(500);
            browser.faultsLeft = json.path("times").asInt(1);
            exchange.empty(204);
        } else {
            exchange.json(200, Map.of("items", browser.shown, "requests", browser.requests));
        }
    }

    private Map<String, String> subscribe(JsonNode json) {
        if (browsers.size() >= MAX_BROWSERS) {
            throw new Exchange.BadRequest("There are " + MAX_BROWSERS + " browsers already.");
        }
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            String sender = json.path("applicationServerKey").asString("");
            Browser browser = new Browser(generator.generateKeyPair(), sender.isEmpty() ? null : sender);
            String id = UUID.randomUUID().toString();
            browsers.put(id, browser);
            return Map.of(
                    "id",
                    id,
                    "endpoint",
                    here.get() + PATH + id,
                    "key",
                    encoded(point(browser.keys.getPublic())),
                    "secret",
                    encoded(browser.secret));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The push service. */
    void answer(Exchange exchange) throws IOException {
        Browser browser = browsers.get(exchange.path().substring(PATH.length()));
        byte[] body = exchange.http().getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
        if (browser == null || !exchange.method().equals("POST")) {
            exchange.problem(404, "There is no such subscription.");
            return;
        }
        browser.requests++;
        if (browser.gone) {
            exchange.problem(410, "The subscription was ended.");
        } else if (browser.faultsLeft > 0) {
            browser.faultsLeft--;
            exchange.answerHeader("Retry-After", "1");
            exchange.problem(browser.fault, "A fault that was asked for.");
        } else {
            take(exchange, browser, body);
        }
    }

    private void take(Exchange exchange, Browser browser, byte[] body) throws IOException {
        String ttl = exchange.header("TTL");
        String topic = exchange.header("Topic");
        if (body.length > MAX_BODY_BYTES) {
            exchange.problem(413, "A notice has at most 4096 bytes (RFC 8030, 7.2).");
        } else if (ttl == null
                || !ttl.matches("\\d{1,9}")
                || !"aes128gcm".equals(exchange.header("Content-Encoding"))) {
            exchange.problem(400, "TTL or Content-Encoding is missing.");
        } else if (topic != null && !topic.matches("[\\w-]{1,32}")) {
            exchange.problem(400, "The topic is none (RFC 8030, 5.4).");
        } else if (!known(exchange.header("Authorization"), browser.sender)) {
            exchange.problem(403, "The sender is not the one who may.");
        } else {
            Optional<JsonNode> read = read(browser, body);
            if (read.isEmpty()) {
                exchange.problem(400, "The browser cannot read it.");
                return;
            }
            if (browser.shown.size() < REMEMBERED) {
                browser.shown.add(new Shown(
                        read.get().path("title").asString(""),
                        read.get().path("body").asString(""),
                        read.get().path("lang").asString(""),
                        Long.parseLong(ttl),
                        topic,
                        Instant.now().toString()));
            }
            exchange.answerHeader("Location", here.get() + PATH + "message/" + UUID.randomUUID());
            exchange.empty(201);
        }
    }

    private boolean known(@Nullable String header, @Nullable String sender) {
        Matcher vapid = VAPID.matcher(header == null ? "" : header);
        if (!vapid.matches() || sender != null && !sender.equals(vapid.group(4))) {
            return false;
        }
        JsonNode claims = Json.read(new String(decoded(vapid.group(2)), StandardCharsets.UTF_8));
        long until = claims.path("exp").asLong(0);
        long now = Instant.now().getEpochSecond();
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initVerify(publicKey(decoded(vapid.group(4))));
            signature.update((vapid.group(1) + "." + vapid.group(2)).getBytes(StandardCharsets.US_ASCII));
            return signature.verify(decoded(vapid.group(3)))
                    && here.get().toString().equals(claims.path("aud").asString(""))
                    && until > now
                    && until <= now + DAY_SECONDS
                    && !claims.path("sub").asString("").isEmpty();
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static Optional<JsonNode> read(Browser browser, byte[] body) {
        try {
            ByteBuffer header = ByteBuffer.wrap(body);
            byte[] salt = new byte[16];
            header.get(salt);
            header.getInt(); // the size of a record: there is one
            byte[] theirs = new byte[header.get()];
            header.get(theirs);
            byte[] sealed = new byte[header.remaining()];
            header.get(sealed);
            KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
            PrivateKey ours = browser.keys.getPrivate();
            agreement.init(ours);
            agreement.doPhase(publicKey(theirs), true);
            byte[] agreed = hmac(browser.secret, agreement.generateSecret());
            byte[] input = hmac(
                    agreed,
                    "WebPush: info\0".getBytes(StandardCharsets.US_ASCII),
                    point(browser.keys.getPublic()),
                    theirs,
                    one());
            byte[] derived = hmac(salt, input);
            byte[] key = hmac(derived, "Content-Encoding: aes128gcm\0".getBytes(StandardCharsets.US_ASCII), one());
            byte[] nonce = hmac(derived, "Content-Encoding: nonce\0".getBytes(StandardCharsets.US_ASCII), one());
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(Arrays.copyOf(key, 16), "AES"),
                    new GCMParameterSpec(TAG_BITS, Arrays.copyOf(nonce, 12)));
            byte[] padded = cipher.doFinal(sealed);
            int end = padded.length - 1;
            while (end > 0 && padded[end] == 0) {
                end--;
            }
            return padded[end] == 2
                    ? Optional.of(Json.read(new String(padded, 0, end, StandardCharsets.UTF_8)))
                    : Optional.empty();
        } catch (GeneralSecurityException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static byte[] one() {
        return new byte[] {1};
    }

    private static byte[] hmac(byte[] key, byte[]... parts) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        for (byte[] part : parts) {
            mac.update(part);
        }
        return mac.doFinal();
    }

    private static PublicKey publicKey(byte[] point) throws GeneralSecurityException {
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        return KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(
                        new ECPoint(
                                new BigInteger(1, Arrays.copyOfRange(point, 1, 33)),
                                new BigInteger(1, Arrays.copyOfRange(point, 33, 65))),
                        curve.getParameterSpec(ECParameterSpec.class)));
    }

    private static byte[] point(PublicKey key) {
        var at = ((ECPublicKey) key).getW();
        ByteBuffer point = ByteBuffer.allocate(65).put((byte) 4);
        for (BigInteger number : List.of(at.getAffineX(), at.getAffineY())) {
            byte[] bytes = number.toByteArray();
            int from = Math.max(0, bytes.length - 32);
            point.put(new byte[32 - (bytes.length - from)]).put(bytes, from, bytes.length - from);
        }
        return point.array();
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] decoded(String text) {
        return Base64.getUrlDecoder().decode(text);
    }
}
