package health.throughline.channel.email;

import health.throughline.channel.AttemptId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Conditional;
import org.springframework.stereotype.Component;

/** How other mail servers see us: that they refuse us, and not an address, only the operator can mend. */
@Component
@Conditional(WhereMailIsServed.class)
class Standing {

    static final String REFUSED = "throughline.email.refused.us";
    private static final Logger LOG = LoggerFactory.getLogger(Standing.class);

    private final Counter refused;

    Standing(MeterRegistry meters) {
        this.refused = Counter.builder(REFUSED)
                .description("Mails refused because of us: relaying, block lists, SPF, DKIM, DMARC, rate, content")
                .register(meters);
    }

    /** @param code never a server's words, which may name the patient's address */
    void refused(AttemptId attempt, String code) {
        refused.increment();
        LOG.warn(
                "A mail server refuses us, whoever is written to (attempt {}, {}): look at relaying, block lists, SPF,"
                        + " DKIM and DMARC of the sending domain",
                attempt,
                code);
    }
}
