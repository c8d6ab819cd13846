package health.throughline.encryption;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param keyFile holds the master keys; made when absent only where {@code createKeyFile} is set. Back it up apart from the database:
 *     without it nothing can be read
 * @param createKeyFile makes a missing file; on in local mode, off in production
 * @param cachedKeys how many patients' unwrapped keys stay in memory
 */
@ConfigurationProperties("throughline.encryption")
record EncryptionSettings(
        @DefaultValue("var/keys.json") Path keyFile,
        @DefaultValue("false") boolean createKeyFile,
        @DefaultValue("20000") int cachedKeys) {}
