package health.throughline.access;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * @param idleLogOff a session left alone for so long ends
 * @param freeAttempts wrong passwords for one user from one address before the waiting begins; each further one doubles the wait
 * @param freeAttemptsOfNetwork wrong passwords from one network, of IPv6 one /64, within a quarter of an hour before who has not signed in
 *     from there before waits too; a hospital shares one
 * @param passwordsAtOnce compared at once on this node: each keeps a processor busy
 * @param firstWait the wait after the first attempt that was not free
 * @param longestWait where the doubling ends
 * @param patientsBody the largest body of the chat, of patients' own pages and of any form; the container's own bound of forms is this one
 * @param largestBody the largest body elsewhere; the EHR's feed, the webhooks and files have bounds of their own
 */
@Validated
@ConfigurationProperties("throughline.access")
record AccessSettings(
        @DefaultValue("30m") Duration idleLogOff,
        @DefaultValue("5") @Min(1) int freeAttempts,
        @DefaultValue("30") @Min(1) int freeAttemptsOfNetwork,
        @DefaultValue("2") @Min(1) int passwordsAtOnce,
        @DefaultValue("2s") Duration firstWait,
        @DefaultValue("15m") Duration longestWait,
        @DefaultValue("64KB") DataSize patientsBody,
        @DefaultValue("1MB") DataSize largestBody) {}
