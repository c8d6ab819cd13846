package health.throughline.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code tl_<prefix>_<secret>}: the prefix finds the row, the secret (256 random bits, so a plain hash of it is enough) opens it.
 */
record ApiKeyToken(String prefix, String secret) {

    private static final Pattern FORM = Pattern.compile("tl_([0-9a-z]{4,32})_([A-Za-z0-9_-]{43,128})");
    private static final SecureRandom RANDOM = new SecureRandom();

    static ApiKeyToken next() {
        return new ApiKeyToken(
                HexFormat.of().formatHex(random(8)),
                Base64.getUrlEncoder().withoutPadding().encodeToString(random(32)));
    }

    static Optional<ApiKeyToken> parse(String token) {
        var form = FORM.matcher(token);
        return form.matches() ? Optional.of(new ApiKeyToken(form.group(1), form.group(2))) : Optional.empty();
    }

    String value() {
        return "tl_" + prefix + "_" + secret;
    }

    byte[] secretHash() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException every) {
            throw new IllegalStateException(every);
        }
    }

    boolean opens(byte[] storedHash) {
        return MessageDigest.isEqual(secretHash(), storedHash);
    }

    @Override
    public String toString() {
        return "tl_" + prefix + "_…";
    }

    private static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return random;
    }
}
