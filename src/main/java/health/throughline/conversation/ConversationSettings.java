package health.throughline.conversation;

import health.throughline.channel.Channel;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param batch how many messages a node claims at once
 * @param inFlight how many provider requests a node has open per channel
 * @param poll how often an idle dispatcher looks
 * @param lease how long a claimed message belongs to a node
 * @param attemptLimit after which an attempt nobody reported on is taken for unknown; longer than any provider time-out
 * @param maxAttempts how often a message is tried again after a certain failure, before it is parked
 * @param unitsPerSecond the sender's real rate, shared by all nodes
 * @param settleAfter how long after an unknown outcome the provider's list is first read, and then again
 * @param settleLimit by when a person has an unknown outcome that could not be settled
 * @param inboundTries how often a reply is offered to its journey before a person reads it
 * @param allowUnreviewed whether critical texts nobody reviewed may go out; on in local mode only
 * @param languages that are turned on: a critical text without a wording in one of them is not published (K14)
 * @param ratesOfChannels units per second of the channels that differ, by the channel's code
 * @param solicitedWithin how long a patient's own contact makes an answer solicited
 * @param inboundWait how long sending waits, after a start or an outage, for a provider that does not list what came in
 * @param inboundPoll how often the provider's list of what came in is read besides, for callbacks that were lost
 * @param gather how long a message that may be said together with others waits for them
 * @param apart how far apart two departments' messages to one patient, or one phone, are kept; also how far ahead others are taken in
 * @param togetherUnits how long a text that says several messages may get, in the channel's units
 * @param noticeAfter how long a message waits on the patient's page before their browser says so
 * @param noticeElsewhereAfter how long before a text or an e-mail does, where no browser was told
 */
@Validated
@ConfigurationProperties("throughline.conversation")
record ConversationSettings(
        @DefaultValue("100") @Min(1) @Max(1000) int batch,
        @DefaultValue("64") @Min(1) @Max(512) int inFlight,
        @DefaultValue("250ms") Duration poll,
        @DefaultValue("60s") Duration lease,
        @DefaultValue("45s") Duration attemptLimit,
        @DefaultValue("8") @Min(1) int maxAttempts,
        @DefaultValue("10") @Min(1) int unitsPerSecond,
        @DefaultValue("20s") Duration settleAfter,
        @DefaultValue("15m") Duration settleLimit,
        @DefaultValue("6") @Min(1) int inboundTries,
        @DefaultValue("false") boolean allowUnreviewed,
        @DefaultValue("10m") Duration solicitedWithin,
        @DefaultValue("5m") Duration inboundWait,
        @DefaultValue("5m") Duration inboundPoll,
        @DefaultValue("10s") Duration gather,
        @DefaultValue("4h") Duration apart,
        @DefaultValue("8") @Min(1) int togetherUnits,
        @DefaultValue("2m") Duration noticeAfter,
        @DefaultValue("15m") Duration noticeElsewhereAfter,
        @DefaultValue("en") String defaultLanguage,
        @DefaultValue({"en", "es"}) List<String> languages,
        @DefaultValue Map<String, Integer> ratesOfChannels) {

    /** The sender's real rate on that channel. */
    int unitsPerSecond(Channel channel) {
        return ratesOfChannels.getOrDefault(channel.code(), unitsPerSecond);
    }
}
