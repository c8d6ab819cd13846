package health.throughline.simulator;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Takes messages and hands them to phones; remembers who texted STOP to which sender. */
final class Carrier {

    private static final Set<String> STOP_WORDS =
            Set.of("stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout");
    private static final Set<String> START_WORDS = Set.of("start", "unstop");
    private static final int MAX_BLOCKS = 100_000;

    private final SimulatorSettings settings;
    private final CarrierLedger ledger;
    private final Callbacks callbacks;
    private final SimulatedClock clock;
    private final PhoneEvents events;
    private final Set<Block> blocks = ConcurrentHashMap.newKeySet();

    Carrier(
            SimulatorSettings settings,
            CarrierLedger ledger,
            Callbacks callbacks,
            SimulatedClock clock,
            PhoneEvents events) {
        this.settings = settings;
        this.ledger = ledger;
        this.callbacks = callbacks;
        this.clock = clock;
        this.events = events;
    }

    private record Block(String phone, String sender) {}

    boolean blocks(SimulatedMessage.Content content) {
        return settings.blockAfterStop() && blocks.contains(new Block(content.to(), sender(content)));
    }

    /** Takes a message of the product's for a phone. */
    SimulatedMessage take(SimulatedMessage.Content content, @Nullable Fault fault) {
        SimulatedMessage message = new SimulatedMessage(newSid(), false, content, clock.now());
        ledger.add(message);
        events.changed(message.phone());
        callbacks.deliver(message, fault);
        return message;
    }

    /** The patient with this phone writes to the sender that wrote last, or to our number. @param heard whether the product is told */
    SimulatedMessage patientWrites(String phone, String body, List<SimulatedMedia.Medium> media, boolean heard) {
        SimulatedMessage.Content last = ledger.messagesOf(phone).reversed().stream()
                .filter(message -> !message.fromPatient())
                .map(SimulatedMessage::content)
                .findFirst()
                .orElse(null);
        String ours = last != null && last.from() != null ? last.from() : settings.from();
        String service = last == null ? null : last.service();
        var content = new SimulatedMessage.Content(ours == null ? "" : ours, phone, service, body, null, null);
        var message = new SimulatedMessage(
                media.isEmpty() ? newSid() : "MM" + newSid().substring(2), true, content, clock.now(), media);
        ledger.add(message);
        hearStop(phone, service == null ? content.to() : service, body);
        events.changed(phone);
        if (heard) {
            callbacks.inbound(message);
        }
        return message;
    }

    private void hearStop(String phone, String sender, String body) {
        String word = body.strip().toLowerCase(Locale.ROOT);
        if (STOP_WORDS.contains(word) && blocks.size() < MAX_BLOCKS) {
            blocks.add(new Block(phone, sender));
        } else if (START_WORDS.contains(word)) {
            blocks.remove(new Block(phone, sender));
        }
    }

    private static String sender(SimulatedMessage.Content content) {
        if (content.service() != null) {
            return content.service();
        }
        return content.from() == null ? "" : content.from();
    }

    private static String newSid() {
        byte[] random = new byte[16];
        ThreadLocalRandom.current().nextBytes(random);
        return "SM" + HexFormat.of().formatHex(random);
    }
}
