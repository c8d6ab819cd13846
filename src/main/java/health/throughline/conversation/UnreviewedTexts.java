package health.throughline.conversation;

import health.throughline.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Says loudly at the start, and in the health of a node, which critical texts do not go because nobody has reviewed them (K14). */
@Component("unreviewedTexts")
class UnreviewedTexts implements HealthIndicator {

    private static final Logger LOG = LoggerFactory.getLogger(UnreviewedTexts.class);

    private final Texts texts;
    private final Senders senders;
    private final TransactionTemplate transaction;

    UnreviewedTexts(Texts texts, Senders senders, TransactionTemplate transaction) {
        this.texts = texts;
        this.senders = senders;
        this.transaction = transaction;
    }

    @EventListener(ApplicationReadyEvent.class)
    void tell() {
        warning().ifPresent(LOG::warn);
    }

    /** Up whatever is missing: the people on call are called all the same. */
    @Override
    public Health health() {
        List<String> kept = kept();
        return kept.isEmpty()
                ? Health.up().build()
                : Health.up().withDetail("not sent", kept).build();
    }

    Optional<String> warning() {
        List<String> kept = kept();
        return kept.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "CRITICAL TEXTS ARE NOT SENT, because nobody has reviewed them: " + String.join(", ", kept)
                                + ". Who writes of danger gets no automatic answer there, a call says one fixed sentence, and the"
                                + " people on call are called at once all the same. Have each read by a named person and approve it"
                                + " as an edit, or name the reviewer in its file under texts.");
    }

    /** As {@code red-flag-answer sms en}, of the channels that are served. */
    private List<String> kept() {
        List<String> kept = new ArrayList<>();
        transaction.executeWithoutResult(status -> texts.files().forEach((key, file) -> {
            if (file.critical()) {
                file.wordings().keySet().stream()
                        .filter(channel -> senders.serves(new Channel(channel)))
                        .flatMap(channel -> texts.inEveryLanguage(key, channel).stream())
                        .filter(text -> !texts.mayGo(text))
                        .forEach(text -> kept.add(key + " " + text.channel() + " " + text.locale()));
            }
        }));
        return List.copyOf(kept);
    }
}
