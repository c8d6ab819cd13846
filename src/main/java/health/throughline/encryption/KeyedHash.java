package health.throughline.encryption;

/** Turns a value into 32 bytes (HMAC-SHA256 under a secret key) that can be looked up but not read back. Pure; equal input, equal output. */
public interface KeyedHash {

    /**
     * @param domain keeps hashes of different columns apart, for example {@code address.value:sms}
     * @param value normalised by the caller (E.164 for phones, lower case for e-mail)
     */
    byte[] of(String domain, String value);
}
