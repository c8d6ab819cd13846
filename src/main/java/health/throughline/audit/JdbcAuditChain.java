package health.throughline.audit;

import java.sql.Timestamp;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The tables audit_unchained, audit_chain and audit_checkpoint. Needs the caller's transaction. */
@Repository
class JdbcAuditChain {

    private static final long WRITER_LOCK = 0x7468_726f_7567_6801L;

    /** One link: which row stands at a place of the chain. The row is missing where somebody deleted it. */
    record Link(
            long sequence,
            UUID auditId,
            byte[] hash,
            @Nullable ChainedRow row) {}

    private final JdbcClient jdbc;
    private final JdbcTemplate batches;

    JdbcAuditChain(JdbcClient jdbc, JdbcTemplate batches) {
        this.jdbc = jdbc;
        this.batches = batches;
    }

    /** Until the end of the transaction nobody else, on any node, writes to the chain. */
    void becomeOnlyWriter() {
        jdbc.sql("select pg_advisory_xact_lock(?)").param(WRITER_LOCK).query(row -> {});
    }

    Optional<Link> head() {
        return jdbc.sql("select sequence, audit_id, hash from audit_chain order by sequence desc limit 1")
                .query((row, number) -> new Link(row.getLong(1), row.getObject(2, UUID.class), row.getBytes(3), null))
                .optional();
    }

    List<ChainedRow> unchained(int most) {
        return jdbc.sql("select " + ChainedRow.COLUMNS + """
                         from audit_unchained u join audit a on a.id = u.audit_id
                        order by u.at, u.audit_id limit ?
                        """)
                .param(most)
                .query((row, number) -> ChainedRow.of(row))
                .list();
    }

    void append(List<Link> links) {
        batches.batchUpdate(
                "insert into audit_chain (sequence, audit_id, hash) values (?, ?, ?)",
                links,
                1_000,
                (statement, link) -> {
                    statement.setLong(1, link.sequence());
                    statement.setObject(2, link.auditId());
                    statement.setBytes(3, link.hash());
                });
        jdbc.sql("delete from audit_unchained u using audit_chain c where c.audit_id = u.audit_id and c.sequence >= ?")
                .param(links.getFirst().sequence())
                .update();
    }

    Optional<Checkpoint> lastCheckpoint() {
        return jdbc.sql("select sequence, hash, signed, signed_at from audit_checkpoint order by sequence desc limit 1")
                .query((row, number) -> checkpoint(row))
                .optional();
    }

    List<Checkpoint> checkpointsAfter(long after, int most) {
        return jdbc.sql(
                        "select sequence, hash, signed, signed_at from audit_checkpoint where sequence > ? order by sequence limit ?")
                .params(after, most)
                .query((row, number) -> checkpoint(row))
                .list();
    }

    void add(Checkpoint checkpoint) {
        jdbc.sql("insert into audit_checkpoint (sequence, hash, signed, signed_at) values (?, ?, ?, ?)")
                .params(
                        checkpoint.sequence(),
                        checkpoint.hash(),
                        checkpoint.signed(),
                        Timestamp.from(checkpoint.signedAt()))
                .update();
    }

    List<Link> linksAfter(long sequence, int most) {
        return jdbc.sql("select c.sequence, c.audit_id, c.hash, " + ChainedRow.COLUMNS + """
                         from (select * from audit_chain where sequence > ? order by sequence limit ?) c
                        left join audit a on a.id = c.audit_id
                        order by c.sequence
                        """)
                .params(sequence, most)
                .query((row, number) -> new Link(
                        row.getLong("sequence"),
                        row.getObject("audit_id", UUID.class),
                        row.getBytes("hash"),
                        row.getObject("id") == null ? null : ChainedRow.of(row)))
                .list();
    }

    long unchainedCount() {
        return jdbc.sql("select count(*) from audit_unchained")
                .query(Long.class)
                .single();
    }

    /** A row announced to the sequencer that is gone. */
    Optional<UUID> announcedButMissing() {
        return jdbc.sql("""
                        select u.audit_id from audit_unchained u
                        where not exists (select 1 from audit a where a.id = u.audit_id) order by u.at limit 1
                        """).query(UUID.class).optional();
    }

    /** A row that nobody announced: put in behind the product's back, or taken out of the chain. */
    Optional<UUID> neverChained() {
        return jdbc.sql("""
                        select a.id from audit a
                        where not exists (select 1 from audit_chain c where c.audit_id = a.id)
                          and not exists (select 1 from audit_unchained u where u.audit_id = a.id)
                        order by a.at limit 1
                        """).query(UUID.class).optional();
    }

    private static Checkpoint checkpoint(java.sql.ResultSet row) throws java.sql.SQLException {
        return new Checkpoint(
                row.getLong("sequence"),
                row.getBytes("hash"),
                row.getBytes("signed"),
                row.getObject("signed_at", OffsetDateTime.class).toInstant());
    }
}
