package health.throughline.channel.push;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A browser as it is kept: its address at the push service, its key and its secret, with a space between them. */
record Subscription(String endpoint, byte[] key, byte[] secret) {

    private static final int SECRET_BYTES = 16;
    private static final Pattern KEPT = Pattern.compile("(\\S+) (\\S+) (\\S+)");

    /** @throws IllegalArgumentException naming what is wrong, without the value */
    static Subscription of(String endpoint, String key, String secret) {
        byte[] point;
        byte[] hidden;
        try {
            point = KeyPair256.decoded(key);
            hidden = KeyPair256.decoded(secret);
            KeyPair256.publicKey(point);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("The browser's key is none.");
        }
        if (hidden.length != SECRET_BYTES || endpoint.isBlank() || endpoint.contains(" ")) {
            throw new IllegalArgumentException("The browser's address or secret is none.");
        }
        return new Subscription(endpoint, point, hidden);
    }

    static Subscription ofKept(String value) {
        Matcher kept = KEPT.matcher(value);
        if (!kept.matches()) {
            throw new IllegalArgumentException("It is no subscription.");
        }
        return of(kept.group(1), kept.group(2), kept.group(3));
    }

    String kept() {
        return endpoint + " " + KeyPair256.encoded(key) + " " + KeyPair256.encoded(secret);
    }

    @Override
    public String toString() {
        return "Subscription";
    }
}
