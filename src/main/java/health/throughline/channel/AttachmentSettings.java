package health.throughline.channel;

import health.throughline.StartRefused;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What is kept of what patients attach.
 *
 * @param folder where it lies, encrypted, shared by all nodes; without it nothing attached is kept
 * @param largest one of them
 * @param tries to fetch one from the provider, the pause doubled each time
 * @param firstPause after the first try
 */
@ConfigurationProperties("throughline.attachments")
public record AttachmentSettings(
        @Nullable Path folder,
        @DefaultValue("10MB") DataSize largest,
        @DefaultValue("7") int tries,
        @DefaultValue("5s") Duration firstPause) {

    private static final DataSize MOST = DataSize.ofMegabytes(100);

    public AttachmentSettings {
        folder = folder == null || folder.toString().isBlank() ? null : folder;
        if (largest.toBytes() < 1 || largest.compareTo(MOST) > 0) {
            throw new StartRefused(
                    "THROUGHLINE_ATTACHMENTS_LARGEST is not between 1B and 100MB.",
                    "Set it to the largest picture or file of a patient that is to be kept, for example 10MB.");
        }
        if (tries < 1 || tries > 20 || firstPause.isNegative() || firstPause.isZero()) {
            throw new StartRefused(
                    "THROUGHLINE_ATTACHMENTS_TRIES or THROUGHLINE_ATTACHMENTS_FIRST_PAUSE cannot be used.",
                    "Set 1 to 20 tries and a first pause such as 5s.");
        }
    }
}
