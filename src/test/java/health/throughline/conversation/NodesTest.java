package health.throughline.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import health.throughline.FaultReport;
import health.throughline.FaultTest;
import health.throughline.channel.Channel;
import health.throughline.channel.OutboundMessage;
import health.throughline.channel.SendOutcome;
import java.lang.reflect.RecordComponent;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.jdbc.UncategorizedSQLException;

/** R6 and R7: a node that froze past its lease, and several nodes at one queue. */
@FaultTest
class NodesTest extends TextingTest {

    private static final int MESSAGES = FaultReport.form(24, 60);
    private static final FaultReport.Row FROZEN = FaultReport.row("R6", "node frozen past its lease, then thawed");
    private static final FaultReport.Row SEVERAL = FaultReport.row("R7", "three nodes, one send");

    @Autowired
    private AutowireCapableBeanFactory beans;

    @Autowired
    private Attempts attempts;

    @Autowired
    private JdbcDispatch dispatch;

    @Autowired
    private DataSource dataSource;

    @Autowired
    private Senders senders;

    @Test
    void aNodeThatFrozeWithAClaimFindsItTakenByAnother() {
        String number = aNumber();
        JdbcDispatch.Claim claim = leased(aPatient(number), "x");
        leaseEnds(claim.message());
        dueNow(claim.message());
        awaitState(claim.message(), "delivered");
        assertThat(attempts.start(claim, "thawed")).isEmpty();
        assertThat(requestsTo(number)).hasSize(1);
        FROZEN.count(FaultReport.INTENTS, 1).count(FaultReport.DOUBLED, 0).count(FaultReport.LOST, 0);
    }

    /** The lease on the wire ends by the machine's clock, before anybody else may act on the attempt. */
    @Test
    void aNodeThatFrozeRightBeforeItsRequestWritesNoByteOfIt() {
        String number = aNumber();
        OutboundMessage outbound =
                attempts.start(leased(aPatient(number), "x"), "frozen").orElseThrow();
        OutboundMessage late = thawed(outbound);
        SendOutcome outcome = senders.adapter(Channel.SMS).send(late);
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        SendOutcome.Retry.class,
                        retry -> assertThat(retry.code()).isEqualTo("lease-ended"));
        assertThat(requestsTo(number)).isEmpty();
        // control: without the deadline the thawed node sends what another has settled and sent again
        String second = aNumber();
        OutboundMessage unfenced =
                attempts.start(leased(aPatient(second), "x"), "frozen").orElseThrow();
        senders.adapter(Channel.SMS).send(unfenced);
        senders.adapter(Channel.SMS).send(unfenced);
        boolean red = requestsTo(second).stream().filter(Sent::accepted).count() == 2;
        FROZEN.control("no deadline on the request", red);
        assertThat(red).isTrue();
    }

    @Test
    void whatAThawedNodeReportsLateChangesNothing() {
        String number = aNumber();
        JdbcDispatch.Claim claim = leased(aPatient(number), "x");
        OutboundMessage outbound = attempts.start(claim, "frozen").orElseThrow();
        leaseEnds(claim.message());
        await().atMost(Duration.ofSeconds(90)).until(() -> {
            forward(Duration.ofSeconds(21));
            return standing(claim.message()).state().equals("delivered");
        });
        attempts.outcome(outbound.attempt(), new SendOutcome.Retry(null, "lease-ended", "It was over."));
        assertThat(standing(claim.message()).state()).isEqualTo("delivered");
        assertThat(requestsTo(number)).hasSize(1);
    }

    @Test
    void threeNodesSendEachMessageOnce() {
        List<Dispatcher> others = List.of(beans.createBean(Dispatcher.class), beans.createBean(Dispatcher.class));
        Map<String, UUID> messages = new HashMap<>();
        try {
            others.forEach(Dispatcher::start);
            for (int i = 0; i < MESSAGES; i++) {
                String number = aNumber();
                messages.put(number, queued(aPatient(number), "x"));
            }
            messages.values().forEach(message -> awaitState(message, "delivered"));
        } finally {
            others.forEach(Dispatcher::stop);
        }
        Map<String, List<Sent>> requests = requests();
        long lost =
                messages.keySet().stream().filter(n -> !requests.containsKey(n)).count();
        long doubled = messages.keySet().stream()
                .filter(n -> requests.getOrDefault(n, List.of()).size() > 1)
                .count();
        SEVERAL.count(FaultReport.INTENTS, MESSAGES)
                .count(FaultReport.LOST, lost)
                .count(FaultReport.DOUBLED, doubled);
        assertThat(lost).isZero();
        assertThat(doubled).isZero();

        // control: two nodes that read the queue without claiming from it
        String number = aNumber();
        OutboundMessage read =
                attempts.start(leased(aPatient(number), "x"), "one").orElseThrow();
        senders.adapter(Channel.SMS).send(read);
        senders.adapter(Channel.SMS).send(read);
        boolean red = requestsTo(number).size() == 2;
        SEVERAL.control("no claim", red);
        assertThat(red).isTrue();
    }

    /** Without power in the midst of a transaction: the database does not hear of it, and keeps what the node had locked. */
    @Test
    void aNodeThatIsGoneInTheMidstOfATransactionHoldsUpNobodyElse() throws SQLException {
        String number = aNumber();
        JdbcDispatch.Claim claim = leased(aPatient(number), "x");
        try (Connection gone = dataSource.getConnection()) {
            gone.setAutoCommit(false);
            in(gone, "select set_config('throughline.scope', '*', true)");
            in(gone, "select 1 from dispatch where message_id = '" + claim.message() + "' for update");
            Instant leaseOver = clock.instant().plus(Duration.ofHours(13));
            inTransaction(() -> {
                jdbc.sql("set local lock_timeout = '5s'").update();
                return dispatch.freeAbandoned(leaseOver) + dispatch.clear(leaseOver);
            });

            // control: whoever waits for the row waits for as long as the node is not missed
            boolean red = isStopped(
                    "update dispatch set lease_until = null where state = 'leased' and lease_until < ?", leaseOver);
            SEVERAL.control("leases freed by waiting for them", red);
            assertThat(red).isTrue();
            gone.rollback();
        }
        assertThat(inTransaction(() -> jdbc.sql("show idle_in_transaction_session_timeout")
                        .query(String.class)
                        .single()))
                .as("after that the database lets go of what a node held")
                .isEqualTo("30s");
    }

    private boolean isStopped(String sql, Instant until) {
        try {
            inTransaction(() -> {
                jdbc.sql("set local lock_timeout = '200ms'").update();
                return jdbc.sql(sql).param(JdbcMessages.utc(until)).update();
            });
            return false;
        } catch (UncategorizedSQLException e) {
            assertThat(e).rootCause().hasMessageContaining("lock timeout");
            return true;
        }
    }

    private static void in(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The same request, its time over. */
    private static OutboundMessage thawed(OutboundMessage outbound) {
        try {
            RecordComponent[] components = OutboundMessage.class.getRecordComponents();
            Object[] values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                values[i] = components[i].getName().equals("deadline")
                        ? Instant.now().minusSeconds(1)
                        : components[i].getAccessor().invoke(outbound);
            }
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return OutboundMessage.class.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private void leaseEnds(UUID message) {
        inTransaction(() -> jdbc.sql("update dispatch set lease_until = ? where message_id = ?")
                .params(JdbcMessages.utc(clock.instant().minusSeconds(1)), message)
                .update());
    }

    private void dueNow(UUID message) {
        inTransaction(() -> jdbc.sql("update dispatch set due_at = ? where message_id = ?")
                .params(JdbcMessages.utc(clock.instant()), message)
                .update());
    }
}
