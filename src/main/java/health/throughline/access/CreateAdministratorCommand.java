package health.throughline.access;

import health.throughline.organization.OrgUnit;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.stereotype.Component;

/**
 * {@code --throughline.command=create-administrator [--username=…] [--unit=/path/]}: the first way in, and the way back in. Prints the
 * password once; run again, it sets a new one.
 */
@Component
@ConditionalOnProperty(name = "throughline.command", havingValue = "create-administrator")
class CreateAdministratorCommand implements ApplicationRunner {

    private static final String ROOT = "/all/";

    private final CredentialsIssuer issuer;
    private final Organization organization;
    private final ConfigurableApplicationContext context;

    CreateAdministratorCommand(
            CredentialsIssuer issuer, Organization organization, ConfigurableApplicationContext context) {
        this.issuer = issuer;
        this.organization = organization;
        this.context = context;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        String username = option(arguments, "username");
        String name = username == null ? "administrator" : username;
        OrgUnitId unit = unit(option(arguments, "unit"));
        String password = ApiKeyToken.next().secret();
        issuer.createUser(name, name, Role.ADMINISTRATOR, unit, password);
        issuer.setEnabled(name, true);
        System.out.println("User name: " + name + "\nPassword:  " + password);
        System.exit(SpringApplication.exit(context, () -> 0));
    }

    private OrgUnitId unit(@Nullable String wanted) {
        String path = wanted == null ? ROOT : wanted;
        return organization
                .findByPath(path)
                .map(OrgUnit::id)
                .orElseThrow(() -> new IllegalArgumentException("There is no unit with the path " + path));
    }

    private static @Nullable String option(ApplicationArguments arguments, String name) {
        var values = arguments.getOptionValues(name);
        return values == null || values.isEmpty() ? null : values.getFirst();
    }
}
