package health.throughline.channel.chat;

import health.throughline.TimeOrderedId;
import health.throughline.channel.Address;
import health.throughline.channel.Channel;
import health.throughline.channel.ChatStanding;
import health.throughline.channel.ChatVisitors;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Visitors by the hash of a token that only their browser has: 256 random bits need no slow hash. */
@Repository
class JdbcVisitors implements ChatVisitors {

    static final Channel CHAT = new Channel("chat");

    private static final int TOKEN_BYTES = 32;
    private static final int LONGEST_TOKEN = 64;
    private static final String IN_FORCE = """
         token_hash = :token and case when verified_at is null then last_seen_at > :forgotten
            else last_seen_at > :idle and verified_at > :longest end
        """;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final JdbcClient jdbc;
    private final ChatStanding standing;
    private final TransactionTemplate transaction;
    private final ChatSettings settings;
    private final Clock clock;

    JdbcVisitors(
            JdbcClient jdbc,
            ChatStanding standing,
            TransactionTemplate transaction,
            ChatSettings settings,
            Clock clock) {
        this.jdbc = jdbc;
        this.standing = standing;
        this.transaction = transaction;
        this.settings = settings;
        this.clock = clock;
    }

    /** @param unit whose coordinators see what they write; none for the whole system's @return the new visitor's token */
    @Transactional
    public String begin(@Nullable UUID unit) {
        String token = token();
        var now = clock.instant().atOffset(ZoneOffset.UTC);
        jdbc.sql(
                        "insert into chat_visitor (id, token_hash, created_at, last_seen_at, org_unit_id) values (?, ?, ?, ?, ?)")
                .params(Arrays.asList(TimeOrderedId.next(), hash(token), now, now, unit))
                .update();
        return token;
    }

    @Override
    public Optional<Address> of(String token) {
        return find(
                "update chat_visitor set last_seen_at = :now where" + IN_FORCE + "returning id, verified_at", token);
    }

    /** Like {@link #of}; an open stream is no sign that anybody is there. */
    public Optional<Address> listening(String token) {
        return find("select id, verified_at from chat_visitor where" + IN_FORCE, token);
    }

    private record Found(Address visitor, @Nullable Instant verifiedAt) {}

    /** Who has shown who they are has to show it again once that does not stand any more. */
    private Optional<Address> find(String sql, String token) {
        if (token.isEmpty() || token.length() > LONGEST_TOKEN) {
            return Optional.empty();
        }
        var now = clock.instant().atOffset(ZoneOffset.UTC);
        Optional<Found> found = Objects.requireNonNull(transaction.execute(status -> jdbc.sql(sql)
                .param("token", hash(token))
                .param("now", now)
                .param("forgotten", now.minus(settings.forgotten()))
                .param("idle", now.minus(settings.verifiedIdle()))
                .param("longest", now.minus(settings.verifiedLongest()))
                .query(JdbcVisitors::found)
                .optional()));
        // after that transaction, not within it: what it asks needs rights of its own
        return found.filter(one -> one.verifiedAt() == null || standing.stands(one.visitor(), one.verifiedAt()))
                .map(Found::visitor);
    }

    private static Found found(ResultSet row, int number) throws SQLException {
        OffsetDateTime verified = row.getObject("verified_at", OffsetDateTime.class);
        return new Found(
                new Address(CHAT, row.getObject("id", UUID.class).toString()),
                verified == null ? null : verified.toInstant());
    }

    @Override
    @Transactional
    public Verified verified(Address visitor, boolean another) {
        var now = clock.instant().atOffset(ZoneOffset.UTC);
        String token = token();
        UUID id = UUID.fromString(visitor.value());
        if (another) {
            end(visitor);
            id = TimeOrderedId.next();
            jdbc.sql("""
                            insert into chat_visitor (id, token_hash, created_at, last_seen_at, verified_at, org_unit_id)
                            select ?, ?, ?, ?, ?, org_unit_id from chat_visitor where id = ?
                            """)
                    .params(id, hash(token), now, now, now, UUID.fromString(visitor.value()))
                    .update();
        } else {
            jdbc.sql("update chat_visitor set token_hash = ?, verified_at = ?, last_seen_at = ? where id = ?")
                    .params(hash(token), now, now, id)
                    .update();
        }
        return new Verified(new Address(CHAT, id.toString()), token);
    }

    /** No token is theirs any more. */
    @Transactional
    public void end(Address visitor) {
        jdbc.sql("update chat_visitor set token_hash = ? where id = ?")
                .params(hash(token()), UUID.fromString(visitor.value()))
                .update();
    }

    private static String token() {
        byte[] random = new byte[TOKEN_BYTES];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
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
