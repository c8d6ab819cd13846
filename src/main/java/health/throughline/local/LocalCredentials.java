package health.throughline.local;

import health.throughline.access.CredentialsIssuer;
import health.throughline.access.Role;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * A sign-in for each role and an API key, made once, kept in {@code credentials.json} below the local directory (mode 600) and printed at
 * every start.
 */
@Component
@Profile("local")
@Order(0)
class LocalCredentials implements ApplicationRunner {

    private static final String ROOT = "/all/";
    private static final int PASSWORD_BYTES = 12;

    private final CredentialsIssuer issuer;
    private final Organization organization;
    private final TransactionTemplate transaction;
    private final LocalSettings settings;
    private final Environment environment;
    private final JsonMapper json;

    LocalCredentials(
            CredentialsIssuer issuer,
            Organization organization,
            TransactionTemplate transaction,
            LocalSettings settings,
            Environment environment,
            JsonMapper json) {
        this.issuer = issuer;
        this.organization = organization;
        this.transaction = transaction;
        this.settings = settings;
        this.environment = environment;
        this.json = json;
    }

    record User(String role, String username, String password) {}

    record Credentials(List<User> users, String apiKey) {}

    @Override
    public void run(ApplicationArguments arguments) throws IOException {
        OrgUnitId root = organization.findByPath(ROOT).orElseThrow().id();
        Credentials kept = kept();
        Credentials credentials = kept == null ? fresh(root) : kept;
        transaction.executeWithoutResult(status -> {
            for (User user : credentials.users()) {
                if (kept == null || !issuer.hasUser(user.username())) {
                    Role role = Role.of(user.role());
                    issuer.createUser(user.username(), displayName(role), role, root, user.password());
                }
            }
            issuer.keepApiKey(
                    "simulator",
                    environment.getRequiredProperty("throughline.simulator.api-key"),
                    Set.of("fhir:write", "fhir:read", "local:clock"),
                    root);
        });
    }

    private @Nullable Credentials kept() throws IOException {
        Path file = file();
        if (!Files.exists(file)) {
            return null;
        }
        Credentials kept = json.readValue(Files.readString(file), Credentials.class);
        return issuer.accepts(kept.apiKey()) ? kept : null;
    }

    private Credentials fresh(OrgUnitId root) throws IOException {
        Path file = file();
        Set<String> scopes = CredentialsIssuer.SCOPES.stream()
                .filter(scope -> !scope.startsWith("local:"))
                .collect(Collectors.toSet());
        String apiKey = issuer.createApiKey("local", scopes, root).token();
        Credentials fresh = new Credentials(
                Arrays.stream(Role.values())
                        .map(role -> new User(role.code(), role.code(), password()))
                        .toList(),
                apiKey);
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, json.writerWithDefaultPrettyPrinter().writeValueAsString(fresh));
        return fresh;
    }

    private Path file() {
        return settings.directory().resolve("credentials.json");
    }

    private static String displayName(Role role) {
        return switch (role) {
            case COORDINATOR -> "Carla Coordinator";
            case SUPERVISOR -> "Sam Supervisor";
            case MODELER -> "Mina Modeler";
            case ADMINISTRATOR -> "Ada Administrator";
            case AUDITOR -> "Otto Auditor";
        };
    }

    private static String password() {
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    @EventListener(ApplicationReadyEvent.class)
    void tell() throws IOException {
        Credentials credentials = json.readValue(Files.readString(file()), Credentials.class);
        StringBuilder text = new StringBuilder(
                "\n\n  Throughline runs in local mode: simulated carrier and EHR, synthetic patients.\n\n");
        text.append("    Staff pages       ")
                .append(environment.getProperty("throughline.public-url"))
                .append('\n');
        text.append("    Patients' phones  ")
                .append(environment.getProperty("throughline.simulator.url"))
                .append("\n\n");
        for (User user : credentials.users()) {
            text.append(String.format("    %-16s  %-16s  %s%n", user.role(), user.username(), user.password()));
        }
        text.append("\n    API key           ").append(credentials.apiKey()).append('\n');
        text.append("    (kept in ").append(file()).append(")\n");
        // for the person at the console, and only there: a log is no place for credentials
        System.out.println(text);
    }
}
