package health.throughline.channel.chat;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param longest characters of one line
 * @param perMinute lines of one visitor
 * @param visitorsPerHour from one network address; a waiting room shares one
 * @param streams open at once on this node
 * @param streamsOfVisitor open at once of one visitor: tabs
 * @param streamsOfNetwork open at once from one network address, of IPv6 one /64; a waiting room shares one
 * @param unread after which a stream that is not read is closed
 * @param forgotten after which a chat that was left alone is over
 * @param verifiedIdle the same where the visitor has shown who they are: on a shared computer somebody else sits there next
 * @param verifiedLongest after which they have to show it again however busy
 */
@Validated
@ConfigurationProperties("throughline.chat.limits")
record ChatSettings(
        @DefaultValue("1000") @Min(1) @Max(4000) int longest,
        @DefaultValue("20") @Min(1) int perMinute,
        @DefaultValue("60") @Min(1) int visitorsPerHour,
        @DefaultValue("500") @Min(1) @Max(5000) int streams,
        @DefaultValue("3") @Min(1) int streamsOfVisitor,
        @DefaultValue("60") @Min(1) int streamsOfNetwork,
        @DefaultValue("20s") Duration unread,
        @DefaultValue("1d") Duration forgotten,
        @DefaultValue("15m") Duration verifiedIdle,
        @DefaultValue("12h") Duration verifiedLongest) {}
