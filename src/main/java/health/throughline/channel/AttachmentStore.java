package health.throughline.channel;

import health.throughline.encryption.Encryption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Keeps what patients attach as encrypted files, named by an id and never by what the sender called them. What a file is, its first bytes
 * say; what is no picture, no sound recording and no PDF is not kept. The same attachment of the same message has the same id, so repeats
 * write nothing new.
 */
@Component
public class AttachmentStore {

    private static final int LONGEST_NAME = 120;
    private static final long MEGABYTE = 1024 * 1024;
    private static final Logger LOG = LoggerFactory.getLogger(AttachmentStore.class);

    private final AttachmentSettings settings;
    private final Encryption encryption;
    private final TransactionTemplate transaction;

    public AttachmentStore(AttachmentSettings settings, Encryption encryption, TransactionTemplate transaction) {
        this.settings = settings;
        this.encryption = encryption;
        this.transaction = transaction;
    }

    /** The largest that is kept. */
    public long mostBytes() {
        return settings.largest().toBytes();
    }

    public static UUID idOf(String message, int number) {
        return UUID.nameUUIDFromBytes((message + "/" + number).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * @param kind what it is said to be; what it is, is looked at here
     * @throws IllegalStateException where it could not be written: try again
     */
    public Attached keep(UUID id, String name, Attached.Kind kind, byte[] content) {
        String shown = shown(name);
        Path folder = settings.folder();
        if (folder == null) {
            return new Attached.NotKept(shown, kind, noFolder(kind));
        }
        if (content.length > mostBytes()) {
            return new Attached.NotKept(shown, kind, tooLarge(kind, (long) content.length));
        }
        Optional<String> type = type(content);
        if (type.isEmpty()) {
            return new Attached.NotKept(
                    shown,
                    kind,
                    kind.words()
                            + " was not kept: it is not what it says, or no picture, sound recording or PDF that is safe to keep.");
        }
        try {
            write(folder, id, content);
            return new Attached.Kept(id, shown, type.get(), content.length);
        } catch (IOException e) {
            LOG.error("An attachment could not be written to THROUGHLINE_ATTACHMENTS_FOLDER", e);
            throw new IllegalStateException("An attachment could not be kept");
        }
    }

    /** @param why one sentence for a coordinator */
    public static Attached notKept(String name, Attached.Kind kind, String why) {
        return new Attached.NotKept(shown(name), kind, why);
    }

    private static String shown(String name) {
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
    }

    /** Whether anything can be kept at all. */
    public boolean open() {
        return settings.folder() != null;
    }

    public static String noFolder(Attached.Kind kind) {
        return kind.words()
                + " was not kept: no folder is set for what patients send. An administrator has to set one.";
    }

    /** @param bytes none where it is not known how large it is */
    public String tooLarge(Attached.Kind kind, @Nullable Long bytes) {
        return kind.words() + (bytes == null ? "" : " of " + megabytes(bytes)) + " was not kept: larger than "
                + megabytes(mostBytes()) + ".";
    }

    /** Rounded so that what is larger never reads as just as large. */
    private static String megabytes(long bytes) {
        if (bytes < MEGABYTE) {
            return Math.max(1, bytes / 1024) + " kB";
        }
        long tenths = (bytes * 10 + MEGABYTE - 1) / MEGABYTE;
        return tenths / 10 + (tenths % 10 == 0 ? "" : "." + tenths % 10) + " MB";
    }

    /** What was kept, opened. @throws IOException where it is not there, or not what was kept */
    public byte[] read(UUID id) throws IOException {
        Path folder = settings.folder();
        if (folder == null) {
            throw new IOException("No folder for attachments is set");
        }
        byte[] sealed = Files.readAllBytes(file(folder, id));
        byte[] opened =
                transaction.execute(status -> encryption.decryptBytes(encryption.systemKey(), field(id), sealed));
        if (opened == null) {
            throw new IOException("The attachment could not be opened");
        }
        return opened;
    }

    private void write(Path folder, UUID id, byte[] content) throws IOException {
        Path file = file(folder, id);
        if (Files.exists(file)) {
            return;
        }
        byte[] sealed = transaction.execute(status -> encryption.encrypt(encryption.systemKey(), field(id), content));
        if (sealed == null) {
            throw new IOException("The attachment could not be encrypted");
        }
        Files.createDirectories(folder);
        Path half = Files.createTempFile(
                folder,
                "half-",
                ".tmp",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (FileChannel channel = FileChannel.open(half, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(sealed);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path file(Path folder, UUID id) {
        return folder.resolve(id + ".sealed");
    }

    private static Encryption.Field field(UUID id) {
        // the name that was bound into what is kept already, from when only mail brought files
        return new Encryption.Field("mail_attachment", "content", id);
    }

    /** By the first bytes; what the message says it is does not count. */
    public static Optional<String> type(byte[] content) {
        String start = new String(content, 0, Math.min(content.length, 16), StandardCharsets.ISO_8859_1);
        if (start.startsWith("%PDF-")) {
            return Optional.of("application/pdf");
        }
        if (start.startsWith("\u00ff\u00d8\u00ff")) {
            return Optional.of("image/jpeg");
        }
        if (start.startsWith("\u0089PNG\r\n\u001a\n")) {
            return Optional.of("image/png");
        }
        if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) {
            return Optional.of("image/gif");
        }
        if (start.startsWith("RIFF") && start.startsWith("WEBP", 8)) {
            return Optional.of("image/webp");
        }
        if (start.startsWith("#!AMR\n") || start.startsWith("#!AMR-WB\n")) {
            return Optional.of("audio/amr");
        }
        if (start.startsWith("ftypM4A ", 4)) {
            return Optional.of("audio/mp4");
        }
        return start.startsWith("ftyphei", 4) || start.startsWith("ftyphev", 4) || start.startsWith("ftypmif1", 4)
                ? Optional.of("image/heic")
                : Optional.empty();
    }
}
