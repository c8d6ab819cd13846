package health.throughline.channel.email;

import jakarta.activation.DataSource;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.InternetHeaders;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimeUtility;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The words in a mail, whatever it is built of: the text parts, else the HTML ones as text. Nothing in it is fetched. Bounded in depth,
 * in parts and in length; what lies beyond is left out and told.
 *
 * @param plain of the text parts
 * @param html of the HTML parts, as text
 * @param status of {@code message/delivery-status}
 * @param notices the headers of mails that came with it, returned or attached
 * @param cut whether some of it lay beyond the bounds or could not be read
 */
record MailText(String plain, String html, String status, String notices, List<Attached> attached, boolean cut) {

    private static final int DEEPEST = 20;
    private static final int MOST_PARTS = 100;
    private static final int MOST_BYTES = 256 * 1024;
    private static final int MOST_ATTACHED = 10;

    /** @param name as the sender wrote it, for a person to read and never for a path */
    record Attached(String name, byte[] content) {}

    /** What a person wrote: text where there is some, else the HTML as text. */
    String words() {
        return plain.isBlank() ? html : plain;
    }

    /** @param largest of one attachment, in bytes */
    static MailText of(Part mail, long largest) {
        Walk walk = new Walk(largest);
        walk.into(mail, 0);
        return new MailText(
                walk.plain.toString(),
                walk.html.toString(),
                walk.status.toString(),
                walk.notices.toString(),
                List.copyOf(walk.attached),
                walk.cut);
    }

    private static final class Walk {
        private final long largest;
        private final StringBuilder plain = new StringBuilder();
        private final StringBuilder html = new StringBuilder();
        private final StringBuilder status = new StringBuilder();
        private final StringBuilder notices = new StringBuilder();
        private final List<Attached> attached = new ArrayList<>();
        private int parts;
        private int htmlLeft = MOST_BYTES;
        private boolean cut;

        private Walk(long largest) {
            this.largest = largest;
        }

        private void into(Part part, int depth) {
            if (depth > DEEPEST || ++parts > MOST_PARTS) {
                cut = true;
                return;
            }
            try {
                String type = type(part);
                if (type.startsWith("multipart/")) {
                    branches(part, depth);
                } else if (type.equals("message/rfc822")) {
                    // a returned or forwarded mail: its headers tell whose it was, its words are not the writer's
                    add(notices, bytes(part, MOST_BYTES), StandardCharsets.UTF_8);
                } else if (type.endsWith("/delivery-status") || type.endsWith("/global-delivery-status")) {
                    add(status, bytes(part, MOST_BYTES), StandardCharsets.UTF_8);
                } else if (type.equals("text/rfc822-headers") || type.equals("message/global-headers")) {
                    add(notices, bytes(part, MOST_BYTES), StandardCharsets.UTF_8);
                } else if (isAttached(part, type)) {
                    keep(part);
                } else if (type.equals("text/html")) {
                    html(part);
                } else if (type.startsWith("text/")) {
                    add(plain, bytes(part, MOST_BYTES), charset(part));
                } else {
                    keep(part);
                }
            } catch (MessagingException | IOException | RuntimeException e) {
                // a part that cannot be read does not keep the others from being read
                cut = true;
            }
        }

        private void branches(Part part, int depth) throws MessagingException, IOException {
            var several = new Several(part.getDataHandler().getDataSource());
            int count = several.getCount();
            cut |= several.more;
            for (int i = 0; i < count; i++) {
                into(several.getBodyPart(i), depth + 1);
            }
        }

        /** All of them together are no more than one may be: reading HTML takes its time. */
        private void html(Part part) throws MessagingException, IOException {
            if (htmlLeft == 0) {
                cut = true;
                return;
            }
            byte[] read = bytes(part, htmlLeft);
            htmlLeft -= read.length;
            html.append(HtmlWords.of(new String(read, charset(part)))).append('\n');
        }

        private void keep(Part part) throws MessagingException, IOException {
            if (attached.size() >= MOST_ATTACHED) {
                cut = true;
                return;
            }
            String name = part.getFileName();
            // what is too large is told where it would have been kept
            byte[] content;
            try (InputStream in = part.getInputStream()) {
                content = in.readNBytes((int) Math.min(largest, Integer.MAX_VALUE - 8) + 1);
            }
            attached.add(new Attached(name == null ? "" : decoded(name), content));
        }

        private void add(StringBuilder to, byte[] bytes, Charset charset) {
            if (to.length() < MOST_BYTES) {
                to.append(new String(bytes, charset)).append('\n');
            } else {
                cut = true;
            }
        }

        private byte[] bytes(Part part, int most) throws MessagingException, IOException {
            try (InputStream content = part.getInputStream()) {
                byte[] read = content.readNBytes(most + 1);
                if (read.length > most) {
                    cut = true;
                    return java.util.Arrays.copyOf(read, most);
                }
                return read;
            }
        }
    }

    /** No more parts are built than are read: a mail of ten megabytes can have two million. */
    private static final class Several extends MimeMultipart {
        private boolean more;

        private Several(DataSource from) throws MessagingException {
            super(from);
        }

        @Override
        protected synchronized void parse() throws MessagingException {
            try {
                super.parse();
            } catch (Enough e) {
                more = true;
                parsed = true;
            }
        }

        @Override
        protected MimeBodyPart createMimeBodyPart(InternetHeaders headers, byte[] content) throws MessagingException {
            room();
            return super.createMimeBodyPart(headers, content);
        }

        @Override
        protected MimeBodyPart createMimeBodyPart(InputStream from) throws MessagingException {
            room();
            return super.createMimeBodyPart(from);
        }

        private void room() throws Enough {
            if (parts.size() >= MOST_PARTS) {
                throw new Enough();
            }
        }
    }

    private static final class Enough extends MessagingException {}

    private static boolean isAttached(Part part, String type) throws MessagingException {
        return Part.ATTACHMENT.equalsIgnoreCase(part.getDisposition()) || !type.startsWith("text/");
    }

    /** In lower case; what names no type is text (RFC 2045, 5.2). */
    private static String type(Part part) throws MessagingException {
        String type = part.getContentType();
        try {
            return new ContentType(type).getBaseType().toLowerCase(Locale.ROOT);
        } catch (MessagingException e) {
            return "text/plain";
        }
    }

    /** An unknown name of a charset is read as UTF-8: wrong letters are better than a lost mail. */
    private static Charset charset(Part part) throws MessagingException {
        @Nullable String name = null;
        try {
            name = new ContentType(part.getContentType()).getParameter("charset");
            return name == null ? StandardCharsets.UTF_8 : Charset.forName(MimeUtility.javaCharset(name));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException | MessagingException e) {
            return StandardCharsets.UTF_8;
        }
    }

    private static String decoded(String name) {
        try {
            return MimeUtility.decodeText(name);
        } catch (java.io.UnsupportedEncodingException e) {
            return name;
        }
    }
}
