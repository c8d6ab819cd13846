package health.throughline.channel.email;

import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** A mail server is named. */
class WhereMailIsServed extends SpringBootCondition {

    private static final String HOST = "throughline.email.smtp.host";

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        String host = context.getEnvironment().getProperty(HOST, "");
        return new ConditionOutcome(!host.isBlank(), HOST + (host.isBlank() ? " is not set" : " is set"));
    }
}
