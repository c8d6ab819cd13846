package health.throughline.channel.app;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** {@code t=<seconds>,v1=<hex of HMAC-SHA256 over "t.body">}: who wrote it, that nothing was changed, and when. */
final class AppSignature {

    static final String HEADER = "Throughline-Signature";

    private static final Pattern FORM = Pattern.compile("t=(\\d{1,12}),v1=([0-9a-f]{64})");

    private AppSignature() {}

    static String of(String secret, byte[] body, Instant now) {
        long at = now.getEpochSecond();
        return "t=" + at + ",v1=" + HexFormat.of().formatHex(mac(secret, at, body));
    }

    static boolean matches(
            List<@Nullable String> secrets, byte[] body, @Nullable String header, Instant now, Duration skew) {
        Matcher found = FORM.matcher(header == null ? "" : header);
        if (!found.matches()) {
            return false;
        }
        long at = Long.parseLong(found.group(1));
        if (Math.abs(now.getEpochSecond() - at) > skew.toSeconds()) {
            return false;
        }
        byte[] claimed = HexFormat.of().parseHex(found.group(2));
        return secrets.stream()
                .filter(Objects::nonNull)
                .filter(secret -> !secret.isBlank())
                .anyMatch(secret -> MessageDigest.isEqual(claimed, mac(secret, at, body)));
    }

    private static byte[] mac(String secret, long at, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((at + ".").getBytes(StandardCharsets.US_ASCII));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
