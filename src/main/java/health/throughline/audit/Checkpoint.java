package health.throughline.audit;

import health.throughline.encryption.KeyedHash;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The hash of the chain at one row, signed with a key that is not in the database: who rewrites the chain cannot sign it again.
 *
 * @param signed the keyed hash of sequence and hash in the domain {@code audit.checkpoint}
 */
record Checkpoint(long sequence, byte[] hash, byte[] signed, Instant signedAt) {

    private static final HexFormat HEX = HexFormat.of();

    static Checkpoint sign(KeyedHash key, long sequence, byte[] hash, Instant now) {
        return new Checkpoint(sequence, hash, signature(key, sequence, hash), now);
    }

    boolean isGenuine(KeyedHash key) {
        return MessageDigest.isEqual(signed, signature(key, sequence, hash));
    }

    String line() {
        return sequence + " " + HEX.formatHex(hash) + " " + HEX.formatHex(signed) + " " + signedAt;
    }

    /** Empty for a line that was cut off, for example by a full disk. */
    static Optional<Checkpoint> ofLine(String line) {
        String[] parts = line.split(" ", -1);
        if (parts.length != 4) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Checkpoint(
                    Long.parseLong(parts[0]), HEX.parseHex(parts[1]), HEX.parseHex(parts[2]), Instant.parse(parts[3])));
        } catch (IllegalArgumentException | java.time.DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    private static byte[] signature(KeyedHash key, long sequence, byte[] hash) {
        return key.of("audit.checkpoint", sequence + ":" + HEX.formatHex(hash));
    }
}
