package health.throughline.channel.chat;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param longest characters of one line
 * @param perMinute lines of one visitor
 * @param visitorsPerHour from one network address; a waiting room shares one
 * @param streams open at once on this node
 * @param streamsOfVisitor open at once of one visitor: tabs
 */
@Validated
@ConfigurationProperties("throughline.chat.limits")
record ChatSettings(
        @DefaultValue("1000") @Min(1) @Max(4000) int longest,
        @DefaultValue("20") @Min(1) int perMinute,
        @DefaultValue("60") @Min(1) int visitorsPerHour,
        @DefaultValue("500") @Min(1) @Max(5000) int streams,
        @DefaultValue("4") @Min(1) int streamsOfVisitor) {}
