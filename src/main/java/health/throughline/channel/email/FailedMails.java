package health.throughline.channel.email;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.UIDFolder;
import java.util.concurrent.atomic.AtomicInteger;

/** How often each mail failed to be taken in; what it is called in the mailbox names it. */
final class FailedMails {

    private static final int MOST = 1_000;

    private final int tries;
    private final Cache<String, AtomicInteger> failures =
            Caffeine.newBuilder().maximumSize(MOST).build();

    FailedMails(int tries) {
        this.tries = tries;
    }

    /** The mailbox's generation and the mail's number in it (RFC 9051, 2.3.1.1). */
    static String name(Folder folder, Message mail) throws MessagingException {
        return folder instanceof UIDFolder numbered ? numbered.getUIDValidity() + ":" + numbered.getUID(mail) : "";
    }

    boolean tooOften(String name) {
        return tooOften(name, 1);
    }

    boolean tooOften(String name, int times) {
        AtomicInteger count = failures.getIfPresent(name);
        return count != null && count.get() >= times * tries;
    }

    void again(String name) {
        failures.get(name, key -> new AtomicInteger()).incrementAndGet();
    }

    /** How many failed too often and could not be set aside either, where they would have been moved away. */
    long stuck() {
        return failures.asMap().values().stream()
                .filter(count -> count.get() > tries)
                .count();
    }

    void forget(String name) {
        failures.invalidate(name);
    }
}
