package health.throughline.channel.chat;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.channel.Address;
import health.throughline.channel.AttemptId;
import health.throughline.channel.ChannelAdapter.ListedMessage;
import health.throughline.channel.OutboundMessage;
import health.throughline.channel.SendOutcome.Accepted;
import health.throughline.channel.Transcript;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the chat makes of an attempt: it is on the page as soon as it has begun, so it is never unknown for good. */
class LiveChatContractTest {

    private static final Address VISITOR =
            new Address(JdbcVisitors.CHAT, UUID.randomUUID().toString());
    private static final Instant BEGUN = Instant.parse("2026-07-01T10:00:00Z");
    private static final AttemptId ATTEMPT = new AttemptId(UUID.randomUUID());

    private final Transcript transcript = (address, limit) -> address.equals(VISITOR)
            ? List.of(
                    new Transcript.Line("1", BEGUN.minusSeconds(5), false, false, "Hello?", null, true),
                    new Transcript.Line("2", BEGUN, true, true, "Yes?", ATTEMPT, false))
            : List.of();
    private final ChatStreams streams = new ChatStreams(transcript, ChatStreamsTest.settings(2, 5));
    private final LiveChat chat = new LiveChat(transcript, streams);

    @Test
    void acceptsWhetherOrNotAnybodyLooks() {
        var message =
                new OutboundMessage(ATTEMPT, VISITOR, "chat", "Yes?", Map.of(), "en", Duration.ofHours(1), Instant.MAX);
        assertThat(chat.send(message)).isEqualTo(new Accepted(ATTEMPT.toString()));
        for (int tabs = 0; tabs < 3; tabs++) {
            assertThat(streams.open(VISITOR, "192.0.2.1", () -> true)).isPresent();
        }
        assertThat(chat.send(message)).isEqualTo(new Accepted(ATTEMPT.toString()));
    }

    @ParameterizedTest(name = "since {0} s after it began: {1}")
    @CsvSource({"-60, 1", "0, 1", "1, 0"})
    void listsWhatIsOnThePageForAnUnknownOutcome(int seconds, int found) {
        assertThat(chat.listSent(VISITOR, BEGUN.plusSeconds(seconds)))
                .hasSize(found)
                .allSatisfy(listed ->
                        assertThat(listed).isEqualTo(new ListedMessage(ATTEMPT.toString(), "Yes?", "accepted", BEGUN)));
    }

    @Test
    void isForThoseWhoLookOnly() {
        assertThat(chat.comesUnasked()).isFalse();
        assertThat(chat.byPhone()).isFalse();
        assertThat(chat.units("😀".repeat(500))).isEqualTo(1);
        assertThat(chat.listReceived(BEGUN)).isEmpty();
    }
}
