package health.throughline.conversation;

import health.throughline.channel.Address;
import health.throughline.channel.Channel;
import health.throughline.channel.ChannelAdapter;
import health.throughline.consent.Urgency;
import health.throughline.conversation.JdbcDispatch.Row;
import health.throughline.patient.AddressId;
import health.throughline.patient.Patients;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Settles attempts nobody knows the outcome of, by the provider's own list and never by a blind retry. Found: adopted. Not found in two
 * reads: an urgent or time-bound message is sent once more, flagged; a routine one is dropped and reported. A provider that does not
 * answer proves nothing: then a person has it by the limit.
 */
@Component
class UnknownSettler {

    private static final Logger LOG = LoggerFactory.getLogger(UnknownSettler.class);
    private static final int POLLS = 2;
    private static final int BATCH = 5;
    private static final Duration BUSY = Duration.ofMinutes(3);
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(60);
    private static final Duration BEFORE_EXPIRY = Duration.ofHours(1);
    private static final Duration WITH_PERSON_LOOK_AGAIN = Duration.ofMinutes(10);

    private static final String WITH_PERSON = "with-person";
    private static final String NOBODY_KNOWS = "The carrier does not answer; nobody can say whether this text arrived.";

    private final JdbcDispatch dispatch;
    private final JdbcMessages messages;
    private final JdbcQuestions questions;
    private final Attempts attempts;
    private final Patients patients;
    private final Senders senders;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;
    private final JdbcClient jdbc;
    private final ConversationSettings settings;
    private final Clock clock;
    private final Set<Channel> atWork = ConcurrentHashMap.newKeySet();

    UnknownSettler(
            JdbcDispatch dispatch,
            JdbcMessages messages,
            JdbcQuestions questions,
            Attempts attempts,
            Patients patients,
            Senders senders,
            ApplicationEventPublisher events,
            TransactionTemplate transaction,
            JdbcClient jdbc,
            ConversationSettings settings,
            Clock clock) {
        this.dispatch = dispatch;
        this.messages = messages;
        this.questions = questions;
        this.attempts = attempts;
        this.patients = patients;
        this.senders = senders;
        this.events = events;
        this.transaction = transaction;
        this.jdbc = jdbc;
        this.settings = settings;
        this.clock = clock;
    }

    /** @param knownIds provider ids that other messages to the address already have */
    private record Lookup(
            Address address, String body, Instant startedAt, Instant lastStartedAt, Set<String> knownIds) {}

    /** Each channel by itself: a provider that lists slowly keeps only its own unknowns waiting. */
    @Scheduled(fixedDelay = 1000)
    void settle() {
        for (Channel channel : senders.channels()) {
            if (atWork.add(channel)) {
                Thread.ofVirtual().name("settle-" + channel.code()).start(() -> {
                    try {
                        settle(channel);
                    } finally {
                        atWork.remove(channel);
                    }
                });
            }
        }
    }

    private void settle(Channel channel) {
        List<Row> due;
        do {
            due = dispatch.claimUnknown(channel, clock.instant(), BUSY, BATCH);
            for (Row row : due) {
                try {
                    settle(row);
                } catch (RuntimeException e) {
                    LOG.warn(
                            "Message {} could not be settled yet: {}",
                            row.message(),
                            e.getClass().getSimpleName());
                    cannotSettle(row);
                }
            }
        } while (due.size() == BATCH);
    }

    /** Whatever keeps it from being settled, a person hears of it in time. */
    private void cannotSettle(Row row) {
        try {
            transaction.executeWithoutResult(status -> unanswered(row.message()));
        } catch (RuntimeException e) {
            LOG.debug("Settling failure", e);
        }
    }

    private void settle(Row row) {
        Lookup lookup = transaction.execute(status -> {
            JdbcMessages.Message message = messages.load(row.message(), row.createdAt());
            record Started(Instant first, Instant last) {}
            Started started = jdbc.sql(
                            "select min(started_at) as first, max(started_at) as last from attempt where message_id = ?")
                    .param(row.message())
                    .query((r, n) -> new Started(JdbcMessages.instant(r, "first"), JdbcMessages.instant(r, "last")))
                    .single();
            return new Lookup(
                    patients.address(new AddressId(row.address())),
                    attempts.wire(row, message),
                    started.first(),
                    started.last(),
                    dispatch.providerIds(row.address()));
        });
        if (lookup == null) {
            return;
        }
        ChannelAdapter adapter = senders.adapter(row.channel());
        Optional<ChannelAdapter.ListedMessage> found;
        try {
            Instant since = lookup.startedAt().minus(CLOCK_SKEW);
            found = adapter.listSent(lookup.address(), since).stream()
                    .filter(listed ->
                            says(listed, lookup) && !listed.createdAt().isBefore(since))
                    .filter(listed -> !lookup.knownIds().contains(listed.providerId()))
                    .findFirst();
        } catch (ChannelAdapter.ProviderUnavailable e) {
            transaction.executeWithoutResult(status -> unanswered(row.message()));
            return;
        }
        transaction.executeWithoutResult(status -> {
            if (found.isPresent()) {
                adopt(row.message(), found.get().providerId());
            } else {
                notFound(row.message());
            }
        });
    }

    /** Where the provider does not list what was said, only what it made during the attempt is taken for ours. */
    private boolean says(ChannelAdapter.ListedMessage listed, Lookup lookup) {
        return listed.body() == null
                ? listed.createdAt().isBefore(lookup.lastStartedAt().plus(settings.attemptLimit()))
                : listed.body().equals(lookup.body());
    }

    private Optional<Row> stillUnknown(UUID message) {
        return dispatch.lock(message).filter(row -> row.state().equals("unknown"));
    }

    private void adopt(UUID message, String providerId) {
        stillUnknown(message).ifPresent(row -> {
            Instant now = clock.instant();
            if (row.attempt() != null) {
                dispatch.outcome(
                        row.attempt(), "accepted", "poll", providerId, null, "Found in the provider's list", now);
            }
            attempts.accepted(row, providerId, now);
        });
    }

    private void notFound(UUID message) {
        stillUnknown(message).ifPresent(row -> {
            Instant now = clock.instant();
            int polls = row.polls() + 1;
            if (polls < POLLS) {
                dispatch.polled(row.message(), polls, now.plus(settings.settleAfter()), null);
                return;
            }
            if (row.attempt() != null) {
                dispatch.outcome(
                        row.attempt(),
                        "not_sent",
                        "poll",
                        null,
                        null,
                        "Not in the provider's list, read " + polls + " times",
                        now);
            }
            questions.closeOf(row.message(), "not-sent", now);
            if (row.urgencyRank() <= Urgency.TIME_BOUND.rank() && !row.resent() && now.isBefore(row.expiresAt())) {
                dispatch.resend(row.message(), now);
            } else {
                dispatch.end(row.message(), "failed", "unknown-dropped");
                attempts.failed(
                        messages.load(row.message(), row.createdAt()),
                        "unknown-dropped",
                        "The provider gave no answer and does not list it; it was not sent again.");
            }
        });
    }

    /** What was said in one is told for each of them, in time for the first of them; it is over with the last. */
    private void unanswered(UUID message) {
        stillUnknown(message).ifPresent(row -> {
            Instant now = clock.instant();
            List<Row> said = Stream.concat(Stream.of(row), dispatch.carriedBy(message).stream())
                    .toList();
            List<Instant> expiries = said.stream().map(Row::expiresAt).sorted().toList();
            Instant since = row.unknownSince() == null ? now : row.unknownSince();
            Instant limit = earlier(
                    since.plus(settings.settleLimit()), expiries.getFirst().minus(BEFORE_EXPIRY));
            if (now.isBefore(limit)) {
                dispatch.polled(row.message(), row.polls(), earlier(now.plus(settings.settleAfter()), limit), null);
                return;
            }
            if (row.patient() == null || !now.isBefore(expiries.getLast())) {
                // a receipt that comes later still wins: it ranks higher
                dispatch.end(row.message(), "failed", "unknown-dropped");
                questions.closeOf(row.message(), "not-sent", now);
                attempts.failed(messages.load(row.message(), row.createdAt()), "unknown-dropped", NOBODY_KNOWS);
                return;
            }
            if (!WITH_PERSON.equals(row.reason())) {
                said.forEach(this::tell);
            }
            dispatch.polled(row.message(), row.polls(), now.plus(WITH_PERSON_LOOK_AGAIN), WITH_PERSON);
        });
    }

    private void tell(Row row) {
        UUID patient = row.patient();
        if (patient != null) {
            events.publishEvent(
                    new UnknownOutcome(row.message(), patient, row.orgUnit(), row.journeyInstance(), NOBODY_KNOWS));
        }
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }
}
