package health.throughline.care;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of {@code throughline.ehr}: the way back to the EHR.
 *
 * @param url base of its FHIR R4 API; without it nothing is written back and staff carry requests over by hand
 * @param token sent as {@code Authorization: Bearer}
 * @param timeout how long one answer may take
 * @param giveUpAfter from when a person is asked instead, counted from the patient's answer
 * @param lease how long one node has a request to itself
 * @param poll how often a node looks for what is due
 * @param silenceLimit how long the feed may be silent before staff are told and its visits' messages wait; none: for ever
 */
@ConfigurationProperties("throughline.ehr")
public record EhrSettings(
        @Nullable URI url,
        @Nullable String token,
        @DefaultValue("10s") Duration timeout,
        @DefaultValue("4h") Duration giveUpAfter,
        @DefaultValue("30s") Duration lease,
        @DefaultValue("1s") Duration poll,
        @Nullable Duration silenceLimit) {

    /** Without the token. */
    @Override
    public String toString() {
        return "EhrSettings[" + url + "]";
    }
}
