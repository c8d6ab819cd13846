package health.throughline.channel.email;

import health.throughline.StartRefused;
import health.throughline.channel.AttemptId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How mail goes and comes. Without {@code smtp.host} the channel is not served. Every setting has an environment name, {@code
 * THROUGHLINE_EMAIL_} and the words in capitals; the local run supplies values for the simulator.
 *
 * @param from the address patients see
 * @param fromName who that is, in words without a department or a diagnosis
 * @param mailbox where answers and returned mail arrive, {@code name@domain}; each message gets {@code name+token@domain}, so the mail
 *     server has to deliver such addresses to the same mailbox. The address patients see, where none is set
 * @param postalAddress of the sender, in the foot of every mail, as the law asks (15 U.S.C. 7704(a)(5))
 * @param tracking whether opens and clicks are noted
 * @param largest mail that is read
 * @param hourly mails of one address in an hour; what is more may be machines talking to each other, and is answered by nobody but a person
 * @param authservId the name under which our receiving mail server writes {@code Authentication-Results} (RFC 8601); without it only
 *     an answer from where we wrote to is taken for its sender's
 */
@ConfigurationProperties("throughline.email")
record MailSettings(
        @DefaultValue Smtp smtp,
        @DefaultValue Imap imap,
        @Nullable String from,
        @Nullable String fromName,
        @Nullable String mailbox,
        @Nullable String postalAddress,
        @DefaultValue("true") boolean tracking,
        @DefaultValue("10MB") DataSize largest,
        @DefaultValue("30") int hourly,
        @Nullable String authservId) {

    /** How the line is protected. */
    enum Security {
        /** Begins in the clear, and nothing is said before it is encrypted. */
        STARTTLS,
        /** Encrypted from the first byte. */
        TLS,
        /** For a server on this machine only. */
        NONE
    }

    /** @param answerTimeout between two lines of the server's @param totalTimeout for one mail, so that a trickling server holds no thread */
    record Smtp(
            @Nullable String host,
            @DefaultValue("587") int port,
            @Nullable String username,
            @Nullable String password,
            @DefaultValue("STARTTLS") Security security,
            @DefaultValue("5s") Duration connectTimeout,
            @DefaultValue("10s") Duration answerTimeout,
            @DefaultValue("20s") Duration totalTimeout) {

        Smtp {
            host = blankToNull(host);
            username = blankToNull(username);
        }

        @Override
        public String toString() {
            return "Smtp[" + host + ":" + port + "]";
        }
    }

    /** @param batch mails read at once @param done folder for what was read @param parked folder for what a person should look at */
    record Imap(
            @Nullable String host,
            @DefaultValue("993") int port,
            @Nullable String username,
            @Nullable String password,
            @DefaultValue("TLS") Security security,
            @DefaultValue("30s") Duration poll,
            @DefaultValue("5m") Duration longestPause,
            @DefaultValue("20s") Duration answerTimeout,
            @DefaultValue("50") int batch,
            @DefaultValue("Read by Throughline") String done,
            @DefaultValue("Parked by Throughline") String parked) {

        Imap {
            host = blankToNull(host);
            username = blankToNull(username);
        }

        @Override
        public String toString() {
            return "Imap[" + host + ":" + port + "]";
        }
    }

    MailSettings {
        from = blankToNull(from);
        fromName = blankToNull(fromName);
        mailbox = blankToNull(mailbox);
        postalAddress = blankToNull(postalAddress);
        authservId = blankToNull(authservId);
        if (smtp.host() != null) {
            from = mailAddress(from, "THROUGHLINE_EMAIL_FROM", "the address patients get mail from");
            mailbox = mailbox == null
                    ? from
                    : mailAddress(mailbox, "THROUGHLINE_EMAIL_MAILBOX", "the address answers and returned mail go to");
            fromName = required(fromName, "THROUGHLINE_EMAIL_FROM_NAME", "the name patients know the sender by");
            postalAddress = required(
                    postalAddress,
                    "THROUGHLINE_EMAIL_POSTAL_ADDRESS",
                    "the sender's postal address, which every mail names");
            onlyHereInTheClear(smtp.security(), smtp.host(), "THROUGHLINE_EMAIL_SMTP_SECURITY");
            if (imap.host() == null) {
                throw new StartRefused(
                        "THROUGHLINE_EMAIL_IMAP_HOST is not set, and mail is to be sent.",
                        "Set it to the server of the mailbox where answers and returned mail arrive.");
            }
            required(imap.username(), "THROUGHLINE_EMAIL_IMAP_USERNAME", "the mailbox's user");
            required(imap.password(), "THROUGHLINE_EMAIL_IMAP_PASSWORD", "the mailbox's password");
            onlyHereInTheClear(imap.security(), imap.host(), "THROUGHLINE_EMAIL_IMAP_SECURITY");
            if (imap.batch() < 1 || hourly < 1) {
                throw new StartRefused(
                        "THROUGHLINE_EMAIL_IMAP_BATCH or THROUGHLINE_EMAIL_HOURLY is less than 1.",
                        "Set it to 1 or more.");
            }
        }
    }

    boolean served() {
        return smtp.host() != null;
    }

    String sender() {
        return given(from);
    }

    String senderName() {
        return given(fromName);
    }

    String postal() {
        return given(postalAddress);
    }

    /** Empty where none is set. */
    String verdictsOf() {
        return authservId == null ? "" : authservId;
    }

    String domain() {
        return sender().substring(sender().indexOf('@') + 1);
    }

    /** The same for every copy of an attempt, so that whoever gets two can know it. */
    String messageId(AttemptId attempt) {
        return "<" + attempt + "@" + domain() + ">";
    }

    /** The mailbox with a tag in its name. */
    String tagged(String tag) {
        String box = given(mailbox);
        int at = box.indexOf('@');
        return box.substring(0, at) + "+" + tag + box.substring(at);
    }

    private static String given(@Nullable String value) {
        if (value == null) {
            throw new IllegalStateException("E-mail is not served");
        }
        return value;
    }

    private static void onlyHereInTheClear(Security security, String host, String name) {
        if (security == Security.NONE && !host.matches("localhost|127\\..*|\\[?::1]?")) {
            throw new StartRefused(
                    name + " is NONE, which would send patients' mail in the clear.", "Set it to STARTTLS or TLS.");
        }
    }

    private static String mailAddress(@Nullable String value, String name, String meaning) {
        String address = required(value, name, meaning);
        if (!address.matches("[A-Za-z0-9._-]{1,16}@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+|[A-Za-z0-9._-]{1,16}@localhost")) {
            throw new StartRefused(
                    name + " is not an address such as care@example.org, with at most 16 characters before the @.",
                    "Set it to " + meaning + ".");
        }
        return address;
    }

    private static String required(@Nullable String value, String name, String meaning) {
        if (value == null || value.isBlank()) {
            throw new StartRefused(name + " is not set, and mail is to be sent.", "Set it to " + meaning + ".");
        }
        return value.strip();
    }

    private static @Nullable String blankToNull(@Nullable String value) {
        return value == null || value.isBlank() ? null : value.strip();
    }

    @Override
    public String toString() {
        return "MailSettings[" + smtp + ", " + imap + "]";
    }
}
