package health.throughline.channel.twilio;

import health.throughline.channel.SendOutcome;
import health.throughline.channel.SendOutcome.Rejected;
import health.throughline.channel.SendOutcome.Retry;
import health.throughline.channel.SendOutcome.Then;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a 4xx answer means. Twilio's own sentences are not passed on: they hold the patient's number. */
public final class TwilioRefusal {

    private TwilioRefusal() {}

    /** @param code Twilio's error code, where the answer could be read */
    public static SendOutcome of(int status, @Nullable Integer code, @Nullable Duration retryAfter) {
        if (status == 429) {
            return new Retry(
                    retryAfter, code == null ? "429" : code.toString(), "The carrier asks to send more slowly.", true);
        }
        if (status == 401 || code != null && code == 20003) {
            return Retry.ofAll(
                    code == null ? "http-" + status : code.toString(),
                    "The carrier refused our credentials; an administrator has to check THROUGHLINE_TWILIO_AUTH_TOKEN.");
        }
        if (code == null) {
            return new Rejected(
                    Then.GIVE_UP, "http-" + status, "The carrier refused the message (answer " + status + ").");
        }
        String name = code.toString();
        return switch (code) {
            case 63018, 30022 ->
                new Retry(retryAfter, name, "The carrier's rate for our sender is used up for the moment.", true);
            case 21610 ->
                new Rejected(
                        Then.RECORD_OPT_OUT,
                        name,
                        "The patient texted STOP to this sender; the carrier blocks further messages.");
            case 63016 ->
                new Rejected(
                        Then.NEEDS_TEMPLATE, name, "The carrier takes only an approved template for this message.");
            case 21211 -> nextChannel(name, "The carrier says that this is not a valid phone number.");
            case 21214 -> nextChannel(name, "The carrier cannot reach this phone number.");
            case 21612 -> nextChannel(name, "The carrier has no route from our sender to this phone number.");
            case 21614 -> nextChannel(name, "This phone number cannot receive text messages.");
            case 21215, 21216 ->
                giveUp(
                        name,
                        "Our carrier account is not allowed to call this number; an administrator has to check it.");
            case 21210, 21212 -> giveUp(name, "The carrier did not take our number for this call.");
            case 21408 -> giveUp(name, "Our carrier account is not allowed to send to this country.");
            case 21602, 21617 -> giveUp(name, "The text of the message is empty or longer than the carrier takes.");
            case 21603, 21606, 21611, 21703 -> giveUp(name, "The carrier did not take our sender for this message.");
            default -> giveUp(name, "The carrier refused the message (code " + name + ").");
        };
    }

    private static SendOutcome nextChannel(String code, String reason) {
        return new Rejected(Then.NEXT_CHANNEL, code, reason);
    }

    private static SendOutcome giveUp(String code, String reason) {
        return new Rejected(Then.GIVE_UP, code, reason);
    }
}
