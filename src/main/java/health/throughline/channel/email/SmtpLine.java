package health.throughline.channel.email;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.InstantSource;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/** One connection for one mail. It knows how far it came: only after the final dot can a lost answer hide a mail that was taken. */
final class SmtpLine extends SMTPTransport {

    private final InstantSource clock;
    private final Instant deadline;
    private boolean dotted;
    private boolean leaseEnded;

    SmtpLine(Session session, InstantSource clock, Instant deadline) {
        super(session, new URLName("smtp", null, -1, null, null, null));
        this.clock = clock;
        this.deadline = deadline;
    }

    /** The mail's end was about to be written. */
    boolean dotted() {
        return dotted;
    }

    boolean leaseEnded() {
        return leaseEnded;
    }

    @Override
    protected void mailFrom() throws MessagingException {
        inTime();
        super.mailFrom();
    }

    @Override
    protected OutputStream data() throws MessagingException {
        inTime();
        return super.data();
    }

    @Override
    protected void finishData() throws IOException, MessagingException {
        inTime();
        dotted = true;
        super.finishData();
    }

    private void inTime() throws MessagingException {
        if (!clock.instant().isBefore(deadline)) {
            leaseEnded = true;
            throw new MessagingException("The lease ended");
        }
    }
}
