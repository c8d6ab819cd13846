package health.throughline.channel.email;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.context.annotation.Conditional;
import org.springframework.stereotype.Component;

/**
 * Two machines that answer each other do so without end: beyond so many mails of one address an hour, the rest may be a machine's. What
 * anybody wrote under somebody's address is counted apart from what is proven to be theirs.
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

    private final MailSettings settings;
    private final Cache<String, AtomicInteger> seen = Caffeine.newBuilder()
            .expireAfterWrite(Duration.ofHours(1))
            .maximumSize(MOST_ADDRESSES)
            .build();

    MailFlood(MailSettings settings) {
        this.settings = settings;
    }

    boolean tooMuch(String sender, boolean proven, String words) {
        int count = seen.get((proven ? "proven " : "unproven ") + sender, address -> new AtomicInteger())
                .incrementAndGet();
        return count > settings.hourly() && words.length() > A_WORD_OR_TWO;
    }

    /** Whether that much more of whom nobody knows may be kept within the hour: whoever likes could fill the disk. */
    boolean roomFor(long bytes) {
        return strangersFiles.get("all", all -> new AtomicLong()).addAndGet(bytes)
                <= LARGEST_MAILS * settings.largest().toBytes();
    }
}
