package health.throughline.audit;

import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param checkpointFile where signed checkpoints are kept besides the database, best on another machine's disk; none keeps them in the
 *     database only
 * @param checkpointRows a checkpoint is signed at the latest after so many rows
 * @param checkpointAge … and after so long, where rows came since
 */
@Validated
@ConfigurationProperties("throughline.audit")
record AuditSettings(
        @Nullable Path checkpointFile,
        @DefaultValue("1000") @Min(1) int checkpointRows,
        @DefaultValue("10s") Duration checkpointAge) {}
