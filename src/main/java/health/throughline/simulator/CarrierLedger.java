package health.throughline.simulator;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Everything the carrier was asked and took, the oldest forgotten beyond a bound. */
final class CarrierLedger {

    private final int remembered;
    private final Deque<LedgerEntry> requests = new ArrayDeque<>();
    private final Map<String, SimulatedMessage> messages = new LinkedHashMap<>();
    private final Map<String, Deque<SimulatedMessage>> byPhone = new HashMap<>();
    private long requestCount;
    private long acceptedCount;

    CarrierLedger(int remembered) {
        this.remembered = remembered;
    }

    /** A phone in the list on the simulator's page. */
    record Phone(String number, @Nullable String name, Instant lastAt, String lastText, int count) {}

    synchronized void add(LedgerEntry entry) {
        requests.addLast(entry);
        requestCount++;
        if (entry.accepted()) {
            acceptedCount++;
        }
        if (requests.size() > remembered) {
            requests.removeFirst();
        }
    }

    synchronized void add(SimulatedMessage message) {
        messages.put(message.sid(), message);
        byPhone.computeIfAbsent(message.phone(), phone -> new ArrayDeque<>()).addLast(message);
        if (messages.size() > remembered) {
            SimulatedMessage oldest = messages.values().iterator().next();
            messages.remove(oldest.sid());
            Deque<SimulatedMessage> thread = byPhone.get(oldest.phone());
            if (thread != null) {
                thread.remove(oldest);
                if (thread.isEmpty()) {
                    byPhone.remove(oldest.phone());
                }
            }
        }
    }

    synchronized List<LedgerEntry> requests() {
        return List.copyOf(requests);
    }

    synchronized long requestCount() {
        return requestCount;
    }

    synchronized long acceptedCount() {
        return acceptedCount;
    }

    synchronized Optional<SimulatedMessage> message(String sid) {
        return Optional.ofNullable(messages.get(sid));
    }

    /** Oldest first. */
    synchronized List<SimulatedMessage> messages() {
        return List.copyOf(messages.values());
    }

    /** Oldest first. */
    synchronized List<SimulatedMessage> messagesOf(String phone) {
        Deque<SimulatedMessage> thread = byPhone.get(phone);
        return thread == null ? List.of() : List.copyOf(thread);
    }

    /** The phone that heard or said something last comes first. */
    synchronized List<Phone> phones(Map<String, String> names) {
        var phones = new ArrayList<Phone>();
        byPhone.forEach((number, thread) -> {
            SimulatedMessage last = thread.getLast();
            phones.add(new Phone(
                    number,
                    names.get(number),
                    last.createdAt(),
                    last.content().body().isEmpty()
                            ? "(a picture)"
                            : last.content().body(),
                    thread.size()));
        });
        phones.sort((a, b) -> b.lastAt().compareTo(a.lastAt()));
        return phones;
    }

    /** Forgets the requests and the counts; the phones keep their messages. */
    synchronized void clear() {
        requests.clear();
        requestCount = 0;
        acceptedCount = 0;
    }
}
