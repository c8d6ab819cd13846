package health.throughline.channel.email;

import jakarta.annotation.PreDestroy;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.FolderClosedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.StoreClosedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Conditional;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Empties the mailbox over IMAP: a mail lies in the inbox until it is durable here, then it is moved to the folder of what was read, or of
 * what a person should look at. After a crash between the two it is read again and known by its key. A mail that makes reading fail is left
 * where it is and does not keep the others; one that fails again and again is set aside.
 */
@Component
@Conditional(WhereMailIsServed.class)
class Mailbox {

    private static final String INBOX = "INBOX";
    private static final int TRIES = 5;

    /** Mails one after the other that could not be kept. */
    private static final int ENOUGH_TO_TELL = 3;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);

    private final MailSettings settings;
    private final MailIntake intake;
    private final MailReader reader;
    private final FailedMails failed = new FailedMails(TRIES);
    private final InstantSource machineClock = InstantSource.system();
    private Set<String> suspects = Set.of();
    private Instant notBefore = Instant.EPOCH;
    private int inVain;
    private volatile boolean closed;

    Mailbox(MailSettings settings, MailIntake intake, MailReader reader) {
        this.settings = settings;
        this.intake = intake;
        this.reader = reader;
    }

    @Scheduled(fixedDelayString = "${throughline.email.imap.poll:30s}")
    synchronized void empty() {
        if (closed || machineClock.instant().isBefore(notBefore)) {
            return;
        }
        try {
            readAll();
            inVain = 0;
        } catch (MessagingException | RuntimeException e) {
            inVain++;
            Duration pause = pause();
            notBefore = machineClock.instant().plus(pause);
            if (!closed) {
                LOG.warn(
                        "The mailbox could not be read, next try in {}: {}",
                        pause,
                        e.getClass().getSimpleName());
            }
        }
    }

    private Duration pause() {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(inVain, 16));
        Duration longest = settings.imap().longestPause();
        return pause.compareTo(longest) > 0 ? longest : pause;
    }

    private void readAll() throws MessagingException {
        MailSettings.Imap imap = settings.imap();
        boolean tls = imap.security() == MailSettings.Security.TLS;
        String protocol = tls ? "imaps" : "imap";
        try (Store store = Session.getInstance(properties(protocol)).getStore(protocol)) {
            store.connect(imap.host(), imap.port(), imap.username(), imap.password());
            Folder inbox = store.getFolder(INBOX);
            inbox.open(Folder.READ_WRITE);
            try {
                readBatch(name -> folder(store, name), inbox);
            } finally {
                inbox.close(true);
            }
        }
    }

    /** Where a mail is moved to. */
    interface Folders {
        Folder of(String name) throws MessagingException;
    }

    /** What could not be kept was read well: it says something about the mail only where others could be kept. */
    private static final class NotKept extends RuntimeException {
        NotKept(Throwable cause) {
            super(cause);
        }
    }

    /**
     * As many as a batch has, besides those that can be neither read nor moved; those that could not be kept last time come last.
     *
     * @throws NotKept where the first few could not be kept and none could: the database, or the disk, is not there. No mail is counted
     *     against for that
     */
    void readBatch(Folders folders, Folder inbox) throws MessagingException {
        long most = (long) settings.imap().batch() + failed.stuck();
        int count = (int) Math.min(inbox.getMessageCount(), most);
        if (count == 0) {
            return;
        }
        Map<String, NotKept> unkept = new LinkedHashMap<>();
        boolean kept = false;
        for (Message mail : suspectsLast(inbox, inbox.getMessages(1, count))) {
            try {
                kept |= readOne(folders, inbox, mail);
            } catch (NotKept e) {
                unkept.put(FailedMails.name(inbox, mail), e);
                if (!kept && unkept.size() == ENOUGH_TO_TELL) {
                    break;
                }
            }
        }
        suspects = Set.copyOf(unkept.keySet());
        if (kept) {
            unkept.forEach(this::failed);
        } else if (!unkept.isEmpty()) {
            throw unkept.values().iterator().next();
        }
    }

    private List<Message> suspectsLast(Folder inbox, Message[] mails) throws MessagingException {
        if (suspects.isEmpty()) {
            return List.of(mails);
        }
        List<Message> first = new ArrayList<>();
        List<Message> last = new ArrayList<>();
        for (Message mail : mails) {
            (suspects.contains(FailedMails.name(inbox, mail)) ? last : first).add(mail);
        }
        first.addAll(last);
        return first;
    }

    /**
     * What is wrong with one mail keeps none of those behind it; only a lost line ends the batch.
     *
     * @return whether it was read and kept
     */
    private boolean readOne(Folders folders, Folder inbox, Message mail) throws MessagingException {
        String name = "";
        try {
            name = FailedMails.name(inbox, mail);
            boolean givenUp = failed.tooOften(name);
            if (givenUp && !failed.tooOften(name, 2)) {
                tell(mail);
            }
            boolean taken = !givenUp && take(mail);
            move(
                    folders,
                    inbox,
                    mail,
                    taken ? settings.imap().done() : settings.imap().parked());
            failed.forget(name);
            return taken;
        } catch (FolderClosedException | StoreClosedException | NotKept e) {
            throw e;
        } catch (StackOverflowError e) {
            // it was this mail's: the stack is whole again
            failed(name, e);
        } catch (Error e) {
            failed(name, e);
            throw e;
        } catch (IOException | MessagingException | RuntimeException e) {
            if (!inbox.isOpen()) {
                throw new FolderClosedException(inbox);
            }
            failed(name, e);
        }
        return false;
    }

    /** Counted before anything else may fail. */
    private void failed(String name, Throwable why) {
        failed.again(name);
        LOG.warn("A mail could not be taken in: {}", why.getClass().getSimpleName());
        LOG.debug("Intake failure", why);
    }

    /** A person hears of a mail that is set aside, as far as its head tells from whom it is. */
    private void tell(Message mail) throws MessagingException, IOException {
        byte[] head;
        try {
            head = headBytes(mail);
        } catch (MessagingException | RuntimeException e) {
            return;
        }
        kept(() -> intake.notReadable(reader.read(head)));
    }

    /** The mail was read; what keeps it from being stored is not its own fault, as far as anybody knows yet. */
    private static void kept(Keeping keeping) throws MessagingException, IOException {
        try {
            keeping.run();
        } catch (RuntimeException e) {
            throw new NotKept(e);
        }
    }

    private interface Keeping {
        void run() throws MessagingException, IOException;
    }

    private static void move(Folders folders, Folder inbox, Message mail, String to) throws MessagingException {
        inbox.copyMessages(new Message[] {mail}, folders.of(to));
        mail.setFlag(Flags.Flag.SEEN, true);
        mail.setFlag(Flags.Flag.DELETED, true);
    }

    private boolean take(Message mail) throws MessagingException, IOException {
        long largest = settings.largest().toBytes();
        boolean tooLarge = mail.getSize() > largest;
        Optional<byte[]> whole = tooLarge ? Optional.empty() : wholeBytes(mail, largest);
        if (whole.isEmpty()) {
            kept(() -> intake.tooLarge(reader.read(headBytes(mail))));
            LOG.warn(
                    "A mail of {} bytes was set aside in the mailbox: larger than {}",
                    mail.getSize(),
                    settings.largest());
            return false;
        }
        boolean[] taken = new boolean[1];
        kept(() -> taken[0] = intake.take(whole.get()));
        return taken[0];
    }

    private static byte[] headBytes(Message mail) throws MessagingException {
        StringBuilder head = new StringBuilder();
        mail.getAllHeaders()
                .asIterator()
                .forEachRemaining(header -> head.append(header.getName())
                        .append(": ")
                        .append(header.getValue())
                        .append("\r\n"));
        return head.append("\r\n").toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    /** None where there is more than the bound, whatever size the server told. */
    private static Optional<byte[]> wholeBytes(Message mail, long largest) throws MessagingException, IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            mail.writeTo(new OutputStream() {
                @Override
                public void write(int one) throws IOException {
                    room(1);
                    bytes.write(one);
                }

                @Override
                public void write(byte[] many, int from, int length) throws IOException {
                    room(length);
                    bytes.write(many, from, length);
                }

                private void room(int length) throws TooMuch {
                    if (bytes.size() + (long) length > largest) {
                        throw new TooMuch();
                    }
                }
            });
            return Optional.of(bytes.toByteArray());
        } catch (TooMuch e) {
            return Optional.empty();
        }
    }

    private static final class TooMuch extends IOException {}

    private static Folder folder(Store store, String name) throws MessagingException {
        Folder folder = store.getFolder(name);
        if (!folder.exists()) {
            folder.create(Folder.HOLDS_MESSAGES);
        }
        return folder;
    }

    private Properties properties(String protocol) {
        MailSettings.Imap imap = settings.imap();
        String timeout = String.valueOf(imap.answerTimeout().toMillis());
        boolean starttls = imap.security() == MailSettings.Security.STARTTLS;
        Properties properties = new Properties();
        String before = "mail." + protocol + ".";
        properties.put(before + "connectiontimeout", timeout);
        properties.put(before + "timeout", timeout);
        properties.put(before + "writetimeout", timeout);
        properties.put(before + "starttls.enable", String.valueOf(starttls));
        properties.put(before + "starttls.required", String.valueOf(starttls));
        properties.put(before + "ssl.checkserveridentity", "true");
        properties.put(before + "peek", "true");
        return properties;
    }

    @PreDestroy
    void close() {
        closed = true;
    }
}
