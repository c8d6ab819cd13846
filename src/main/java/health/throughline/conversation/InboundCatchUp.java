package health.throughline.conversation;

import health.throughline.channel.Channel;
import health.throughline.channel.ChannelAdapter;
import health.throughline.channel.ChannelInbox;
import health.throughline.channel.InboundMessage;
import health.throughline.consent.ConsentLedger;
import health.throughline.consent.ConsentLedger.Keyword;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Hears before it speaks: after a start, and after a provider was away, what the provider lists as received since it was last heard is
 * taken in before anything goes out on the channel, opt-outs first. Later it lists every few minutes, for callbacks that never reached us.
 *
 * <p>A provider that does not list holds sending back for {@link ConversationSettings#inboundWait} at most: care that is bound to a time
 * would otherwise end with it, and the carrier itself refuses whoever texted it STOP. Listing is then tried on in the background.
 */
@Component
class InboundCatchUp {

    private static final Logger LOG = LoggerFactory.getLogger(InboundCatchUp.class);

    /** A provider's clock and its list may be behind; what is listed twice is kept once. */
    private static final Duration OVERLAP = Duration.ofMinutes(15);

    private static final String OPT_OUT = "opt-out";
    private static final Duration FURTHEST_BACK = Duration.ofDays(30);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Duration WORK_LIMIT = Duration.ofSeconds(10);
    private static final Duration WORK_LOOK = Duration.ofMillis(100);
    private static final int LOOK_MILLIS = 5_000;

    private final Senders senders;
    private final ChannelInbox inbox;
    private final ConsentLedger ledger;
    private final JdbcHeard heard;
    private final ConversationSettings settings;
    private final Clock clock;
    private final Map<Channel, Standing> channels = new ConcurrentHashMap<>();

    InboundCatchUp(
            Senders senders,
            ChannelInbox inbox,
            ConsentLedger ledger,
            JdbcHeard heard,
            ConversationSettings settings,
            Clock clock) {
        this.senders = senders;
        this.inbox = inbox;
        this.ledger = ledger;
        this.heard = heard;
        this.settings = settings;
        this.clock = clock;
    }

    /** By the clock of the machine: how long a provider may keep us waiting is nothing a patient's clock decides. */
    private static final class Standing {
        private volatile boolean open;
        private Instant asked = Instant.now();
        private volatile Instant next = Instant.MIN;
    }

    /** The channel was silent: nothing goes out on it before it was heard. */
    void needed(Channel channel) {
        Standing standing = standing(channel);
        synchronized (standing) {
            standing.open = false;
            standing.asked = Instant.now();
            standing.next = Instant.MIN;
        }
    }

    /** Whether attempts on the channel may start; hears the provider where that is still to do. */
    boolean heard(Channel channel) {
        Standing standing = standing(channel);
        if (standing.open) {
            return true;
        }
        synchronized (standing) {
            if (!standing.open && !Instant.now().isBefore(standing.next)) {
                hear(channel, standing);
            }
            return standing.open;
        }
    }

    /** The backstop for callbacks that were lost while everything seemed well. A slow list holds no other timed work up. */
    @Scheduled(fixedDelay = LOOK_MILLIS, initialDelay = LOOK_MILLIS)
    void hearAgain() {
        for (Channel channel : senders.channels()) {
            Standing standing = standing(channel);
            if (standing.open && !Instant.now().isBefore(standing.next)) {
                standing.next = Instant.now().plus(settings.inboundPoll());
                Thread.ofVirtual().name("hear-" + channel.code()).start(() -> hearAgain(channel, standing));
            }
        }
    }

    private void hearAgain(Channel channel, Standing standing) {
        synchronized (standing) {
            if (standing.open) {
                hear(channel, standing);
            }
        }
    }

    private Standing standing(Channel channel) {
        return channels.computeIfAbsent(channel, each -> new Standing());
    }

    private void hear(Channel channel, Standing standing) {
        try {
            takeIn(senders.adapter(channel));
            standing.open = true;
            standing.next = Instant.now().plus(settings.inboundPoll());
        } catch (RuntimeException e) {
            boolean waitedLongEnough = !Instant.now().isBefore(standing.asked.plus(settings.inboundWait()));
            if (!standing.open && waitedLongEnough) {
                LOG.warn(
                        "The {} provider has not listed what came in for {}; sending goes on without",
                        channel.code(),
                        settings.inboundWait());
                standing.open = true;
            }
            LOG.info(
                    "What came in on {} could not be listed ({})",
                    channel.code(),
                    e.getClass().getSimpleName());
            LOG.debug("Catch-up failure", e);
            standing.next = Instant.now().plus(standing.open ? settings.inboundPoll() : AGAIN);
        }
    }

    /** Takes in what the provider lists, once, opt-outs first, and gives it a moment to be worked off. @return how many were new */
    int takeIn(ChannelAdapter adapter) {
        Channel channel = adapter.channel();
        Instant now = clock.instant();
        Instant until = heard.until(channel).orElse(now);
        Instant since = until.minus(OVERLAP);
        Instant furthest = now.minus(FURTHEST_BACK);
        List<InboundMessage> listed = adapter.listReceived(since.isBefore(furthest) ? furthest : since);
        Set<String> known = heard.known(
                adapter.provider(),
                listed.stream().map(InboundMessage::providerId).toList());
        List<InboundMessage> missed = listed.stream()
                .filter(message -> !known.contains(message.providerId()))
                .sorted(Comparator.comparing(message -> !endsMessages(message)))
                .toList();
        missed.forEach(inbox::received);
        heard.heard(channel, now);
        if (!missed.isEmpty()) {
            LOG.info("Took in {} messages on {} whose callbacks had not come", missed.size(), channel.code());
            awaitWorkedOff(adapter.provider(), missed);
        }
        return missed.size();
    }

    private boolean endsMessages(InboundMessage message) {
        Keyword keyword = ledger.keyword(message.body());
        return OPT_OUT.equals(message.choice()) || keyword == Keyword.OPT_OUT || keyword == Keyword.CANCEL;
    }

    /** "Please leave me alone" is read by the inbound worker, a moment after it was stored. */
    private void awaitWorkedOff(String provider, List<InboundMessage> missed) {
        Set<String> ids = missed.stream().map(InboundMessage::providerId).collect(Collectors.toSet());
        Instant limit = Instant.now().plus(WORK_LIMIT);
        try {
            while (heard.waiting(provider, ids) > 0 && Instant.now().isBefore(limit)) {
                Thread.sleep(WORK_LOOK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
