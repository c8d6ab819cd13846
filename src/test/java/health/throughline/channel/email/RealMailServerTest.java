package health.throughline.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import health.throughline.channel.OutboundMessage;
import health.throughline.channel.SendOutcome.Accepted;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Mail passes through Debian's Postfix, and its notices are understood. */
class RealMailServerTest {

    @BeforeAll
    static void needsPostfix() {
        if (!Postfix.isThere()) {
            System.err.println(
                    "NOT TESTED: that mail passes a real mail server. Install postfix (.ci/run does) and run as root.");
        }
        Assumptions.assumeTrue(Postfix.isThere(), "Postfix is not installed, or this is not root");
    }

    @Test
    @DisplayName(
            "K19: what we wrote reaches the other side as we wrote it, and the server's own notices tell what became"
                    + " of it")
    void passesARealServerAndReadsItsNotices() throws Exception {
        OutboundMessage message = Post.message(
                Post.PATIENT, "Hola Ana: ¿va a venir?\n.\nSí", Map.of("subject", "Su visita: mañana"), "es");
        OutboundMessage toNobody = Post.message("gone@patients.example", "Hello", Map.of(), "en");
        try (var sink = new ScriptedSmtp(Map.of("RCPT gone@", "550 5.1.1 User unknown"));
                var postfix = Postfix.passingOnTo(sink.port())) {
            Post post = new Post(postfix.port());
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(post.email.send(message)).isInstanceOf(Accepted.class));
            assertThat(post.email.send(toNobody)).isInstanceOf(Accepted.class);

            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                assertThat(sink.mails()).as(postfix.log()).hasSizeGreaterThanOrEqualTo(3);
                assertThat(sink.mails().getFirst())
                        .contains(
                                "Received: ",
                                "by mta.throughline.test",
                                "List-Unsubscribe-Post: List-Unsubscribe=One-Click")
                        .contains(
                                "Message-ID: <" + message.attempt() + "@mail.example>",
                                "Auto-Submitted: auto-generated");
                assertThat(notices(post, sink.mails()))
                        .extracting(notice -> notice.returned().became())
                        .contains(Returned.Became.DELIVERED, Returned.Became.RETURNED);
            });
            assertThat(notices(post, sink.mails()))
                    .allSatisfy(notice -> assertThat(notice.attempt()).isEqualTo(message.attempt()));
            assertThat(notices(post, sink.mails()))
                    .extracting(notice -> notice.returned().code())
                    .contains(Returned.ADDRESS);
        }
    }

    private static List<MailReader.Notice> notices(Post post, List<String> mails) {
        return mails.stream()
                .map(mail -> post.reader.read(mail.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8)))
                .flatMap(read -> read instanceof MailReader.Notice notice
                        ? Optional.of(notice).stream()
                        : Optional.<MailReader.Notice>empty().stream())
                .toList();
    }
}
