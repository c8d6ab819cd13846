package health.throughline.channel.email;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a notice about a mail of ours says: as RFC 3464 has it, else as mail servers have told it in their own words for decades (qmail,
 * Exim, Exchange, Postfix, providers' web mail).
 *
 * @param code {@code returned:address} (no such address), {@code returned:full}, {@code returned:refused}, {@code returned:us} (refused
 *     because of us, whoever it was for), {@code returned:late}; empty where it was not returned
 */
record Returned(Became became, String code) {

    enum Became {
        DELIVERED,
        /** The server still tries. */
        DELAYED,
        RETURNED
    }

    /** Notices say what they have to say at their beginning; nothing is searched beyond, whoever wrote it. */
    private static final int READ = 20_000;

    static final String ADDRESS = "returned:address";
    private static final String FULL = "returned:full";
    private static final String REFUSED = "returned:refused";
    private static final String LATE = "returned:late";
    static final String US = "returned:us";

    private static final Pattern ACTION = Pattern.compile("(?im)^Action\\s*:\\s*([a-z]+)");
    private static final Pattern STATUS = Pattern.compile("(?im)^Status\\s*:\\s*([245]\\.\\d{1,3}\\.\\d{1,3})");
    private static final Pattern ENHANCED = Pattern.compile("(?<![\\d.])([45]\\.\\d{1,3}\\.\\d{1,3})(?![\\d.])");

    private static final Pattern DIAGNOSTIC = Pattern.compile("(?im)^Diagnostic-Code\\s*:");
    private static final Pattern COPY = Pattern.compile(
            "(?im)^[ \\t>*]{0,20}+(?:-{1,60}[ \\t]{0,5})?(?:below this line is a copy|this is a copy of|-{2,60}+[^\\n]{0,40}copy of|(?:original )?message"
                    + " headers?\\b|-{3,60}+ ?(?:original message|the header))");

    private static final Pattern SENDER =
            Pattern.compile("(?i)^(mailer-daemon|postmaster|mail-daemon|maildaemon|microsoftexchange|bounces?)[^@]*@");
    private static final Pattern SUBJECT = Pattern.compile(
            "(?i)(undeliver|delivery (status|failure|failed|incomplete|has failed|delayed|notification)|mail delivery"
                    + " (failed|system)|returned (mail|to sender)|failure notice|could not be delivered|message"
                    + " delayed|warning: could not send|no se pudo entregar|no se ha podido entregar|unzustellbar|non"
                    + " remis|mancata consegna|não entregue)");
    private static final Pattern TELLS_OF_FAILURE = Pattern.compile(
            "(?is)(this is (?:the|a) (?:qmail-send|mail delivery|postfix|mail system)|i('m| am) afraid i wasn't able"
                    + " to deliver|i'm sorry to have to inform you|could ?n[o']t be delivered|delivery (?:has|to the"
                    + " following recipients?|to these recipients) failed|a message that you sent could not be"
                    + " delivered|permanent (?:fatal )?error|address not found|message wasn't delivered|undeliverable|your"
                    + " message to .{1,200} couldn't be delivered|no se pudo entregar|did not reach the following)");
    private static final Pattern STILL_TRYING = Pattern.compile(
            "(?is)(this is a warning message only|will (?:continue|keep) (?:to try|trying)|delivery (?:is"
                    + " )?delayed|still (?:being )?(?:retried|trying)|you do not need to resend|no action is required)");
    private static final Pattern TOO_LONG = Pattern.compile(
            "(?is)(timed? ?out|retry time(?:out)? .{0,40}exceeded|been in the queue too long|giving up|retry"
                    + " timeout|not reach(?:ed|able))");

    /** None where the mail is no such notice. */
    static Optional<Returned> of(MailHeaders head, String contentType, MailText text) {
        boolean report = contentType.toLowerCase(Locale.ROOT).startsWith("multipart/report")
                && contentType.toLowerCase(Locale.ROOT).contains("delivery-status");
        // a person may pass a notice on; then it is not the server that tells
        if (ACTION.matcher(text.status()).find() && (report || fromServer(head))) {
            return standard(text);
        }
        return inOwnWords(head, text);
    }

    private static boolean fromServer(MailHeaders head) {
        return head.from().filter(from -> SENDER.matcher(from).find()).isPresent() || head.fromNobody();
    }

    private static Optional<Returned> standard(MailText text) {
        String action = first(ACTION, text.status()).toLowerCase(Locale.ROOT);
        String status = first(STATUS, text.status());
        String told = DIAGNOSTIC.matcher(text.status()).find()
                ? text.status()
                : text.status() + "\n" + beforeTheCopy(beginning(text.words()));
        return Optional.of(
                switch (action) {
                    case "delivered", "relayed", "expanded" -> new Returned(Became.DELIVERED, "");
                    case "delayed" -> new Returned(Became.DELAYED, "");
                    default -> new Returned(Became.RETURNED, why(status, beginning(told)));
                });
    }

    /** What follows is our own mail as it came back: its headers speak of SPF and DKIM, and not of why. */
    private static String beforeTheCopy(String words) {
        Matcher copy = COPY.matcher(words);
        return copy.find() ? words.substring(0, copy.start()) : words;
    }

    private static Optional<Returned> inOwnWords(MailHeaders head, MailText text) {
        String words = beginning(beforeTheCopy(beginning(text.words())) + "\n" + text.status());
        boolean named = !head.first("X-Failed-Recipients").isBlank();
        boolean told = TELLS_OF_FAILURE.matcher(words).find()
                || SUBJECT.matcher(head.subject()).find();
        if (!named && !(fromServer(head) && told)) {
            return Optional.empty();
        }
        if (STILL_TRYING.matcher(words).find()) {
            return Optional.of(new Returned(Became.DELAYED, ""));
        }
        return Optional.of(new Returned(Became.RETURNED, why(first(ENHANCED, words), words)));
    }

    /** A full mailbox, a refusal and a lost server say nothing against the address itself. */
    private static String why(String status, String words) {
        return switch (Refusal.of(status, words)) {
            case NO_SUCH_ADDRESS -> ADDRESS;
            case FULL -> FULL;
            case US, TOO_FAST -> US;
            case OTHER -> {
                boolean late = status.isEmpty()
                        ? TOO_LONG.matcher(words).find()
                        : status.startsWith("4") || status.startsWith("5.4.");
                yield late ? LATE : REFUSED;
            }
        };
    }

    private static String beginning(String words) {
        return words.length() > READ ? words.substring(0, READ) : words;
    }

    private static String first(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        return found.find() ? String.valueOf(found.group(1)) : "";
    }
}
