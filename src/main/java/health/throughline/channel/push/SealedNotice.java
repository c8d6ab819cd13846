package health.throughline.channel.push;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts for one browser, so that its push service reads nothing (RFC 8291, {@code aes128gcm} of RFC 8188). The libraries there are for
 * this bring an HTTP client and a provider of cryptography of their own; the JDK has all that is needed.
 */
final class SealedNotice {

    /** One record holds all there is: a push service need not take more than 4096 bytes in all (RFC 8030, 7.2). */
    static final int LONGEST = 3000;

    private static final int RECORD_BYTES = 4096;
    private static final int SALT_BYTES = 16;
    private static final int KEY_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final byte LAST_RECORD = 2;
    private static final SecureRandom RANDOM = new SecureRandom();

    private SealedNotice() {}

    static byte[] of(byte[] text, byte[] browserKey, byte[] browserSecret) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        return of(text, browserKey, browserSecret, KeyPair256.fresh(), salt);
    }

    /** With a key and a salt that must never be used again. */
    static byte[] of(byte[] text, byte[] browserKey, byte[] browserSecret, KeyPair256 ours, byte[] salt) {
        if (text.length > LONGEST) {
            throw new IllegalArgumentException("A notice has no more than " + LONGEST + " bytes");
        }
        try {
            byte[] point = ours.point();
            KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
            agreement.init(ours.privateKey());
            agreement.doPhase(KeyPair256.publicKey(browserKey), true);
            byte[] agreed = mac(browserSecret, agreement.generateSecret());
            byte[] input = mac(agreed, ascii("WebPush: info\0"), browserKey, point, new byte[] {1});
            byte[] derived = mac(salt, input);
            byte[] key = Arrays.copyOf(mac(derived, ascii("Content-Encoding: aes128gcm\0"), new byte[] {1}), KEY_BYTES);
            byte[] nonce = Arrays.copyOf(mac(derived, ascii("Content-Encoding: nonce\0"), new byte[] {1}), NONCE_BYTES);
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
            byte[] ended = Arrays.copyOf(text, text.length + 1);
            ended[text.length] = LAST_RECORD;
            byte[] sealed = cipher.doFinal(ended);
            var body = new ByteArrayOutputStream();
            body.writeBytes(salt);
            body.writeBytes(
                    ByteBuffer.allocate(Integer.BYTES).putInt(RECORD_BYTES).array());
            body.write(point.length);
            body.writeBytes(point);
            body.writeBytes(sealed);
            return body.toByteArray();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] mac(byte[] key, byte[]... parts) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        for (byte[] part : parts) {
            mac.update(part);
        }
        return mac.doFinal();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
