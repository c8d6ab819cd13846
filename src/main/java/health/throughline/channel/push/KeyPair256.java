package health.throughline.channel.push;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;

/** Keys of P-256 as web push writes them: base64url of the uncompressed point (SEC 1, 2.3.3) and of the number. */
record KeyPair256(ECPublicKey publicKey, ECPrivateKey privateKey) {

    static final int POINT_BYTES = 65;

    private static final int NUMBER_BYTES = 32;
    private static final byte UNCOMPRESSED = 4;
    private static final ECParameterSpec CURVE = curve();

    private static ECParameterSpec curve() {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp256r1"));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static KeyPair256 fresh() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(CURVE);
            KeyPair made = generator.generateKeyPair();
            return new KeyPair256((ECPublicKey) made.getPublic(), (ECPrivateKey) made.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @throws IllegalArgumentException where they are no keys, or do not belong together */
    static KeyPair256 of(String publicKey, String privateKey) {
        byte[] number = decoded(privateKey);
        if (number.length != NUMBER_BYTES) {
            throw new IllegalArgumentException("The private key has to have 32 bytes");
        }
        ECPublicKey point = publicKey(decoded(publicKey));
        try {
            ECPrivateKey secret = (ECPrivateKey) KeyFactory.getInstance("EC")
                    .generatePrivate(new ECPrivateKeySpec(new BigInteger(1, number), CURVE));
            byte[] words = {1};
            Signature signs = Signature.getInstance("SHA256withECDSA");
            signs.initSign(secret);
            signs.update(words);
            Signature verifies = Signature.getInstance("SHA256withECDSA");
            verifies.initVerify(point);
            verifies.update(words);
            if (!verifies.verify(signs.sign())) {
                throw new IllegalArgumentException("The two keys do not belong together");
            }
            return new KeyPair256(point, secret);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("The private key is no key of P-256", e);
        }
    }

    /** @throws IllegalArgumentException where it is no point of the curve: a key that is none would give our own away */
    static ECPublicKey publicKey(byte[] point) {
        if (point.length != POINT_BYTES || point[0] != UNCOMPRESSED) {
            throw new IllegalArgumentException("A public key has 65 bytes, the first of them 4");
        }
        BigInteger x = new BigInteger(1, Arrays.copyOfRange(point, 1, 1 + NUMBER_BYTES));
        BigInteger y = new BigInteger(1, Arrays.copyOfRange(point, 1 + NUMBER_BYTES, POINT_BYTES));
        BigInteger p = ((ECFieldFp) CURVE.getCurve().getField()).getP();
        BigInteger right = x.pow(3)
                .add(CURVE.getCurve().getA().multiply(x))
                .add(CURVE.getCurve().getB());
        if (x.compareTo(p) >= 0
                || y.compareTo(p) >= 0
                || !y.pow(2).subtract(right).mod(p).equals(BigInteger.ZERO)) {
            throw new IllegalArgumentException("The public key is no point of P-256");
        }
        try {
            return (ECPublicKey)
                    KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(new ECPoint(x, y), CURVE));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("The public key is no key of P-256", e);
        }
    }

    byte[] point() {
        return point(publicKey);
    }

    static byte[] point(ECPublicKey key) {
        byte[] point = new byte[POINT_BYTES];
        point[0] = UNCOMPRESSED;
        put(key.getW().getAffineX(), point, 1);
        put(key.getW().getAffineY(), point, 1 + NUMBER_BYTES);
        return point;
    }

    private static void put(BigInteger number, byte[] into, int at) {
        byte[] bytes = number.toByteArray(); // one more where the highest bit is set, fewer where it is small
        int length = Math.min(bytes.length, NUMBER_BYTES);
        System.arraycopy(bytes, bytes.length - length, into, at + NUMBER_BYTES - length, length);
    }

    static byte[] decoded(String base64url) {
        return Base64.getUrlDecoder().decode(base64url.strip().replace("=", ""));
    }

    static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public String toString() {
        return "KeyPair256";
    }
}
