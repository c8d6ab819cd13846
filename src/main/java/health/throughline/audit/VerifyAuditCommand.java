package health.throughline.audit;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.stereotype.Component;

/** {@code --throughline.command=verify-audit}: prints what was found and ends with 0 (intact) or 2 (not). */
@Component
@ConditionalOnProperty(name = "throughline.command", havingValue = "verify-audit")
class VerifyAuditCommand implements ApplicationRunner {

    private static final int NOT_INTACT = 2;

    private final AuditVerifier verifier;
    private final ConfigurableApplicationContext context;

    VerifyAuditCommand(AuditVerifier verifier, ConfigurableApplicationContext context) {
        this.verifier = verifier;
        this.context = context;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        var verification = verifier.verify();
        System.out.println(verification.sentence());
        int code = verification.intact() ? 0 : NOT_INTACT;
        System.exit(SpringApplication.exit(context, () -> code));
    }
}
