package health.throughline.channel.push;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Says to a push service who we are: a token signed with ES256, for that service and a day at most (RFC 8292). */
final class Vapid {

    private static final Duration HOLDS = Duration.ofHours(12);
    private static final String HEADER = "{\"typ\":\"JWT\",\"alg\":\"ES256\"}";
    private static final JsonMapper JSON = new JsonMapper();

    private final KeyPair256 keys;
    private final String contact;

    Vapid(KeyPair256 keys, String contact) {
        this.keys = keys;
        this.contact = contact;
    }

    String publicKey() {
        return KeyPair256.encoded(keys.point());
    }

    String authorization(URI endpoint, Instant now) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("aud", endpoint.getScheme() + "://" + endpoint.getRawAuthority());
        claims.put("exp", now.plus(HOLDS).getEpochSecond());
        claims.put("sub", contact);
        String said = encoded(HEADER) + "." + encoded(JSON.writeValueAsString(claims));
        try {
            // as a JWT wants it: the two numbers, without DER around them (RFC 7518, 3.4)
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(keys.privateKey());
            signature.update(said.getBytes(StandardCharsets.US_ASCII));
            return "vapid t=" + said + "." + KeyPair256.encoded(signature.sign()) + ", k=" + publicKey();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(String text) {
        return KeyPair256.encoded(text.getBytes(StandardCharsets.UTF_8));
    }
}
