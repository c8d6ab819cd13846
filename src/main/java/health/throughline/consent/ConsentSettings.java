package health.throughline.consent;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the law leaves a choice. The defaults are the strict ones; whatever loosens them is in the audit at every start.
 *
 * @param revokeAll a refusal that names no purpose ends all messages (K5); off, those of the purpose last sent there
 * @param noDataMay a number of which the look-up has no data may be written to (K9)
 * @param reassignedList file of numbers that changed hands, see {@link ReassignedList}
 */
@ConfigurationProperties("throughline.consent")
record ConsentSettings(
        @DefaultValue("true") boolean revokeAll,
        @DefaultValue("false") boolean noDataMay,
        @Nullable String reassignedList) {}
