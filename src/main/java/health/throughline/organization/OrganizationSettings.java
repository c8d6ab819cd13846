package health.throughline.organization;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param cacheFor how long a node may work with units that another node has changed since
 */
@ConfigurationProperties("throughline.organization")
record OrganizationSettings(@DefaultValue("2s") Duration cacheFor) {}
