package health.throughline.channel.chat;

import health.throughline.channel.Address;
import health.throughline.channel.Transcript;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.http.MediaType;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Open chats of this node. A line of another node shows within seconds: every open chat is read again by the clock. */
@Component
class ChatStreams {

    static final int SHOWN = 100;

    private static final Duration LONGEST = Duration.ofMinutes(30);
    private static final int LOOK_AGAIN_MILLIS = 10_000;

    private final List<Stream> streams = new CopyOnWriteArrayList<>();
    private final Transcript transcript;
    private final ChatSettings settings;

    ChatStreams(Transcript transcript, ChatSettings settings) {
        this.transcript = transcript;
        this.settings = settings;
    }

    private record Stream(SseEmitter emitter, Address visitor, Set<String> sent) {}

    /** A line as the page gets it; encoded when it is shown. */
    record Line(String id, String at, boolean ours, boolean byPerson, String text) {}

    SseEmitter open(Address visitor) {
        SseEmitter emitter = new SseEmitter(LONGEST.toMillis());
        var stream = new Stream(emitter, visitor, new HashSet<>());
        List<Stream> ofVisitor =
                streams.stream().filter(one -> one.visitor().equals(visitor)).toList();
        if (ofVisitor.size() >= settings.streamsOfVisitor()) {
            end(ofVisitor.getFirst());
        }
        if (streams.size() >= settings.streams()) {
            end(streams.getFirst());
        }
        streams.add(stream);
        emitter.onCompletion(() -> streams.remove(stream));
        emitter.onTimeout(() -> end(stream));
        emitter.onError(error -> streams.remove(stream));
        show(stream, transcript.of(visitor, SHOWN), true);
        return emitter;
    }

    void changed(Address visitor) {
        List<Stream> open =
                streams.stream().filter(one -> one.visitor().equals(visitor)).toList();
        if (!open.isEmpty()) {
            List<Transcript.Line> lines = transcript.of(visitor, SHOWN);
            open.forEach(stream -> show(stream, lines, false));
        }
    }

    @Scheduled(fixedDelay = LOOK_AGAIN_MILLIS)
    void lookAgain() {
        for (Stream stream : streams) {
            show(stream, transcript.of(stream.visitor(), SHOWN), true);
        }
    }

    /** @param beat something is sent even where nothing is new, so that proxies keep the stream and a closed page is noticed */
    private void show(Stream stream, List<Transcript.Line> lines, boolean beat) {
        synchronized (stream) {
            try {
                for (Transcript.Line line : lines) {
                    if (stream.sent().add(line.id())) {
                        stream.emitter()
                                .send(SseEmitter.event()
                                        .name("line")
                                        .data(
                                                new Line(
                                                        line.id(),
                                                        line.at().toString(),
                                                        line.ours(),
                                                        line.byPerson(),
                                                        line.text()),
                                                MediaType.APPLICATION_JSON));
                    }
                }
                if (beat) {
                    stream.emitter().send(SseEmitter.event().comment("here"));
                }
            } catch (IOException | IllegalStateException gone) {
                streams.remove(stream);
            }
        }
    }

    private void end(Stream stream) {
        streams.remove(stream);
        stream.emitter().complete();
    }
}
