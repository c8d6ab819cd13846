package health.throughline.journey;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Keys with which callers make a start repeatable. A key's row stands or falls with what was started under it. */
@Repository
class JdbcIdempotencyKeys {

    private final JdbcClient jdbc;

    JdbcIdempotencyKeys(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What is known of a key. */
    sealed interface Claim {}

    /** Nobody used it before: it is the caller's until the transaction ends. */
    record Fresh() implements Claim {}

    /** Another transaction works under it. */
    record InProgress() implements Claim {}

    record Answered(byte[] requestHash, int status, String response) implements Claim {}

    /** The lock comes before the row: an insert would wait for the other transaction instead of telling that there is one. */
    Claim claim(String principal, String key, byte[] requestHash, Instant now) {
        boolean ours = jdbc.sql("select pg_try_advisory_xact_lock(hashtextextended(:principal || ' ' || :key, 0))")
                .param("principal", principal)
                .param("key", key)
                .query(Boolean.class)
                .single();
        if (!ours) {
            return new InProgress();
        }
        Claim answered = find(principal, key);
        if (answered != null) {
            return answered;
        }
        jdbc.sql("insert into idempotency_key (principal, key, request_hash, created_at) values (?, ?, ?, ?)")
                .params(principal, key, requestHash, JdbcJourneys.utc(now))
                .update();
        return new Fresh();
    }

    private @Nullable Claim find(String principal, String key) {
        return jdbc.sql("select request_hash, status, response from idempotency_key where principal = ? and key = ?")
                .params(principal, key)
                .query((row, n) -> new Answered(row.getBytes(1), row.getInt(2), row.getString(3)))
                .optional()
                .orElse(null);
    }

    void answered(String principal, String key, int status, String response) {
        jdbc.sql("update idempotency_key set status = ?, response = ? where principal = ? and key = ?")
                .params(status, response, principal, key)
                .update();
    }

    /** Only what was answered: who works under a key keeps it. */
    @Transactional
    public int forget(Instant before, int most) {
        return jdbc.sql("""
                        delete from idempotency_key where (principal, key) in (
                            select principal, key from idempotency_key where created_at < ? and status is not null
                            limit ? for update skip locked)
                        """).params(JdbcJourneys.utc(before), most).update();
    }
}
