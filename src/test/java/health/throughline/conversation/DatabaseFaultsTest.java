package health.throughline.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import health.throughline.FaultReport;
import health.throughline.FaultTest;
import health.throughline.channel.Address;
import health.throughline.channel.Channel;
import health.throughline.channel.ChannelInbox;
import health.throughline.channel.InboundMessage;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** R5: the database's processes are killed under the product. What was answered with 2xx is there; what was not comes again. */
@FaultTest
class DatabaseFaultsTest extends TextingTest {

    private static final FaultReport.Row ROW = FaultReport.row("R5", "PostgreSQL backends killed");
    private static final int KILLS = FaultReport.form(5, 60);
    private static final int MESSAGES = FaultReport.form(12, 40);
    private static final int CALLBACKS = FaultReport.form(60, 600);
    private static final int TRIES = 40;
    private static final long BETWEEN_KILLS_MILLIS = 300;

    @Autowired
    private EmbeddedPostgres postgres;

    @Autowired
    private ChannelInbox inbox;

    @Test
    void answersNothingWithoutADurableRowWhenItsConnectionsAreKilled() throws Exception {
        List<String> numbers = new ArrayList<>();
        Map<String, UUID> messages = new HashMap<>();
        for (int i = 0; i < MESSAGES; i++) {
            String number = aNumber();
            numbers.add(number);
            messages.put(number, queued(aPatient(number), "x"));
        }
        AtomicLong killed = new AtomicLong();
        AtomicBoolean over = new AtomicBoolean();
        Thread killer = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < KILLS; i++) {
                killed.addAndGet(killBackends());
                pause();
            }
            over.set(true);
        });
        List<String> answered = new ArrayList<>();
        long refused = 0;
        for (int i = 0; i < CALLBACKS || !over.get(); i++) {
            String sid = aSid();
            int status = 0;
            for (int tries = 0; status != 200 && tries < TRIES; tries++) {
                status = inbound(numbers.get(i % numbers.size()), sid, "Thank you")
                        .statusCode();
                refused += status == 200 ? 0 : 1;
                assertThat(status).isIn(200, 500, 503);
            }
            assertThat(status).as("after " + TRIES + " tries").isEqualTo(200);
            answered.add(sid);
        }
        killer.join();
        messages.values()
                .forEach(message -> await().atMost(Duration.ofSeconds(120))
                        .until(() -> standing(message).sent()));
        long lost = missing(answered);
        Map<String, List<Sent>> requests = requests();
        long unsent = numbers.stream().filter(n -> !requests.containsKey(n)).count();
        long doubled = numbers.stream()
                .filter(n -> requests.getOrDefault(n, List.of()).stream()
                                .filter(Sent::accepted)
                                .count()
                        > 1)
                .count();
        ROW.count(FaultReport.INTENTS, MESSAGES)
                .count(FaultReport.LOST, unsent)
                .count(FaultReport.DOUBLED, doubled)
                .count(FaultReport.INBOUND_LOST, lost)
                .figure("backends killed", killed.get())
                .figure("callbacks", answered.size())
                .figure("answered otherwise and repeated", refused);
        assertThat(killed.get()).isPositive();
        assertThat(lost).isZero();
        assertThat(unsent).isZero();
        assertThat(doubled).isZero();

        // control: answered before it is committed, and then the commit fails
        List<String> tooEarly = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String sid = aSid();
            transaction.executeWithoutResult(status -> {
                inbox.received(new InboundMessage(
                        "twilio",
                        sid,
                        new Address(Channel.SMS, numbers.getFirst()),
                        "+13035550100",
                        "x",
                        "x",
                        clock.instant()));
                tooEarly.add(sid);
                status.setRollbackOnly();
            });
        }
        boolean red = missing(tooEarly) == 5;
        ROW.control("2xx before the commit", red);
        assertThat(red).isTrue();
    }

    private long missing(List<String> sids) {
        return sids.size()
                - count("select count(*) from inbound_key where provider = 'twilio' and provider_id = any(?)", (Object)
                        sids.toArray(String[]::new));
    }

    private long killBackends() {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet killed = statement.executeQuery(
                        "select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = 'throughline_login'")) {
            killed.next();
            return killed.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(BETWEEN_KILLS_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
