package health.throughline.channel.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import health.throughline.Network;
import health.throughline.channel.Address;
import health.throughline.channel.Transcript;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Streams of strangers: whoever does not read theirs holds up nobody, and keeps it for a bounded while. */
class ChatStreamsTest {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final String NETWORK = "192.0.2.1";
    private static final Address ONE = new Address(JdbcVisitors.CHAT, "one");
    private static final Address TWO = new Address(JdbcVisitors.CHAT, "two");

    private final CopyOnWriteArrayList<Transcript.Line> said = new CopyOnWriteArrayList<>();
    private final Transcript transcript = (address, limit) -> List.copyOf(said);

    static ChatSettings settings(int ofVisitor, int ofNetwork) {
        return new ChatSettings(
                1000,
                20,
                60,
                100,
                ofVisitor,
                ofNetwork,
                Duration.ofSeconds(20),
                Duration.ofDays(1),
                Duration.ofMinutes(15),
                Duration.ofHours(12));
    }

    @Test
    void showsOthersTheirLinesWhileSomebodyDoesNotReadTheirs() throws InterruptedException {
        var streams = new ChatStreams(transcript, settings(3, 2));
        var unread = new Unread();
        var read = new Read();
        streams.open(ONE, NETWORK, () -> true, unread);
        unread.reached.await();
        streams.open(TWO, NETWORK, () -> true, read);
        say("first");
        assertTimeoutPreemptively(SOON, () -> {
            streams.changed(ONE);
            streams.changed(TWO);
        });
        await().atMost(SOON).until(() -> read.events.get() >= 2);
        say("second");
        assertTimeoutPreemptively(SOON, streams::lookAgain);
        await().atMost(SOON).until(() -> read.events.get() >= 3);

        assertThat(streams.open(TWO, NETWORK, () -> true))
                .as("the unread one counts until it is given up")
                .isEmpty();
        assertThat(streams.open(TWO, "192.0.2.2", () -> true)).isPresent();
        unread.givenUp.countDown();
        await().atMost(SOON).until(() -> streams.open(ONE, NETWORK, () -> true).isPresent());
    }

    @Test
    void countsTheManyNetworksOfOneSiteAsAFew() {
        var streams = new ChatStreams(transcript, settings(9, 2));
        long opened = IntStream.range(0, 9)
                .filter(n -> streams.open(
                                new Address(JdbcVisitors.CHAT, "visitor" + n),
                                Network.of("2001:db8:1:%x::1".formatted(n)),
                                () -> true)
                        .isPresent())
                .count();
        assertThat(opened).isEqualTo(6);
        assertThat(streams.open(TWO, Network.of("2001:db8:2:1::1"), () -> true)).isPresent();
    }

    @Test
    void endsAStreamWhoseTokenCountsNoMore() {
        var streams = new ChatStreams(transcript, settings(3, 9));
        var inForce = new AtomicBoolean(true);
        var read = new Read();
        streams.open(ONE, NETWORK, inForce::get, read);
        streams.lookAgain();
        await().atMost(SOON).until(() -> read.events.get() >= 1);
        assertThat(read.over).isFalse();
        inForce.set(false);
        streams.lookAgain();
        await().atMost(SOON).untilTrue(read.over);
    }

    @Test
    void endsTheOldestOfTooManyTabsAndAllOfThemWhenTheVisitorLeaves() {
        var streams = new ChatStreams(transcript, settings(2, 9));
        var tabs = List.of(new Read(), new Read(), new Read());
        tabs.forEach(tab -> streams.open(ONE, NETWORK, () -> true, tab));
        await().atMost(SOON).untilTrue(tabs.getFirst().over);
        assertThat(tabs.getLast().over).isFalse();
        streams.end(ONE);
        await().atMost(SOON).untilTrue(tabs.getLast().over);
    }

    private void say(String text) {
        said.add(new Transcript.Line(text, Instant.EPOCH, true, true, text, null, false));
    }

    private static final class Read extends SseEmitter {

        private final AtomicInteger events = new AtomicInteger();
        private final AtomicBoolean over = new AtomicBoolean();

        @Override
        public void send(SseEventBuilder event) {
            events.incrementAndGet();
        }

        @Override
        public void complete() {
            over.set(true);
        }
    }

    /** As the container does: a write waits for whoever does not read, and fails in the end. */
    private static final class Unread extends SseEmitter {

        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch givenUp = new CountDownLatch(1);

        @Override
        public void send(SseEventBuilder event) throws IOException {
            reached.countDown();
            try {
                givenUp.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new IOException("not read");
        }
    }
}
