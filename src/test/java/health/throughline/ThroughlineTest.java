package health.throughline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The one Spring context and the one PostgreSQL of the test JVM: the whole product in local mode, on free ports, with data under
 * {@code target/}. Tests share it, so each makes patients, appointments and keys of its own and never deletes others'. The clock only
 * moves forward. Do not add mock beans or properties: they would start a second context.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.DEFINED_PORT)
@Tag("product")
public abstract class ThroughlineTest {

    private static final Path DIRECTORY = Path.of("target", "test-var");
    private static final int PORT = FreePorts.next();
    private static final int SIMULATOR_PORT = FreePorts.next();

    static {
        forget(DIRECTORY);
        // read before the application context exists, by the post-processor that turns local mode on
        System.setProperty("server.port", String.valueOf(PORT));
        System.setProperty("throughline.simulator.port", String.valueOf(SIMULATOR_PORT));
        System.setProperty("throughline.simulator.mail.smtp-port", String.valueOf(FreePorts.next()));
        System.setProperty("throughline.simulator.mail.imap-port", String.valueOf(FreePorts.next()));
        System.setProperty("throughline.local.directory", DIRECTORY.toString());
        System.setProperty("throughline.local.durable", "false");
        // visits of the simulated EHR would add messages of their own to those a test counts
        System.setProperty("throughline.simulator.seed", "false");
        System.setProperty("throughline.simulator.rings-for", "100ms");
        System.setProperty("throughline.simulator.patience", "2s");
        System.setProperty("throughline.ehr.timeout", "2s");
        // what a moved clock made due is seen sooner
        System.setProperty("throughline.ehr.poll", "250ms");
        System.setProperty("camunda.bpm.job-execution.max-wait", "250");
        System.setProperty("throughline.conversation.gather", "1s");
    }

    @Autowired
    protected JdbcClient jdbc;

    @Autowired
    protected TransactionTemplate transaction;

    @Autowired
    protected Clock clock;

    @Autowired
    private FlywayConnectionDetails owner;

    /** The product's own address. */
    protected static String product() {
        return "http://localhost:" + PORT;
    }

    /** The simulator's address. */
    protected static String simulator() {
        return "http://localhost:" + SIMULATOR_PORT;
    }

    /** Runs SQL or modules' code in a transaction with the product's own rights. */
    protected <T> T inTransaction(Supplier<T> work) {
        return java.util.Objects.requireNonNull(transaction.execute(status -> work.get()));
    }

    /** The database as its owner, whom row-level security and append-only rights do not bind: for tampering, and for looking. */
    protected JdbcClient asOwner() {
        DataSource source = new DriverManagerDataSource(
                java.util.Objects.requireNonNull(owner.getJdbcUrl()),
                java.util.Objects.requireNonNull(owner.getUsername()),
                java.util.Objects.requireNonNull(owner.getPassword()));
        return JdbcClient.create(source);
    }

    private static void forget(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(java.io.File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
