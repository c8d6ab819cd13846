package health.throughline.channel.email;

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Conditional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Keeps what patients attach as encrypted files, named by an id and never by what the sender called them. What a file is, its first bytes
 * say; what is neither a picture nor a PDF is not kept. The same attachment of the same mail has the same id, so repeats write nothing new.
 */
@Component
@Conditional(WhereMailIsServed.class)
class Attachments {

    private static final int LONGEST_NAME = 120;
    private static final Logger LOG = LoggerFactory.getLogger(Attachments.class);

    private final MailSettings settings;
    private final Encryption encryption;
    private final TransactionTemplate transaction;

    Attachments(MailSettings settings, Encryption encryption, TransactionTemplate transaction) {
        this.settings = settings;
        this.encryption = encryption;
        this.transaction = transaction;
    }

    /** @return one line that tells what it was and what became of it */
    String keep(String mail, int number, MailText.Attached attached) {
        String name = MailComposer.oneLine(attached.name());
        String shown = name.isEmpty() ? "(no name)" : name.substring(0, Math.min(name.length(), LONGEST_NAME));
        Optional<String> type = type(attached.content());
        Path folder = settings.attachments();
        if (attached.content().length > settings.largest().toBytes()) {
            return "not kept, too large: " + shown;
        }
        if (type.isEmpty()) {
            return "not kept, neither a picture nor a PDF: " + shown;
        }
        if (folder == null) {
            return "not kept, no folder for attachments is set: " + shown;
        }
        UUID id = UUID.nameUUIDFromBytes((mail + "/" + number).getBytes(StandardCharsets.UTF_8));
        try {
            write(folder, id, attached.content());
            return "kept as " + id + ", " + type.get() + ", " + attached.content().length + " bytes: " + shown;
        } catch (IOException e) {
            LOG.error("An attachment could not be written to THROUGHLINE_EMAIL_ATTACHMENTS", e);
            throw new IllegalStateException("An attachment could not be kept");
        }
    }

    /** What was kept, opened. */
    byte[] read(UUID id) throws IOException {
        Path folder = settings.attachments();
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
        return new Encryption.Field("mail_attachment", "content", id);
    }

    /** By the first bytes; what the mail says it is does not count. */
    static Optional<String> type(byte[] content) {
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
        return start.startsWith("ftyphei", 4) || start.startsWith("ftypmif1", 4)
                ? Optional.of("image/heic")
                : Optional.empty();
    }
}
