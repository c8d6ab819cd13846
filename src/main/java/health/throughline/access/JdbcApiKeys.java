package health.throughline.access;

import health.throughline.audit.Actor;
import health.throughline.organization.OrgUnitId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The table api_key. */
@Repository
class JdbcApiKeys {

    /** A key as stored. */
    record StoredKey(
            UUID id,
            Caller caller,
            String prefix,
            byte[] secretHash,
            Instant createdAt,
            @Nullable Instant expiresAt,
            @Nullable Instant revokedAt,
            @Nullable Instant lastUsedAt) {

        boolean inForce(Instant now) {
            return revokedAt == null && (expiresAt == null || expiresAt.isAfter(now));
        }

        @Override
        public String toString() {
            return "StoredKey[" + id + "]";
        }
    }

    private final JdbcClient jdbc;

    JdbcApiKeys(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Transactional(readOnly = true)
    public Optional<StoredKey> findByPrefix(String prefix) {
        return jdbc.sql("select * from api_key where prefix = ?")
                .param(prefix)
                .query(JdbcApiKeys::key)
                .optional();
    }

    @Transactional(readOnly = true)
    public List<StoredKey> inForce(Instant now, int most) {
        return jdbc.sql("""
                        select * from api_key where revoked_at is null and (expires_at is null or expires_at > ?)
                        order by name, id limit ?
                        """)
                .params(now.atOffset(ZoneOffset.UTC), most)
                .query(JdbcApiKeys::key)
                .list();
    }

    /** A prefix used again, which no random one is, takes the row over. */
    @Transactional
    public UUID insert(
            UUID id,
            String name,
            String prefix,
            byte[] secretHash,
            Set<String> scopes,
            OrgUnitId unit,
            Instant now,
            @Nullable Instant expiresAt) {
        return jdbc.sql("""
                        insert into api_key (id, name, prefix, secret_hash, scopes, org_unit_id, created_at, expires_at)
                        values (:id, :name, :prefix, :hash, string_to_array(:scopes, ' '), :unit, :now, :expiresAt)
                        on conflict (prefix) do update set name = excluded.name, secret_hash = excluded.secret_hash,
                            scopes = excluded.scopes, org_unit_id = excluded.org_unit_id, revoked_at = null,
                            expires_at = excluded.expires_at
                        returning id
                        """)
                .param("id", id)
                .param("name", name)
                .param("prefix", prefix)
                .param("hash", secretHash)
                .param("scopes", String.join(" ", scopes))
                .param("unit", unit.value())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param(
                        "expiresAt",
                        expiresAt == null ? null : expiresAt.atOffset(ZoneOffset.UTC),
                        java.sql.Types.TIMESTAMP_WITH_TIMEZONE)
                .query(UUID.class)
                .single();
    }

    @Transactional
    public boolean revoke(UUID id, Instant now) {
        return jdbc.sql("update api_key set revoked_at = ? where id = ? and revoked_at is null")
                        .params(now.atOffset(ZoneOffset.UTC), id)
                        .update()
                == 1;
    }

    @Transactional
    public void revokeByName(String name, Instant now) {
        jdbc.sql("update api_key set revoked_at = ? where name = ? and revoked_at is null")
                .params(now.atOffset(ZoneOffset.UTC), name)
                .update();
    }

    @Transactional
    public void used(UUID id, Instant now) {
        jdbc.sql(
                        "update api_key set last_used_at = :now where id = :id and (last_used_at is null or last_used_at < :now)")
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("id", id)
                .update();
    }

    private static StoredKey key(ResultSet row, int number) throws SQLException {
        return new StoredKey(
                row.getObject("id", UUID.class),
                new Caller(
                        new Actor(Actor.Kind.API, row.getString("name")),
                        row.getString("name"),
                        null,
                        Set.of((String[]) row.getArray("scopes").getArray()),
                        new OrgUnitId(row.getObject("org_unit_id", UUID.class))),
                row.getString("prefix"),
                row.getBytes("secret_hash"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                instant(row, "expires_at"),
                instant(row, "revoked_at"),
                instant(row, "last_used_at"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }
}
