package health.throughline.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import health.throughline.channel.Attached;
import health.throughline.channel.AttachmentSettings;
import health.throughline.channel.AttachmentStore;
import health.throughline.channel.ChannelInbox;
import health.throughline.channel.DeliveryReport;
import health.throughline.channel.InboundMessage;
import health.throughline.encryption.Encryption;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.FolderClosedException;
import jakarta.mail.Message;
import jakarta.mail.MessageRemovedException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.UIDFolder;
import jakarta.mail.internet.InternetHeaders;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.unit.DataSize;

/** How the mailbox is emptied when something is wrong with a mail in it, or with the line. */
class MailboxTest {

    private final Post post = new Post(1);
    private final List<InboundMessage> received = new ArrayList<>();
    private Predicate<String> keeps = words -> true;
    private int tried;
    private final Mailbox mailbox = new Mailbox(post.settings, intake(), post.reader);

    @Test
    void setsOneMailAsideAfterSomeTriesAndReadsThoseBehindIt() throws Exception {
        Box inbox = new Box("INBOX");
        Box done = new Box("Done");
        Box parked = new Box("Parked");
        inbox.mails.add(new Mail(inbox, "first", new MessagingException("broken")));
        inbox.mails.add(new Mail(inbox, "second", null));

        mailbox.readBatch(name -> name.equals("Done") ? done : parked, inbox);
        assertThat(received).extracting(InboundMessage::body).containsExactly("second");
        inbox.expunge();
        for (int i = 0; i < 10; i++) {
            mailbox.readBatch(name -> name.equals("Done") ? done : parked, inbox);
            inbox.expunge();
        }
        assertThat(done.mails).hasSize(1);
        assertThat(parked.mails).hasSize(1);
        assertThat(inbox.mails).isEmpty();
    }

    @Test
    @DisplayName("R20: a mail whose reading ends in an error is set aside like any other, and those behind it are read")
    void setsAMailAsideWhoseReadingEndsInAnError() throws Exception {
        Box inbox = new Box("INBOX");
        Box done = new Box("Done");
        Box parked = new Box("Parked");
        inbox.mails.add(new Mail(inbox, "first", new StackOverflowError()));
        inbox.mails.add(new Mail(inbox, "second", new OutOfMemoryError("made up")));
        inbox.mails.add(new Mail(inbox, "third", null));
        for (int i = 0; i < 20 && !inbox.mails.isEmpty(); i++) {
            try {
                mailbox.readBatch(name -> name.equals("Done") ? done : parked, inbox);
            } catch (VirtualMachineError e) {
                assertThat(e).hasMessage("made up");
            }
            inbox.expunge();
        }
        assertThat(received)
                .extracting(InboundMessage::body)
                .filteredOn(body -> !body.startsWith("("))
                .containsExactly("third");
        assertThat(parked.mails).hasSize(2);
        assertThat(inbox.mails).isEmpty();
    }

    @Test
    @DisplayName("R5, R9: no mail is set aside because the database or the disk is not there")
    void countsAgainstNoMailThatNothingCanBeKept() throws Exception {
        Box inbox = new Box("INBOX");
        Box done = new Box("Done");
        Box parked = new Box("Parked");
        for (int n = 0; n < 5; n++) {
            inbox.mails.add(new Mail(inbox, "mail" + n, null));
        }
        keeps = words -> false;
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> mailbox.readBatch(name -> name.equals("Done") ? done : parked, inbox))
                    .hasCauseInstanceOf(DataAccessResourceFailureException.class);
        }
        assertThat(tried).as("three are enough to tell").isEqualTo(30);
        assertThat(inbox.mails).hasSize(5);

        keeps = words -> true;
        mailbox.readBatch(name -> name.equals("Done") ? done : parked, inbox);
        assertThat(received).hasSize(5);
        assertThat(parked.mails).isEmpty();
    }

    @Test
    void setsAsideWhatCannotBeKeptWhileOthersAreAndTellsAPerson() throws Exception {
        Box inbox = new Box("INBOX");
        Box done = new Box("Done");
        Box parked = new Box("Parked");
        for (int n = 0; n < 4; n++) {
            inbox.mails.add(new Mail(inbox, "poison" + n, null));
        }
        keeps = words -> !words.startsWith("poison");
        for (int i = 0; i < 20 && !inbox.mails.isEmpty(); i++) {
            inbox.mails.add(new Mail(inbox, "good" + i, null));
            try {
                mailbox.readBatch(name -> name.equals("Done") ? done : parked, inbox);
            } catch (RuntimeException e) {
                assertThat(e).hasCauseInstanceOf(DataAccessResourceFailureException.class);
            }
            inbox.expunge();
        }
        assertThat(parked.mails).hasSize(4);
        assertThat(received)
                .extracting(InboundMessage::body)
                .filteredOn(body -> body.contains("could not be read"))
                .hasSize(4);
    }

    @Test
    void passesOverAMailThatSomebodyElseRemovedMeanwhile() throws Exception {
        Box inbox = new Box("INBOX");
        inbox.mails.add(new Mail(inbox, "first", new MessageRemovedException()));
        inbox.mails.add(new Mail(inbox, "second", null));

        mailbox.readBatch(Box::new, inbox);
        assertThat(received).extracting(InboundMessage::body).containsExactly("second");
    }

    @Test
    void endsTheBatchWhereTheLineIsLost() {
        Box inbox = new Box("INBOX");
        inbox.mails.add(new Mail(inbox, "first", new FolderClosedException(inbox)));
        inbox.mails.add(new Mail(inbox, "second", null));

        assertThatThrownBy(() -> mailbox.readBatch(Box::new, inbox)).isInstanceOf(FolderClosedException.class);
        assertThat(received).isEmpty();
    }

    @Test
    @DisplayName(
            "R20: what nobody knows sends fills no disk: beyond a bound files stay in the mailbox, and that is told")
    void keepsFilesOfStrangersUpToABound() throws Exception {
        MailIntake intake = intake();
        byte[] file = new byte[600_000];
        String picture = java.util.Base64.getMimeEncoder().encodeToString(file);
        for (int i = 0; i < 36; i++) {
            String from = "eve" + i + "@evil.example";
            String mail = "From: " + from + "\r\nTo: care@mail.example\r\nMessage-ID: <" + i
                    + "@x>\r\nMIME-Version: 1.0\r\n"
                    + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nA picture\r\n--b\r\n"
                    + "Content-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + picture
                    + "\r\n--b--\r\n";
            assertThat(intake.take(mail.getBytes(StandardCharsets.UTF_8))).isTrue();
        }
        List<Boolean> left = received.stream()
                .map(message -> message.attached().getFirst() instanceof Attached.NotKept not
                        && not.why().contains("lies in the mailbox, in the folder \"Done\""))
                .toList();
        assertThat(received).as("every mail itself is kept").hasSize(36);
        assertThat(left.subList(0, 34)).containsOnly(false);
        assertThat(left.subList(34, 36)).containsOnly(true);
    }

    private MailIntake intake() {
        ChannelInbox inbox = new ChannelInbox() {
            @Override
            public void received(InboundMessage message) {
                tried++;
                if (!keeps.test(message.body())) {
                    throw new DataAccessResourceFailureException("no connection");
                }
                received.add(message);
            }

            @Override
            public void reported(DeliveryReport report) {
                throw new AssertionError("nothing is reported here");
            }
        };
        return new MailIntake(
                post.settings, post.reader, inbox, attachments(), new Standing(post.meters), post.flood, Post.NOON);
    }

    /** No mail here has any. */
    private AttachmentStore attachments() {
        var encryption = (Encryption) Proxy.newProxyInstance(
                Encryption.class.getClassLoader(), new Class<?>[] {Encryption.class}, (proxy, method, arguments) -> {
                    throw new AssertionError("nothing is encrypted here");
                });
        return new AttachmentStore(
                new AttachmentSettings(null, DataSize.ofMegabytes(1), 1, Duration.ofSeconds(1)),
                encryption,
                new TransactionTemplate());
    }

    /** A mail whose reading may fail. */
    private static final class Mail extends MimeMessage {
        private final @Nullable Throwable failure;

        private Mail(Folder in, String words, @Nullable Throwable failure) {
            super(in, 1);
            this.failure = failure;
            this.flags = new Flags();
            this.headers = new InternetHeaders();
            this.headers.setHeader("From", words + "@patients.example");
            this.headers.setHeader("Message-ID", "<" + words + "@x>");
            this.content = ("From: " + words + "@patients.example\r\nMessage-ID: <" + words + "@x>\r\n\r\n" + words
                            + "\r\n")
                    .getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public int getSize() {
            return content.length;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException, MessagingException {
            if (failure instanceof Error error) {
                throw error;
            }
            if (failure instanceof MessagingException broken) {
                throw broken;
            }
            out.write(content);
        }

        @Override
        public synchronized boolean isSet(Flags.Flag flag) {
            return flags.contains(flag);
        }

        @Override
        public synchronized void setFlags(Flags changed, boolean set) {
            if (set) {
                flags.add(changed);
            }
        }
    }

    /** A folder of any server, in memory. */
    private static final class Box extends Folder implements UIDFolder {
        private final String name;
        private final List<Message> mails = new ArrayList<>();

        private Box(String name) {
            super(store());
            this.name = name;
        }

        private static Store store() {
            try {
                return Session.getInstance(new Properties()).getStore("imap");
            } catch (MessagingException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public int getMessageCount() {
            return mails.size();
        }

        @Override
        public Message getMessage(int number) {
            return mails.get(number - 1);
        }

        @Override
        public void appendMessages(Message[] added) {
            mails.addAll(List.of(added));
        }

        @Override
        public Message[] expunge() throws MessagingException {
            for (Message mail : List.copyOf(mails)) {
                if (mail.isSet(Flags.Flag.DELETED)) {
                    mails.remove(mail);
                }
            }
            return new Message[0];
        }

        @Override
        public long getUID(Message mail) {
            return System.identityHashCode(mail);
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public boolean exists() {
            return true;
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public String getFullName() {
            return name;
        }

        @Override
        public int getType() {
            return HOLDS_MESSAGES;
        }

        @Override
        public char getSeparator() {
            return '/';
        }

        @Override
        public long getUIDValidity() {
            return 1;
        }

        @Override
        public long getUIDNext() {
            return 1;
        }

        @Override
        public Flags getPermanentFlags() {
            return new Flags();
        }

        @Override
        public boolean hasNewMessages() {
            return false;
        }

        @Override
        public void open(int mode) {}

        @Override
        public void close(boolean expunge) {}

        @Override
        public boolean create(int type) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean delete(boolean recurse) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean renameTo(Folder other) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Folder getParent() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Folder getFolder(String other) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Folder[] list(String pattern) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Message getMessageByUID(long uid) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Message[] getMessagesByUID(long start, long end) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Message[] getMessagesByUID(long[] uids) {
            throw new UnsupportedOperationException();
        }
    }
}
