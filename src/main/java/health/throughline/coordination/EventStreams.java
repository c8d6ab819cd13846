package health.throughline.coordination;

import health.throughline.access.Caller;
import health.throughline.access.SessionEnded;
import health.throughline.access.Staff;
import health.throughline.conversation.ConversationChanged;
import health.throughline.organization.Holds;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.context.event.EventListener;
import org.springframework.http.MediaType;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Tells open pages that something changed, by id alone, after it is committed; they read it with their own rights. A stream ends within
 * two seconds of its user being cut off. What happens on another node shows at the page's next read.
 */
@RestController
class EventStreams {

    private static final Duration LONGEST = Duration.ofMinutes(30);
    private static final int MOST = 2000;

    private final List<Stream> streams = new CopyOnWriteArrayList<>();
    private final Organization organization;
    private final Staff staff;

    EventStreams(Organization organization, Staff staff) {
        this.organization = organization;
        this.staff = staff;
    }

    private record Stream(SseEmitter emitter, String username, String path) {}

    @GetMapping(path = "/api/v1/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter open(@AuthenticationPrincipal Caller caller) throws IOException {
        SseEmitter emitter = new SseEmitter(LONGEST.toMillis());
        String path = organization.find(caller.unit()).map(OrgUnit::path).orElse("/nowhere/");
        Stream stream = new Stream(emitter, caller.getName(), path);
        if (streams.size() >= MOST) {
            end(streams.getFirst());
        }
        streams.add(stream);
        emitter.onCompletion(() -> streams.remove(stream));
        emitter.onTimeout(() -> end(stream));
        emitter.onError(error -> streams.remove(stream));
        emitter.send(SseEmitter.event().comment("open"));
        return emitter;
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT, fallbackExecution = true)
    void on(TaskChanged changed) {
        String unit = organization
                .find(new OrgUnitId(changed.orgUnit()))
                .map(OrgUnit::path)
                .orElse("");
        Map<String, Object> data =
                Map.of("id", changed.task(), "kind", changed.kind().name().toLowerCase(Locale.ROOT));
        for (Stream stream : streams) {
            if (unit.startsWith(stream.path())) {
                send(stream, "task", data);
            }
        }
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT, fallbackExecution = true)
    void on(ConversationChanged changed) {
        UUID patient = changed.patient();
        streams.forEach(stream -> send(stream, "timeline", Map.of("patient", patient)));
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT, fallbackExecution = true)
    void on(Holds.HoldPlaced placed) {
        streams.forEach(stream -> send(stream, "hold", Map.of("id", placed.hold())));
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT, fallbackExecution = true)
    void on(Holds.HoldLifted lifted) {
        streams.forEach(stream -> send(stream, "hold", Map.of("id", lifted.hold())));
    }

    @EventListener
    void on(SessionEnded ended) {
        streams.stream()
                .filter(stream -> stream.username().equals(ended.username()))
                .forEach(this::end);
    }

    @Scheduled(fixedDelay = 2000)
    void endOfThoseCutOff() {
        for (Stream stream : streams) {
            if (!staff.mayWork(stream.username())) {
                end(stream);
            }
        }
    }

    private void send(Stream stream, String name, Object data) {
        try {
            stream.emitter().send(SseEmitter.event().name(name).data(data, MediaType.APPLICATION_JSON));
        } catch (IOException | IllegalStateException e) {
            streams.remove(stream);
        }
    }

    private void end(Stream stream) {
        streams.remove(stream);
        stream.emitter().complete();
    }
}
