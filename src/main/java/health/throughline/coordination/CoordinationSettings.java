package health.throughline.coordination;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param callLimit after which a call nobody ended is taken for ended, so that automation to the patient goes on
 * @param takeoverLimit how long after the last word of either side a conversation somebody took over is handed back by itself
 * @param tryAgainAfter when a task comes back whose patient was not reached, where its journey does not say
 * @param tryAgainUrgentlyAfter the same where somebody may be in danger
 */
@Validated
@ConfigurationProperties("throughline.coordination")
record CoordinationSettings(
        @DefaultValue("30m") Duration callLimit,
        @DefaultValue("12h") Duration takeoverLimit,
        @DefaultValue("2h") Duration tryAgainAfter,
        @DefaultValue("5m") Duration tryAgainUrgentlyAfter) {}
