package health.throughline.channel.email;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
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
}
