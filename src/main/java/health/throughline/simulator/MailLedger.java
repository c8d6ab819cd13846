package health.throughline.simulator;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The patients' mailboxes; the oldest mails are forgotten beyond a bound. */
final class MailLedger {

    private final int remembered;
    private final Deque<SimulatedMail> mails = new ArrayDeque<>();

    MailLedger(int remembered) {
        this.remembered = remembered;
    }

    /** A mailbox in the list on the simulator's page. */
    record Mailbox(String address, @Nullable String name, Instant lastAt, String lastSubject, int count) {}

    synchronized void add(SimulatedMail mail) {
        mails.addLast(mail);
        if (mails.size() > remembered) {
            mails.removeFirst();
        }
    }

    /** Oldest first. */
    synchronized List<SimulatedMail> mailsOf(String address) {
        return mails.stream().filter(mail -> mail.address().equals(address)).toList();
    }

    synchronized Optional<SimulatedMail> mail(String id) {
        return mails.stream().filter(mail -> mail.id().equals(id)).findFirst();
    }

    /** The mailbox that got or sent something last comes first. */
    synchronized List<Mailbox> mailboxes(Map<String, String> names) {
        var boxes = new LinkedHashMap<String, Mailbox>();
        mails.descendingIterator()
                .forEachRemaining(mail -> boxes.merge(
                        mail.address(),
                        new Mailbox(mail.address(), names.get(mail.address()), mail.at(), mail.subject(), 1),
                        (last, older) -> new Mailbox(
                                last.address(), last.name(), last.lastAt(), last.lastSubject(), last.count() + 1)));
        return List.copyOf(boxes.values());
    }
}
