package health.throughline.channel.email;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.context.annotation.Conditional;
import org.springframework.stereotype.Component;

/**
 * Two machines that answer each other do so without end: beyond so many mails of one address an hour, the rest may be a machine's. What
 * anybody wrote under somebody's address is counted apart from what is proven to be theirs. A mail that is read again, since it could not
 * be kept before, is counted once.
 */
@Component
@Conditional(WhereMailIsServed.class)
class MailFlood {

    private static final int MOST_ADDRESSES = 10_000;

    /** A word or two is a person's whatever came before: a STOP is never lost. */
    private static final int A_WORD_OR_TWO = 40;

    /** So many of the largest mails may bring files in an hour, of all whom nobody knows together. */
    private static final int LARGEST_MAILS = 20;

    private final Cache<String, AtomicLong> strangersFiles =
            Caffeine.newBuilder().expireAfterWrite(Duration.ofHours(1)).build();

    private final Cache<String, Boolean> withFiles = Caffeine.newBuilder()
            .expireAfterWrite(Duration.ofHours(1))
            .maximumSize(MOST_ADDRESSES)
            .build();

    private final MailSettings settings;
    private final Cache<String, Set<Integer>> seen = Caffeine.newBuilder()
            .expireAfterWrite(Duration.ofHours(1))
            .maximumSize(MOST_ADDRESSES)
            .build();

    MailFlood(MailSettings settings) {
        this.settings = settings;
    }

    /** @param mail by its key */
    boolean tooMuch(String mail, String sender, boolean proven, String words) {
        Set<Integer> mails =
                seen.get((proven ? "proven " : "unproven ") + sender, address -> ConcurrentHashMap.newKeySet());
        if (mails.contains(mail.hashCode())) {
            return false;
        }
        if (mails.size() < settings.hourly()) {
            mails.add(mail.hashCode());
            return false;
        }
        return words.length() > A_WORD_OR_TWO;
    }

    /** Whether that much more of whom nobody knows may be kept within the hour: whoever likes could fill the disk. */
    boolean roomFor(String mail, long bytes) {
        AtomicLong all = strangersFiles.get("all", hour -> new AtomicLong());
        return withFiles.get(
                mail,
                first -> all.addAndGet(bytes)
                        <= LARGEST_MAILS * settings.largest().toBytes());
    }
}
