package health.throughline.access;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param idleLogOff a session left alone for so long ends
 * @param freeAttempts wrong passwords for one user from one address before the waiting begins; each further one doubles the wait
 * @param firstWait the wait after the first attempt that was not free
 * @param longestWait where the doubling ends
 */
@Validated
@ConfigurationProperties("throughline.access")
record AccessSettings(
        @DefaultValue("30m") Duration idleLogOff,
        @DefaultValue("5") @Min(1) int freeAttempts,
        @DefaultValue("2s") Duration firstWait,
        @DefaultValue("15m") Duration longestWait) {}
