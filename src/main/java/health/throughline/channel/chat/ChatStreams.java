package health.throughline.channel.chat;

import health.throughline.Network;
import health.throughline.channel.Address;
import health.throughline.channel.Transcript;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Open chats of this node. A line of another node shows within seconds: every open chat is read again by the clock. Each stream is
 * written to by a thread of its own, so that whoever does not read their stream holds up that thread and nobody else.
 */
@Component
class ChatStreams {

    static final int SHOWN = 100;

    private static final Duration LONGEST = Duration.ofMinutes(30);
    /** A whole site may hold as much as so many of its networks. */
    static final int NETWORKS_OF_A_SITE = 3;

    private static final int LOOK_AGAIN_MILLIS = 10_000;

    private final List<Stream> streams = new CopyOnWriteArrayList<>();
    private final Transcript transcript;
    private final ChatSettings settings;

    ChatStreams(Transcript transcript, ChatSettings settings) {
        this.transcript = transcript;
        this.settings = settings;
    }

    /** A line as the page gets it; encoded when it is shown. */
    record Line(String id, String at, boolean ours, boolean byPerson, String text) {}

    /**
     * @param network where the visitor is, as limits count it
     * @param inForce whether the token the stream was opened with still counts
     * @return none where too many are open from there, or on this node
     */
    Optional<SseEmitter> open(Address visitor, String network, BooleanSupplier inForce) {
        return open(visitor, network, inForce, new SseEmitter(LONGEST.toMillis()));
    }

    Optional<SseEmitter> open(Address visitor, String network, BooleanSupplier inForce, SseEmitter emitter) {
        List<Stream> ofVisitor = of(visitor);
        if (ofVisitor.size() >= settings.streamsOfVisitor()) {
            ofVisitor.getFirst().end();
        }
        // one that is not read counts until its last write was given up
        if (streams.size() >= settings.streams() || tooManyFrom(network)) {
            return Optional.empty();
        }
        var stream = new Stream(emitter, visitor, network, inForce);
        streams.add(stream);
        emitter.onCompletion(stream::end);
        emitter.onTimeout(stream::end);
        emitter.onError(error -> stream.end());
        stream.show(transcript.of(visitor, SHOWN), true);
        Thread.ofVirtual().name("chat-stream").start(stream);
        return Optional.of(emitter);
    }

    private boolean tooManyFrom(String network) {
        String site = Network.site(network);
        long ofNetwork =
                streams.stream().filter(one -> one.network.equals(network)).count();
        long ofSite = streams.stream()
                .filter(one -> Network.site(one.network).equals(site))
                .count();
        return ofNetwork >= settings.streamsOfNetwork()
                || ofSite >= (long) NETWORKS_OF_A_SITE * settings.streamsOfNetwork();
    }

    void changed(Address visitor) {
        List<Stream> open = of(visitor);
        if (!open.isEmpty()) {
            List<Transcript.Line> lines = transcript.of(visitor, SHOWN);
            open.forEach(stream -> {
                if (stream.inForce.getAsBoolean()) {
                    stream.show(lines, false);
                } else {
                    stream.end();
                }
            });
        }
    }

    /** The visitor has left. */
    void end(Address visitor) {
        of(visitor).forEach(Stream::end);
    }

    @Scheduled(fixedDelay = LOOK_AGAIN_MILLIS)
    void lookAgain() {
        for (Stream stream : streams) {
            if (stream.isUnreadFor(settings.unread()) || !stream.inForce.getAsBoolean()) {
                stream.end();
            } else {
                stream.show(transcript.of(stream.visitor, SHOWN), true);
            }
        }
    }

    private List<Stream> of(Address visitor) {
        return streams.stream()
                .filter(one -> !one.over && one.visitor.equals(visitor))
                .toList();
    }

    /** @param beat something is sent even where nothing is new, so that proxies keep the stream and a closed page is noticed */
    private record Shown(List<Transcript.Line> lines, boolean beat) {}

    private final class Stream implements Runnable {

        private final SseEmitter emitter;
        private final Address visitor;
        private final String network;
        private final BooleanSupplier inForce;
        /** The latest only: it holds all that was not shown before it. */
        private final BlockingQueue<Shown> next = new LinkedBlockingQueue<>(1);

        private final Set<String> sent = new HashSet<>();
        private volatile boolean over;
        private volatile @Nullable Long writingSince;

        Stream(SseEmitter emitter, Address visitor, String network, BooleanSupplier inForce) {
            this.emitter = emitter;
            this.visitor = visitor;
            this.network = network;
            this.inForce = inForce;
        }

        synchronized void show(List<Transcript.Line> lines, boolean beat) {
            Shown waiting = next.poll();
            next.add(new Shown(lines, beat || (waiting != null && waiting.beat())));
        }

        void end() {
            over = true;
            show(List.of(), false);
        }

        boolean isUnreadFor(Duration longest) {
            Long since = writingSince;
            return since != null && System.nanoTime() - since > longest.toNanos();
        }

        @Override
        public void run() {
            try {
                while (!over) {
                    Shown shown = next.take();
                    writingSince = System.nanoTime();
                    write(shown);
                    writingSince = null;
                }
                emitter.complete();
            } catch (IOException | IllegalStateException gone) {
                // closed at the other end
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            } finally {
                over = true;
                streams.remove(this);
            }
        }

        private void write(Shown shown) throws IOException {
            for (Transcript.Line line : shown.lines()) {
                if (!over && sent.add(line.id())) {
                    emitter.send(SseEmitter.event()
                            .name("line")
                            .data(
                                    new Line(
                                            line.id(), line.at().toString(), line.ours(), line.byPerson(), line.text()),
                                    MediaType.APPLICATION_JSON));
                }
            }
            if (shown.beat()) {
                emitter.send(SseEmitter.event().comment("here"));
            }
        }
    }
}
