package health.throughline.selfservice;

import health.throughline.TimeOrderedId;
import health.throughline.encryption.KeyedHash;
import health.throughline.patient.PatientId;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** One-time codes, sessions, and how often something was tried; all by keyed hash. */
@Repository
class JdbcProofs {

    private static final int REMOVED_AT_ONCE = 10_000;

    private final JdbcClient jdbc;
    private final KeyedHash hash;
    private final ProofStanding standing;

    JdbcProofs(JdbcClient jdbc, KeyedHash hash, ProofStanding standing) {
        this.jdbc = jdbc;
        this.hash = hash;
        this.standing = standing;
    }

    /** Counts one try. @return how many there were within the window, this one included */
    int tried(String kind, String key, Instant now, Duration window) {
        return jdbc.sql("""
                        insert into page_try as t (key_hash, tries, since) values (:key, 1, :now)
                        on conflict (key_hash) do update set
                            tries = case when t.since <= :before then 1 else t.tries + 1 end,
                            since = case when t.since <= :before then excluded.since else t.since end
                        returning tries
                        """)
                .param("key", hash.of("page_try." + kind, key))
                .param("now", utc(now))
                .param("before", utc(now.minus(window)))
                .query(Integer.class)
                .single();
    }

    /** How many there were within the window. */
    int tries(String kind, String key, Instant now, Duration window) {
        return jdbc.sql("select tries from page_try where key_hash = ? and since > ?")
                .params(hash.of("page_try." + kind, key), utc(now.minus(window)))
                .query(Integer.class)
                .optional()
                .orElse(0);
    }

    void addCode(UUID id, String token, String code, PatientId patient, Instant now, Instant until) {
        jdbc.sql("""
                        insert into one_time_code (id, token_hash, code_hash, patient_id, created_at, expires_at)
                        values (?, ?, ?, ?, ?, ?)
                        """)
                .params(id, tokenHash("code", token), codeHash(id, code), patient.value(), utc(now), utc(until))
                .update();
    }

    /** @param since when the code was made @param right whether it was the one */
    record Tried(PatientId patient, Instant since, boolean right) {}

    /** Counts the try, and uses the code up where it is right and still counts. @return none where there is no such code any more */
    Optional<Tried> use(String token, String code, Instant now, int mostTries) {
        record Stored(UUID id, byte[] code, PatientId patient, Instant since) {}
        Optional<Stored> stored = jdbc.sql("""
                        update one_time_code set tries = tries + 1
                        where token_hash = ? and used_at is null and expires_at > ? and tries < ?
                        returning id, code_hash, patient_id, created_at
                        """)
                .params(tokenHash("code", token), utc(now), mostTries)
                .query((row, n) -> new Stored(
                        row.getObject(1, UUID.class),
                        row.getBytes(2),
                        new PatientId(row.getObject(3, UUID.class)),
                        row.getObject(4, OffsetDateTime.class).toInstant()))
                .optional();
        UUID id = stored.map(Stored::id).orElse(new UUID(0, 0));
        boolean right = MessageDigest.isEqual(stored.map(Stored::code).orElse(new byte[32]), codeHash(id, code));
        if (right) {
            jdbc.sql("update one_time_code set used_at = ? where id = ?")
                    .params(utc(now), id)
                    .update();
        }
        return stored.map(
                one -> new Tried(one.patient(), one.since(), right && standing.stands(one.patient(), one.since())));
    }

    /** @param since when its code was made: what changes from then on about whose record it is ends the session */
    void begin(String token, PatientId patient, Instant since, Instant now, Instant until) {
        jdbc.sql("""
                        insert into patient_session (id, token_hash, patient_id, created_at, last_seen_at, expires_at)
                        values (?, ?, ?, ?, ?, ?)
                        """)
                .params(
                        TimeOrderedId.next(),
                        tokenHash("session", token),
                        patient.value(),
                        utc(since),
                        utc(now),
                        utc(until))
                .update();
    }

    /** Ends it where it may not stay open. */
    Optional<PatientId> session(String token, Instant now, Duration idle) {
        record Open(PatientId patient, Instant since) {}
        Optional<Open> open = jdbc.sql("""
                        update patient_session set last_seen_at = :now
                        where token_hash = :token and expires_at > :now and last_seen_at > :idle returning patient_id, created_at
                        """)
                .param("now", utc(now))
                .param("token", tokenHash("session", token))
                .param("idle", utc(now.minus(idle)))
                .query((row, n) -> new Open(
                        new PatientId(row.getObject(1, UUID.class)),
                        row.getObject(2, OffsetDateTime.class).toInstant()))
                .optional();
        if (open.isPresent()
                && !standing.stands(open.get().patient(), open.get().since())) {
            end(token);
            return Optional.empty();
        }
        return open.map(Open::patient);
    }

    void end(String token) {
        jdbc.sql("delete from patient_session where token_hash = ?")
                .param(tokenHash("session", token))
                .update();
    }

    /** What can no longer count. */
    void forget(Instant before) {
        for (String old : new String[] {
            "one_time_code where id in (select id from one_time_code where expires_at < ? limit ?)",
            "patient_session where id in (select id from patient_session where expires_at < ? limit ?)",
            "page_try where key_hash in (select key_hash from page_try where since < ? limit ?)"
        }) {
            jdbc.sql("delete from " + old).params(utc(before), REMOVED_AT_ONCE).update();
        }
    }

    private byte[] tokenHash(String kind, String token) {
        return hash.of("patient_page.token." + kind, token);
    }

    private byte[] codeHash(UUID id, String code) {
        return hash.of("one_time_code.code", id + "|" + code);
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
