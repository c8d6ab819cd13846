package health.throughline.audit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import health.throughline.ThroughlineTest;
import health.throughline.audit.AuditVerifier.Kind;
import health.throughline.audit.AuditVerifier.Verification;
import health.throughline.encryption.KeyedHash;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Tampers with the audit as the database's owner could, in a transaction that is taken back after the verifier has looked. */
class AuditChainTest extends ThroughlineTest {

    @Autowired
    Audit audit;

    @Autowired
    AuditSequencer sequencer;

    @Autowired
    AuditVerifier verifier;

    @Autowired
    KeyedHash key;

    @Autowired
    FlywayConnectionDetails ownerLogin;

    @TempDir
    @Nullable
    Path folder;

    private long head;

    @BeforeEach
    void somethingWasDone() {
        inTransaction(() -> {
            for (int n = 0; n < 6; n++) {
                audit.record(Audit.Entry.done("test.read", "test", UUID.randomUUID(), null)
                        .with("n", "" + n));
            }
            return true;
        });
        sequencer.sequence();
        head = inTransaction(() -> jdbc.sql(
                        "select max(c.sequence) from audit_chain c join audit a on a.id = c.audit_id where a.action = 'test.read'")
                .query(Long.class)
                .single());
    }

    @Test
    void findsAnUntouchedAuditIntact() {
        var found = verifier.verify();
        assertThat(found.broken()).isNull();
        assertThat(found.chained()).isGreaterThanOrEqualTo(6);
        assertThat(found.checkpoints()).isPositive();
    }

    @Test
    void standsOrFallsWithTheTransactionItSpeaksOf() {
        String id = UUID.randomUUID().toString();
        assertThatThrownBy(() -> inTransaction(() -> {
                    audit.record(Audit.Entry.done("test.read", "test", id, null));
                    throw new IllegalStateException("undone");
                }))
                .hasMessage("undone");
        assertThat(inTransaction(() -> jdbc.sql("select count(*) from audit where entity_id = ?")
                        .param(id)
                        .query(Long.class)
                        .single()))
                .isZero();
    }

    @Test
    void findsAnEdit() {
        var found = after(owner -> owner.sql("update audit set actor = 'somebody else' where id = "
                        + "(select audit_id from audit_chain where sequence = " + (head() - 2) + ")")
                .update());
        assertBroken(found, Kind.EDITED, head() - 2);
    }

    @Test
    void findsADeletedRow() {
        var found = after(owner -> owner.sql("delete from audit where id = "
                        + "(select audit_id from audit_chain where sequence = " + (head() - 3) + ")")
                .update());
        assertBroken(found, Kind.DELETED, head() - 3);
    }

    @Test
    void findsARowDeletedWithItsLink() {
        long sequence = head() - 3;
        var found = after(owner -> {
            owner.sql("delete from audit where id = (select audit_id from audit_chain where sequence = " + sequence
                            + ")")
                    .update();
            owner.sql("delete from audit_chain where sequence = " + sequence).update();
        });
        assertBroken(found, Kind.DELETED, sequence);
    }

    @Test
    void findsTwoRowsThatChangedPlaces() {
        long sequence = head() - 3;
        var found = after(owner -> {
            owner.sql("update audit_chain set sequence = -1 where sequence = " + sequence)
                    .update();
            owner.sql("update audit_chain set sequence = %d where sequence = %d".formatted(sequence, sequence + 1))
                    .update();
            owner.sql("update audit_chain set sequence = %d where sequence = -1".formatted(sequence + 1))
                    .update();
        });
        assertBroken(found, Kind.REORDERED, sequence);
    }

    @Test
    void findsACutTailByTheSignedCheckpoint() {
        long head = head();
        var found = after(owner -> {
            sign(owner);
            cut(owner, head - 2);
        });
        assertBroken(found, Kind.CUT, head - 2);
    }

    @Test
    void findsATailCutWithItsCheckpointsByThoseKeptElsewhere() {
        long head = head();
        var found = after(owner -> {
            file().append(sign(owner));
            cut(owner, head - 2);
            owner.sql("delete from audit_checkpoint where sequence >= " + (head - 2))
                    .update();
        });
        assertBroken(found, Kind.CUT, head - 2);
    }

    @Test
    void findsAChainWrittenAnew() {
        long head = head();
        var found = after(owner -> {
            sign(owner);
            owner.sql(
                            "update audit set actor = 'somebody else' where id = (select audit_id from audit_chain where sequence = "
                                    + head + ")")
                    .update();
            var chain = new JdbcAuditChain(owner, new JdbcTemplate());
            var links = chain.linksAfter(head - 2, 1_000);
            byte[] hash = links.getFirst().hash();
            for (var link : links.subList(1, links.size())) {
                hash = requireNonNull(link.row()).hashAfter(hash);
                owner.sql("update audit_chain set hash = ? where sequence = ?")
                        .params(hash, link.sequence())
                        .update();
            }
        });
        assertThat(requireNonNull(found.broken()).kind()).isEqualTo(Kind.EDITED);
        assertThat(found.broken().sentence()).contains("signed checkpoint");
    }

    @Test
    void findsARowTakenFromTheSequencer() {
        var found = after(owner -> {
            UUID id = UUID.randomUUID();
            owner.sql("insert into audit (id, at, actor_kind, actor, action, entity_type, entity_id, outcome) "
                            + "values (?, now(), 'staff', 'x', 'x', 'x', 'x', 'done')")
                    .param(id)
                    .update();
        });
        assertBroken(found, Kind.INSERTED, 0);
    }

    private static void assertBroken(Verification found, Kind kind, long sequence) {
        var broken = requireNonNull(found.broken());
        assertThat(broken.kind()).as(broken.sentence()).isEqualTo(kind);
        assertThat(broken.sequence()).isEqualTo(sequence);
        assertThat(found.sentence()).contains(broken.sentence());
    }

    private static void cut(JdbcClient owner, long from) {
        owner.sql("delete from audit where id in (select audit_id from audit_chain where sequence >= " + from + ")")
                .update();
        owner.sql("delete from audit_chain where sequence >= " + from).update();
    }

    private Checkpoint sign(JdbcClient owner) {
        var chain = new JdbcAuditChain(owner, new JdbcTemplate());
        var head = chain.head().orElseThrow();
        var checkpoint = Checkpoint.sign(key, head.sequence(), head.hash(), clock.instant());
        if (chain.lastCheckpoint()
                .filter(last -> last.sequence() == head.sequence())
                .isEmpty()) {
            chain.add(checkpoint);
        }
        return checkpoint;
    }

    /** The last link written by this test; the sequencer may go on after it. */
    private long head() {
        return head;
    }

    private CheckpointFile file() {
        return new CheckpointFile(
                new AuditSettings(requireNonNull(folder).resolve("checkpoints.log"), 1_000, Duration.ofSeconds(10)));
    }

    private Verification after(Consumer<JdbcClient> tampering) {
        var source = new DriverManagerDataSource(
                requireNonNull(ownerLogin.getJdbcUrl()),
                requireNonNull(ownerLogin.getUsername()),
                requireNonNull(ownerLogin.getPassword()));
        var transactions = new JdbcTransactionManager(source);
        var snapshot = new TransactionTemplate(transactions);
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        var owner = JdbcClient.create(source);
        var chain = new JdbcAuditChain(owner, new JdbcTemplate(source));
        return requireNonNull(snapshot.execute(status -> {
            status.setRollbackOnly();
            tampering.accept(owner);
            return new ChainVerifier(chain, file(), key, transactions).verify();
        }));
    }
}
