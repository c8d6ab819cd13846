package health.throughline.channel.email;

import health.throughline.channel.AttemptId;
import health.throughline.encryption.KeyedHash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.commons.codec.binary.Base32;
import org.springframework.stereotype.Component;

/**
 * Names an attempt in a mail address or a link so that nobody can name another: 16 bytes of its id and 10 of an HMAC over it and what
 * the token is for, in base 32. Mail servers lower the case of addresses, so case does not count. It holds nothing about the patient.
 */
@Component
class MailTokens {

    /** What a token lets its bearer do; one is no good for another. */
    enum Use {
        REPLY,
        UNSUBSCRIBE,
        OPEN,
        CLICK
    }

    static final int LENGTH = 42;

    private static final int ID_BYTES = 16;
    private static final int MAC_BYTES = 10;
    private static final Pattern TOKEN = Pattern.compile("[a-z2-7]{" + LENGTH + "}");

    private final KeyedHash hash;

    MailTokens(KeyedHash hash) {
        this.hash = hash;
    }

    String of(Use use, AttemptId attempt) {
        return of(use, attempt, "");
    }

    /** @param about something besides that is signed with it: the address a link leads to */
    String of(Use use, AttemptId attempt, String about) {
        byte[] id = ByteBuffer.allocate(ID_BYTES)
                .putLong(attempt.value().getMostSignificantBits())
                .putLong(attempt.value().getLeastSignificantBits())
                .array();
        byte[] token = Arrays.copyOf(id, ID_BYTES + MAC_BYTES);
        System.arraycopy(mac(use, attempt, about), 0, token, ID_BYTES, MAC_BYTES);
        return new Base32().encodeAsString(token).replace("=", "").toLowerCase(Locale.ROOT);
    }

    Optional<AttemptId> read(Use use, String token) {
        return read(use, token, "");
    }

    /** The attempt, where we made the token for that use. */
    Optional<AttemptId> read(Use use, String token, String about) {
        String lower = token.toLowerCase(Locale.ROOT);
        if (!TOKEN.matcher(lower).matches()) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(new Base32().decode(lower.toUpperCase(Locale.ROOT)));
        AttemptId attempt = new AttemptId(new UUID(bytes.getLong(), bytes.getLong()));
        boolean ours = MessageDigest.isEqual(
                of(use, attempt, about).getBytes(StandardCharsets.US_ASCII), lower.getBytes(StandardCharsets.US_ASCII));
        return ours ? Optional.of(attempt) : Optional.empty();
    }

    private byte[] mac(Use use, AttemptId attempt, String about) {
        return hash.of("email.token:" + use, attempt.value() + "|" + about);
    }
}
