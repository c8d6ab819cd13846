package health.throughline.channel.email;

import health.throughline.channel.SendOutcome;
import health.throughline.channel.SendOutcome.Rejected;
import health.throughline.channel.SendOutcome.Retry;
import health.throughline.channel.SendOutcome.Then;
import jakarta.mail.MessagingException;
import java.time.Duration;
import java.util.Locale;
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
 * @param recipient it is about the recipient, not about us or the content
 */
record SmtpRefusal(int code, String enhanced, boolean recipient) {

    /** A server that says "later" often means minutes: greylisting. */
    private static final Duration LATER = Duration.ofMinutes(2);

    private static final int MOST_CAUSES = 10;
    private static final Pattern ENHANCED = Pattern.compile("\\b([45]\\.\\d{1,3}\\.\\d{1,3})\\b");

    /** The last refusal in the chain of exceptions: the one closest to what the server said. */
    static SmtpRefusal of(MessagingException failure) {
        SmtpRefusal found = new SmtpRefusal(0, "", false);
        Exception cause = failure;
        for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
            int code = code(cause);
            if (code >= 400) {
                Matcher enhanced = ENHANCED.matcher(String.valueOf(cause.getMessage()));
                found = new SmtpRefusal(
                        code,
                        enhanced.find() ? String.valueOf(enhanced.group(1)) : "",
                        cause instanceof SMTPAddressFailedException);
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
        String name = enhanced.isEmpty() ? "smtp-" + code : "smtp-" + code + "-" + enhanced;
        if (code < 500) {
            return new Retry(LATER, name, "The mail server asked to try again later.");
        }
        if (recipient && noSuchAddress()) {
            return new Rejected(Then.SUPPRESS_ADDRESS, name, "The mail server says that this address does not exist.");
        }
        if (enhanced.endsWith(".2.2")) {
            return new Rejected(Then.NEXT_CHANNEL, name, "The mailbox is full.");
        }
        return recipient
                ? new Rejected(Then.NEXT_CHANNEL, name, "The mail server takes nothing for this address.")
                : new Rejected(Then.NEXT_CHANNEL, name, "The mail server refused the mail.");
    }

    /** 5.1.x is about the address, 5.2.1 says it is disabled (RFC 3463); a bare 550 or 553 at RCPT says the same (RFC 5321, 4.2.3). */
    private boolean noSuchAddress() {
        return enhanced.isEmpty()
                ? code == 550 || code == 551 || code == 553
                : enhanced.toLowerCase(Locale.ROOT).matches("5\\.1\\.(1|2|3|6|10)|5\\.2\\.1");
    }
}
