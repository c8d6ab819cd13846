package health.throughline.local;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Profile;

/**
 * @param directory everything the local system keeps
 * @param durable whether PostgreSQL waits for the disk; tests switch it off
 */
@Profile("local")
@ConfigurationProperties("throughline.local")
record LocalSettings(
        @DefaultValue("var") Path directory,
        @DefaultValue("true") boolean durable,
        @DefaultValue("") String ownerPassword,
        @DefaultValue("") String loginPassword) {}
