package health.throughline.selfservice;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param linkOutlives how long a link opens after its message has come true: "where was that again" on the day
 * @param codeLifetime of a one-time code
 * @param triesOfCode how often one code may be typed in wrong
 * @param tries of one link, or of one claimed number, within the window
 * @param triesOfPatient of all links and numbers of one patient within the window
 * @param codesPerHour sent to one patient who gave a number or address, and as many behind their links
 * @param codesPerDay the same within a day
 * @param codesPerNight the same between nine in the evening and eight in the morning where the patient lives
 * @param wrongCodesPerDay typed in for one patient, after which no code goes for a day and a person is asked to look
 * @param triesFromAddress of one network address within the window, of IPv6 one /64; a waiting room shares one
 * @param proofsAtOnce tries at work at once on this node, each with a connection to the database; the others wait their turn
 * @param proofWait for its turn, after which somebody is asked to come back in a minute
 * @param window after which tries are forgotten
 * @param sessionIdle after which a page asks again who is there
 * @param sessionLongest after which it asks again however busy
 * @param evenly what every answer to a proof takes at least, right or wrong, known or unknown
 */
@Validated
@ConfigurationProperties("throughline.selfservice")
record SelfServiceSettings(
        @DefaultValue("2d") Duration linkOutlives,
        @DefaultValue("10m") Duration codeLifetime,
        @DefaultValue("5") @Min(1) @Max(10) int triesOfCode,
        @DefaultValue("8") @Min(1) @Max(100) int tries,
        @DefaultValue("20") @Min(1) @Max(200) int triesOfPatient,
        @DefaultValue("5") @Min(1) @Max(50) int codesPerHour,
        @DefaultValue("10") @Min(1) @Max(200) int codesPerDay,
        @DefaultValue("3") @Min(1) @Max(50) int codesPerNight,
        @DefaultValue("15") @Min(1) @Max(200) int wrongCodesPerDay,
        @DefaultValue("120") @Min(1) int triesFromAddress,
        @DefaultValue("6") @Min(1) @Max(100) int proofsAtOnce,
        @DefaultValue("5s") Duration proofWait,
        @DefaultValue("30m") Duration window,
        @DefaultValue("15m") Duration sessionIdle,
        @DefaultValue("8h") Duration sessionLongest,
        @DefaultValue("250ms") Duration evenly) {}
