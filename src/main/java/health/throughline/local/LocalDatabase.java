package health.throughline.local;

import health.throughline.StartRefused;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.Environment;

/** PostgreSQL inside the product, kept on disk, with an owner and a login that may only work as the application. */
@Configuration
@Profile("local")
class LocalDatabase {

    private static final Logger LOG = LoggerFactory.getLogger(LocalDatabase.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final int STOP_SECONDS = 15;
    private static final String DATABASE = "throughline";
    private static final String OWNER = "throughline_owner";
    private static final String LOGIN = "throughline_login";

    @Bean(destroyMethod = "close")
    EmbeddedPostgres embeddedPostgres(LocalSettings settings, Environment environment)
            throws IOException, SQLException {
        if (!environment.getProperty("spring.datasource.url", "").isBlank()) {
            throw new StartRefused(
                    "The profile local is active while SPRING_DATASOURCE_URL names a database: nothing is simulated in production.",
                    "Take local out of SPRING_PROFILES_ACTIVE, or unset SPRING_DATASOURCE_URL.");
        }
        Path data = settings.directory().resolve("postgresql").toAbsolutePath();
        Files.createDirectories(data);
        stopLeftover(data);
        String durable = settings.durable() ? "on" : "off";
        EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(settings.directory()
                        .resolve("postgresql-binaries")
                        .toAbsolutePath()
                        .toFile())
                .setRegisterShutdownHook(false)
                .setServerConfig("fsync", durable)
                .setServerConfig("synchronous_commit", durable)
                .setServerConfig("full_page_writes", durable)
                .setServerConfig("max_connections", "120")
                .setServerConfig("shared_buffers", "256MB")
                .setPGStartupWait(START_LIMIT)
                .start();
        prepare(postgres, settings);
        return postgres;
    }

    /** After a kill -9 of the product its PostgreSQL lives on and holds the data directory. */
    private static void stopLeftover(Path data) throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        List<String> lines = Files.readAllLines(pidFile);
        ProcessHandle leftover = lines.isEmpty()
                ? null
                : ProcessHandle.of(Long.parseLong(lines.get(0).trim())).orElse(null);
        if (leftover == null || !leftover.info().commandLine().orElse("").contains(data.toString())) {
            return;
        }
        LOG.info("Stopping the PostgreSQL that an earlier run left behind (process {})", leftover.pid());
        leftover.destroy();
        try {
            leftover.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            leftover.destroyForcibly();
            leftover.onExit().orTimeout(STOP_SECONDS, TimeUnit.SECONDS).join();
        } catch (ExecutionException e) {
            throw new IOException("The leftover PostgreSQL " + leftover.pid() + " could not be stopped", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while a leftover PostgreSQL was stopping", e);
        }
    }

    private static void prepare(EmbeddedPostgres postgres, LocalSettings settings) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            boolean isNew;
            try (var found = statement.executeQuery("select 1 from pg_database where datname = '" + DATABASE + "'")) {
                isNew = !found.next();
            }
            if (isNew) {
                // passwords are hexadecimal, made by LocalMode
                statement.execute("create role throughline_app nologin nosuperuser nobypassrls");
                statement.execute("create role " + OWNER + " login password '" + settings.ownerPassword() + "'");
                statement.execute("create role " + LOGIN + " login password '" + settings.loginPassword()
                        + "' in role throughline_app");
                statement.execute("grant throughline_app to " + OWNER);
                statement.execute(
                        "create database " + DATABASE + " owner " + OWNER + " encoding 'UTF8' template template0");
            }
        }
    }

    @Bean
    JdbcConnectionDetails applicationLogin(EmbeddedPostgres postgres, LocalSettings settings) {
        return new Login(url(postgres), LOGIN, settings.loginPassword());
    }

    @Bean
    FlywayConnectionDetails owner(EmbeddedPostgres postgres, LocalSettings settings) {
        return new Owner(url(postgres), OWNER, settings.ownerPassword());
    }

    private static String url(EmbeddedPostgres postgres) {
        return "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/" + DATABASE + "?reWriteBatchedInserts=true";
    }

    private record Login(String url, String username, String password) implements JdbcConnectionDetails {

        @Override
        public String getUsername() {
            return username;
        }

        @Override
        public String getPassword() {
            return password;
        }

        @Override
        public String getJdbcUrl() {
            return url;
        }

        @Override
        public String getDriverClassName() {
            return "org.postgresql.Driver";
        }
    }

    private record Owner(String url, String username, String password) implements FlywayConnectionDetails {

        @Override
        public String getUsername() {
            return username;
        }

        @Override
        public String getPassword() {
            return password;
        }

        @Override
        public String getJdbcUrl() {
            return url;
        }
    }
}
