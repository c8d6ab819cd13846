package health.throughline.channel.email;

import health.throughline.channel.SendOutcome;
import health.throughline.channel.SendOutcome.Rejected;
import health.throughline.channel.SendOutcome.Retry;
import health.throughline.channel.SendOutcome.Then;
import jakarta.mail.MessagingException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;

/**
 * A server's refusal: its reply code (RFC 5321, 4.2) and, where it gave one, its enhanced code (RFC 3463). The server's own words may
 * name the patient's address and go nowhere.
 *
 * @param code 0 where the server gave none
 * @param enhanced such as {@code 5.1.1}, empty where there is none
 * @param recipient said of the recipient, not of the sender or the mail
 * @param about what the server's words make of it
 */
record SmtpRefusal(int code, String enhanced, boolean recipient, Refusal about) {

    /** A server that says "later" often means minutes: greylisting. */
    private static final Duration LATER = Duration.ofMinutes(2);

    private static final int MOST_CAUSES = 10;
    private static final Pattern ENHANCED = Pattern.compile("\\b([45]\\.\\d{1,3}\\.\\d{1,3})\\b");

    /** The last refusal in the chain of exceptions: the one closest to what the server said. */
    static SmtpRefusal of(MessagingException failure) {
        SmtpRefusal found = new SmtpRefusal(0, "", false, Refusal.OTHER);
        Exception cause = failure;
        for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
            int code = code(cause);
            if (code >= 400) {
                String words = String.valueOf(cause.getMessage());
                Matcher named = ENHANCED.matcher(words);
                String enhanced = named.find() ? String.valueOf(named.group(1)) : "";
                found = new SmtpRefusal(
                        code, enhanced, cause instanceof SMTPAddressFailedException, Refusal.of(enhanced, words));
            }
            cause = cause instanceof MessagingException one ? one.getNextException() : null;
        }
        return found;
    }

    private static int code(Exception exception) {
        return switch (exception) {
            case SMTPAddressFailedException one -> one.getReturnCode();
            case SMTPSenderFailedException one -> one.getReturnCode();
            case SMTPSendFailedException one -> one.getReturnCode();
            default -> 0;
        };
    }

    SendOutcome outcome() {
        if (code < 500 || about == Refusal.TOO_FAST) {
            return new Retry(LATER, name(), "The mail server asked to try again later.");
        }
        if (recipient && about == Refusal.NO_SUCH_ADDRESS) {
            return new Rejected(
                    Then.SUPPRESS_ADDRESS, name(), "The mail server says that this address does not exist.");
        }
        String reason = switch (about) {
            case FULL -> "The mailbox is full.";
            case US -> "The mail server takes no such mail from us, whoever it is for.";
            default ->
                recipient ? "The mail server takes nothing for this address." : "The mail server refused the mail.";
        };
        return new Rejected(Then.NEXT_CHANNEL, name(), reason);
    }

    /** Whoever had been written to, it would have refused. */
    boolean ofUs() {
        return about == Refusal.US || about == Refusal.TOO_FAST;
    }

    String name() {
        return enhanced.isEmpty() ? "smtp-" + code : "smtp-" + code + "-" + enhanced;
    }
}
