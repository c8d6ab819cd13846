package health.throughline.channel.email;

import health.throughline.channel.Address;
import health.throughline.channel.AttemptId;
import health.throughline.channel.Channel;
import health.throughline.channel.ChannelInbox;
import health.throughline.channel.InboundMessage;
import health.throughline.channel.InboundMessage.Doubt;
import health.throughline.channel.PlainText;
import health.throughline.channel.email.Authentication.Verdict;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Conditional;
import org.springframework.stereotype.Component;

/**
 * Understands one mail that came in, from its bytes and from where the mail went that it answers. What it answers is told by the signed
 * address it was sent to, else by the id of that mail. Who wrote it is another matter, for anybody can write any address after {@code From}:
 * it is proven by our mail server's verdict, or by the signed address where that mail went to the very address it names. Whoever got a mail
 * of ours has a signed address, which speaks for nobody but whom that mail was for.
 */
@Component
@Conditional(WhereMailIsServed.class)
class MailReader {

    /** Longer than anything a person writes about a visit. */
    private static final int LONGEST_WORDS = 20_000;

    /** Of an answer, or of what is passed on: as mail programs name it in the languages of our patients. */
    private static final Pattern OUR_SUBJECT = Pattern.compile(
            "(?:re|aw|antw|rv|sv|vs|res|r|tr|rép|odp|ynt|fwd?|wg|enc|i|pd|vl|回复|答复|回覆|转发|返信|転送|رد|پاسخ|ответ|отв)"
                    + "\\s*(?:\\[\\d+])?\\s*[:：].*",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);

    private static final int LONGEST_RAW = 64 * 1024;
    private static final Pattern ID = Pattern.compile(
            "<?([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})@([A-Za-z0-9.-]+)>?");

    private final MailSettings settings;
    private final MailTokens tokens;
    private final MailFlood flood;
    private final ChannelInbox inbox;
    private final Clock clock;
    private final Session session;

    MailReader(MailSettings settings, MailTokens tokens, MailFlood flood, ChannelInbox inbox, Clock clock) {
        this.settings = settings;
        this.tokens = tokens;
        this.flood = flood;
        this.inbox = inbox;
        this.clock = clock;
        Properties lenient = new Properties();
        lenient.put("mail.mime.address.strict", "false");
        // headers in plain UTF-8 (RFC 6532)
        lenient.put("mail.mime.allowutf8", "true");
        lenient.put("mail.mime.decodetext.strict", "false");
        this.session = Session.getInstance(lenient);
    }

    /** What a mail turned out to be. */
    sealed interface Read {}

    /**
     * Somebody wrote, or a machine of theirs.
     *
     * @param proven to come from whom it names
     * @param many whether it is one of too many under that address
     */
    record Letter(InboundMessage message, List<MailText.Attached> attached, boolean proven, boolean many)
            implements Read {}

    /** A server tells what became of a mail of ours. */
    record Notice(AttemptId attempt, Returned returned) implements Read {}

    /** For a person to look at in the mailbox. @param reason a code */
    record Parked(String reason) implements Read {}

    Read read(byte[] bytes) {
        try {
            MimeMessage mail = new MimeMessage(session, new ByteArrayInputStream(bytes));
            MailHeaders head = new MailHeaders(mail);
            MailText text = MailText.of(mail, settings.largest().toBytes());
            String type = mail.getContentType() == null ? "" : mail.getContentType();
            Optional<Returned> returned = Returned.of(head, type, text);
            if (returned.isPresent()) {
                return notice(head, text, returned.get());
            }
            return letter(head, text, bytes);
        } catch (NotNow e) {
            throw e;
        } catch (MessagingException | RuntimeException e) {
            return new Parked("unreadable");
        }
    }

    /** It was not the mail's fault: another time. */
    private static final class NotNow extends RuntimeException {
        private NotNow(RuntimeException why) {
            super("It could not be found out where a mail of ours went", why);
        }
    }

    private Read notice(MailHeaders head, MailText text, Returned returned) {
        return tagged(MailTokens.Use.REPLY, head)
                .or(() -> ours(text.notices()))
                .or(() -> ours(text.words()))
                .<Read>map(attempt -> new Notice(attempt, returned))
                .orElseGet(() -> new Parked("notice-about-nothing-of-ours"));
    }

    private Read letter(MailHeaders head, MailText text, byte[] bytes) {
        Optional<String> from = head.from();
        if (from.isEmpty()) {
            return new Parked("no-sender");
        }
        String sender = from.get();
        if (isOurs(sender)) {
            return new Parked("loop");
        }
        Optional<AttemptId> leaves = tagged(MailTokens.Use.UNSUBSCRIBE, head);
        Optional<AttemptId> signed = leaves.or(() -> tagged(MailTokens.Use.REPLY, head));
        if (signed.isEmpty() && head.first("X-Spam-Flag").strip().equalsIgnoreCase("yes")) {
            return new Parked("spam");
        }
        String own = own(text);
        String words = words(head, text, own);
        Verdict verdict = head.fromOne()
                ? Authentication.of(head.all(Authentication.HEADER), settings.verdictsOf(), sender)
                : Verdict.FAILED;
        boolean proven = verdict == Verdict.PASSED
                || head.fromOne() && signed.filter(one -> wentTo(one, sender)).isPresent();
        String key = key(head, sender, own.isBlank() ? words : own, bytes);
        boolean many = leaves.isEmpty() && flood.tooMuch(key, sender, proven, words);
        @Nullable Doubt inWords = doubt(head, text, leaves.isPresent());
        @Nullable
        Doubt doubt = proven
                ? many ? Doubt.MAY_BE_AUTOMATIC : inWords
                : doubtOfSender(signed.isPresent(), many, verdict != Verdict.FAILED && inWords == null);
        boolean automatic = leaves.isEmpty() && AutoReplies.isOne(head);
        @Nullable
        AttemptId attempt =
                signed.or(() -> many ? Optional.empty() : named(head)).orElse(null);
        return new Letter(
                new InboundMessage(
                        SmtpEmail.PROVIDER,
                        key,
                        new Address(Channel.EMAIL, sender),
                        settings.sender(),
                        words,
                        raw(bytes),
                        clock.instant(),
                        attempt,
                        leaves.isPresent() ? "opt-out" : null,
                        automatic,
                        doubt),
                text.attached(),
                proven,
                many);
    }

    private static Doubt doubtOfSender(boolean signed, boolean many, boolean mayAnswer) {
        if (many) {
            return Doubt.UNPROVEN_AND_MANY;
        }
        if (!signed) {
            return Doubt.UNPROVEN;
        }
        return mayAnswer ? Doubt.ELSEWHERE : Doubt.ELSEWHERE_IN_DOUBT;
    }

    private boolean wentTo(AttemptId attempt, String sender) {
        try {
            return inbox.addressOf(attempt)
                    .filter(to ->
                            to.channel().equals(Channel.EMAIL) && to.value().equalsIgnoreCase(sender))
                    .isPresent();
        } catch (RuntimeException e) {
            throw new NotNow(e);
        }
    }

    private Optional<AttemptId> named(MailHeaders head) {
        return head.refersTo().stream().flatMap(id -> ours(id).stream()).findFirst();
    }

    private static String own(MailText text) {
        String own = PlainText.of(QuoteCutter.cut(text.words())).strip();
        return own.length() > LONGEST_WORDS ? own.substring(0, LONGEST_WORDS) : own;
    }

    /** What the writer wrote, below the subject where that is theirs: one line, whatever it holds. Where both are nothing, what came instead. */
    private static String words(MailHeaders head, MailText text, String own) {
        String subject = PlainText.of(head.subject()).replaceAll("\\s+", " ").strip();
        boolean theirs = !subject.isBlank() && !OUR_SUBJECT.matcher(subject).matches();
        if (!own.isBlank()) {
            return theirs && !subject.equals(own) ? subject + "\n" + own : own;
        }
        if (theirs) {
            return subject;
        }
        return text.attached().isEmpty() ? "(an e-mail without words)" : "(an e-mail with an attachment and no words)";
    }

    private static @Nullable Doubt doubt(MailHeaders head, MailText text, boolean leaves) {
        if (leaves) {
            return null;
        }
        if (AutoReplies.mayBeOne(head)) {
            return Doubt.MAY_BE_AUTOMATIC;
        }
        return text.cut() || text.words().length() > LONGEST_WORDS ? Doubt.INCOMPLETE : null;
    }

    private boolean isOurs(String sender) {
        String box = settings.tagged("");
        String name = box.substring(0, box.indexOf('+'));
        String domain = box.substring(box.indexOf('@'));
        return sender.equals(settings.sender().toLowerCase(Locale.ROOT))
                || sender.equals((name + domain).toLowerCase(Locale.ROOT))
                || sender.startsWith(name.toLowerCase(Locale.ROOT) + "+")
                        && sender.endsWith(domain.toLowerCase(Locale.ROOT));
    }

    private Optional<AttemptId> tagged(MailTokens.Use use, MailHeaders head) {
        String box = settings.tagged("").toLowerCase(Locale.ROOT);
        String before = box.substring(0, box.indexOf('@'));
        return head.recipients().stream()
                .filter(address -> address.startsWith(before) && address.indexOf('@') > before.length())
                .flatMap(address -> tokens.read(use, address.substring(before.length(), address.indexOf('@'))).stream())
                .findFirst();
    }

    /** The attempt whose mail id stands in the text: only who got that mail knows it. */
    private Optional<AttemptId> ours(String text) {
        Matcher id = ID.matcher(text);
        while (id.find()) {
            if (settings.domain().equalsIgnoreCase(id.group(2))) {
                return Optional.of(new AttemptId(UUID.fromString(id.group(1))));
            }
        }
        return Optional.empty();
    }

    /**
     * One for ever for a mail, by which way and how often it ever comes: from its own id, its sender and its words, since some programs
     * give several mails one id; of a mail without an id, from all its bytes.
     */
    private static String key(MailHeaders head, String sender, String words, byte[] bytes) {
        String id = head.first("Message-ID").strip();
        byte[] what = id.isEmpty() ? bytes : (id + "\n" + sender + "\n" + words).getBytes(StandardCharsets.UTF_8);
        try {
            return "mail:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(what));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String raw(byte[] bytes) {
        String all = new String(bytes, 0, Math.min(bytes.length, LONGEST_RAW), StandardCharsets.UTF_8);
        return PlainText.of(all).strip();
    }
}
