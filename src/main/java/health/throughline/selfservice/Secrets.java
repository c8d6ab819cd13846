package health.throughline.selfservice;

import java.security.SecureRandom;
import java.util.Base64;

/** What nobody can guess. */
final class Secrets {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int LINK_LETTERS = 16;
    private static final int TOKEN_BYTES = 32;
    private static final int CODES = 1_000_000;

    private Secrets() {}

    /** 95 bits in letters and digits only: no phone breaks the address at one of them. */
    static String linkCode() {
        var code = new StringBuilder(LINK_LETTERS);
        RANDOM.ints(LINK_LETTERS, 0, LETTERS.length()).forEach(at -> code.append(LETTERS.charAt(at)));
        return code.toString();
    }

    static String token() {
        byte[] bytes = new byte[TOKEN_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Six digits. */
    static String oneTimeCode() {
        return String.format("%06d", RANDOM.nextInt(CODES));
    }
}
