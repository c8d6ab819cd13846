package health.throughline.channel.chat;

import health.throughline.TimeOrderedId;
import health.throughline.channel.Address;
import health.throughline.channel.Channel;
import health.throughline.channel.ChatVisitors;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Visitors by the hash of a token that only their browser has: 256 random bits need no slow hash. */
@Repository
class JdbcVisitors implements ChatVisitors {

    static final Channel CHAT = new Channel("chat");

    private static final int TOKEN_BYTES = 32;
    private static final int LONGEST_TOKEN = 64;
    private static final Duration REMEMBERED = Duration.ofDays(30);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final JdbcClient jdbc;
    private final Clock clock;

    JdbcVisitors(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** @param unit whose coordinators see what they write; none for the whole system's @return the new visitor's token */
    @Transactional
    public String begin(@Nullable UUID unit) {
        byte[] random = new byte[TOKEN_BYTES];
        RANDOM.nextBytes(random);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        var now = clock.instant().atOffset(ZoneOffset.UTC);
        jdbc.sql(
                        "insert into chat_visitor (id, token_hash, created_at, last_seen_at, org_unit_id) values (?, ?, ?, ?, ?)")
                .params(Arrays.asList(TimeOrderedId.next(), hash(token), now, now, unit))
                .update();
        return token;
    }

    @Override
    @Transactional
    public Optional<Address> of(String token) {
        if (token.isEmpty() || token.length() > LONGEST_TOKEN) {
            return Optional.empty();
        }
        var now = clock.instant().atOffset(ZoneOffset.UTC);
        return jdbc.sql(
                        "update chat_visitor set last_seen_at = ? where token_hash = ? and last_seen_at > ? returning id")
                .params(now, hash(token), now.minus(REMEMBERED))
                .query(UUID.class)
                .optional()
                .map(id -> new Address(CHAT, id.toString()));
    }

    @Override
    @Transactional
    public Optional<UUID> unitOf(Address visitor) {
        return jdbc.sql("select org_unit_id from chat_visitor where id = ?")
                .param(UUID.fromString(visitor.value()))
                .query((row, n) -> Optional.ofNullable(row.getObject(1, UUID.class)))
                .optional()
                .flatMap(unit -> unit);
    }

    private static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
