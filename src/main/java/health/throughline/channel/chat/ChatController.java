package health.throughline.channel.chat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import health.throughline.Network;
import health.throughline.channel.Address;
import health.throughline.channel.ChannelInbox;
import health.throughline.channel.ChatUnits;
import health.throughline.channel.DeliveryReport;
import health.throughline.channel.InboundMessage;
import health.throughline.channel.PlainText;
import health.throughline.channel.Transcript;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * What the chat's page asks for. No cookie counts here: the visitor's token comes in a header that no other site's page can send, and
 * another site's page is refused before.
 */
@Hidden
@RestController
@RequestMapping("/chat/api")
class ChatController {

    static final String TOKEN = "X-Chat-Visitor";

    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9-]{8,64}");
    private static final int MOST_COUNTED = 100_000;

    private final JdbcVisitors visitors;
    private final ChatUnits units;
    private final ChatStreams streams;
    private final Transcript transcript;
    private final ChannelInbox inbox;
    private final ChatSettings settings;
    private final Clock clock;
    private final Cache<String, AtomicInteger> begun = counted(Duration.ofHours(1));
    private final Cache<String, AtomicInteger> said = counted(Duration.ofMinutes(1));

    ChatController(
            JdbcVisitors visitors,
            ChatUnits units,
            ChatStreams streams,
            Transcript transcript,
            ChannelInbox inbox,
            ChatSettings settings,
            Clock clock) {
        this.visitors = visitors;
        this.units = units;
        this.streams = streams;
        this.transcript = transcript;
        this.inbox = inbox;
        this.settings = settings;
        this.clock = clock;
    }

    private static Cache<String, AtomicInteger> counted(Duration window) {
        return Caffeine.newBuilder()
                .expireAfterWrite(window)
                .maximumSize(MOST_COUNTED)
                .build();
    }

    private static boolean over(Cache<String, AtomicInteger> counts, String key, int most) {
        return counts.get(key, any -> new AtomicInteger()).incrementAndGet() > most;
    }

    /** @param key of this line: sent twice it is said once */
    record Said(@Nullable String key, @Nullable String text) {}

    /** @param site the origin of the page around the chat, as our frame was told; decides only who answers */
    record Begin(@Nullable String site) {}

    @PostMapping("/visitors")
    ResponseEntity<Map<String, String>> begin(
            @RequestBody(required = false) @Nullable Begin begin, HttpServletRequest request) {
        String network = Network.of(request.getRemoteAddr());
        String place = Network.site(network);
        boolean manyOfSite = !place.equals(network)
                && over(begun, place, ChatStreams.NETWORKS_OF_A_SITE * settings.visitorsPerHour());
        if (manyOfSite || over(begun, network, settings.visitorsPerHour())) {
            return ResponseEntity.status(HttpStatus.TOO_MANY_REQUESTS).build();
        }
        String site = begin == null ? null : begin.site();
        return ResponseEntity.ok(Map.of(
                "token", visitors.begin(site == null ? null : units.of(site).orElse(null))));
    }

    @GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    ResponseEntity<SseEmitter> events(
            @RequestHeader(name = TOKEN, defaultValue = "") String token, HttpServletRequest request) {
        Optional<Address> visitor = visitors.listening(token);
        if (visitor.isEmpty()) {
            return ResponseEntity.status(HttpStatus.UNAUTHORIZED).build();
        }
        return streams.open(
                        visitor.get(),
                        Network.of(request.getRemoteAddr()),
                        () -> visitors.listening(token).isPresent())
                .map(stream -> ResponseEntity.ok()
                        .header("X-Accel-Buffering", "no")
                        .header("Cache-Control", "no-store")
                        .body(stream))
                .orElseGet(() -> ResponseEntity.status(HttpStatus.TOO_MANY_REQUESTS)
                        .header("Retry-After", String.valueOf(settings.unread().toSeconds()))
                        .build());
    }

    @PostMapping("/messages")
    ResponseEntity<Void> say(@RequestHeader(name = TOKEN, defaultValue = "") String token, @RequestBody Said words) {
        Optional<Address> visitor = visitors.of(token);
        if (visitor.isEmpty()) {
            return ResponseEntity.status(HttpStatus.UNAUTHORIZED).build();
        }
        String key = words.key();
        String text = words.text() == null ? "" : PlainText.of(words.text()).strip();
        if (key == null || !KEY.matcher(key).matches() || text.isEmpty()) {
            return ResponseEntity.badRequest().build();
        }
        if (text.length() > settings.longest()) {
            return ResponseEntity.status(HttpStatus.CONTENT_TOO_LARGE).build();
        }
        if (over(said, visitor.get().value(), settings.perMinute())) {
            return ResponseEntity.status(HttpStatus.TOO_MANY_REQUESTS).build();
        }
        inbox.received(new InboundMessage(
                LiveChat.PROVIDER,
                visitor.get().value() + ":" + key,
                visitor.get(),
                "chat",
                text,
                text,
                clock.instant()));
        streams.changed(visitor.get());
        return ResponseEntity.accepted().build();
    }

    /** Whoever has the chat before their eyes has read it. */
    @PostMapping("/seen")
    ResponseEntity<Void> seen(@RequestHeader(name = TOKEN, defaultValue = "") String token) {
        return visitors.of(token)
                .map(visitor -> {
                    transcript.of(visitor, ChatStreams.SHOWN).stream()
                            .filter(line -> !line.read())
                            .forEach(this::read);
                    return ResponseEntity.noContent().<Void>build();
                })
                .orElseGet(() -> ResponseEntity.status(HttpStatus.UNAUTHORIZED).build());
    }

    /** On this side too: whoever has the token in hand has nothing. */
    @PostMapping("/leave")
    ResponseEntity<Void> leave(@RequestHeader(name = TOKEN, defaultValue = "") String token) {
        visitors.listening(token).ifPresent(visitor -> {
            visitors.end(visitor);
            streams.end(visitor);
        });
        return ResponseEntity.noContent().build();
    }

    private void read(Transcript.Line line) {
        if (line.attempt() != null) {
            inbox.reported(new DeliveryReport(
                    LiveChat.PROVIDER,
                    line.attempt().toString(),
                    line.attempt(),
                    DeliveryReport.Status.READ,
                    null,
                    clock.instant()));
        }
    }
}
