package health.throughline.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import health.throughline.FaultReport;
import health.throughline.FaultTest;
import health.throughline.channel.AttemptId;
import health.throughline.channel.ChannelAdapter.ProviderUnavailable;
import health.throughline.channel.OutboundMessage;
import health.throughline.channel.SendOutcome;
import health.throughline.channel.SendOutcome.Accepted;
import health.throughline.channel.SendOutcome.Rejected;
import health.throughline.channel.SendOutcome.Retry;
import health.throughline.channel.SendOutcome.Then;
import health.throughline.channel.SendOutcome.Unknown;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the adapter makes of everything a mail server can do, over loopback, and what it writes. The server counts. */
@FaultTest
class SmtpEmailContractTest {

    // ------------------------------------------------------------------------------- the evidence table

    @Test
    void isAcceptedUnderTheAttemptsOwnId() throws IOException {
        try (var server = new ScriptedSmtp(Map.of())) {
            SendOutcome outcome = new Post(server.port()).email.send(Post.message());

            assertThat(outcome).isEqualTo(new Accepted("<01890000-0000-7000-8000-000000000001@mail.example>"));
            assertThat(server.mails()).hasSize(1);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest(name = "{0} answered with {1}: {2} {3}")
    @CsvSource({
        "GREETING, 421 4.3.2 busy,                    Retry,    ''",
        "GREETING, 554 5.3.2 no service,              Retry,    ''",
        "GREETING, CLOSE,                             Retry,    ''",
        "GREETING, SILENCE,                           Retry,    ''",
        "EHLO,     CLOSE,                             Retry,    ''",
        "MAIL,     451 4.3.0 later,                   Retry,    smtp-451-4.3.0",
        "MAIL,     550 5.7.1 sender refused,          Rejected, smtp-550-5.7.1",
        "RCPT,     450 4.2.0 greylisted,              Retry,    smtp-450-4.2.0",
        "RCPT,     452 4.2.2 mailbox full,            Retry,    smtp-452-4.2.2",
        "RCPT,     421 4.7.0 too many,                Retry,    smtp-421-4.7.0",
        "RCPT,     550 5.1.1 user unknown,            Rejected, smtp-550-5.1.1",
        "RCPT,     552 5.2.2 over quota,              Rejected, smtp-552-5.2.2",
        "RCPT,     554 5.7.1 policy,                  Rejected, smtp-554-5.7.1",
        "RCPT,     CLOSE,                             Retry,    ''",
        "RCPT,     SILENCE,                           Retry,    ''",
        "DATA,     451 4.3.0 later,                   Retry,    smtp-451-4.3.0",
        "DATA,     554 5.6.0 no,                      Rejected, smtp-554-5.6.0",
        "DATA,     CLOSE,                             Retry,    ''",
        "DOT,      451 4.3.0 later,                   Retry,    smtp-451-4.3.0",
        "DOT,      550 5.7.1 content refused,         Rejected, smtp-550-5.7.1",
        "DOT,      CLOSE,                             Unknown,  no-answer",
        "DOT,      SILENCE,                           Unknown,  no-answer",
    })
    void knowsAfterEachAnswerWhetherItWasSent(String step, String reply, String outcome, String code)
            throws IOException {
        try (var server = new ScriptedSmtp(Map.of(step, reply))) {
            SendOutcome got = new Post(server.port()).email.send(Post.message());

            assertThat(got.getClass().getSimpleName()).isEqualTo(outcome);
            if (!code.isEmpty()) {
                assertThat(code(got)).isEqualTo(code);
            }
            assertThat(server.connections())
                    .as("one connection, whatever happened")
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "550 5.1.1 <ana@patients.example> user unknown, SUPPRESS_ADDRESS",
        "550 no such user,                              SUPPRESS_ADDRESS",
        "553 5.1.3 bad syntax,                          SUPPRESS_ADDRESS",
        "551 user unknown here; try elsewhere,          SUPPRESS_ADDRESS",
        "550 5.2.1 disabled,                            NEXT_CHANNEL",
        "550 mailbox unavailable,                       NEXT_CHANNEL",
        "553 sorry,                                     NEXT_CHANNEL",
        "550 5.1.8 sender domain does not exist,        NEXT_CHANNEL",
        "552 5.2.2 over quota,                          NEXT_CHANNEL",
        "550 5.7.1 blocked by policy,                   NEXT_CHANNEL",
        "554 5.7.1 spam,                                NEXT_CHANNEL",
    })
    void tellsAnAddressThatDoesNotExistFromOneThatCannotTakeItNow(String reply, Then then) throws IOException {
        try (var server = new ScriptedSmtp(Map.of("RCPT", reply))) {
            Rejected rejected = (Rejected) new Post(server.port()).email.send(Post.message());

            assertThat(rejected.then()).isEqualTo(then);
            assertThat(rejected.reason()).doesNotContain("ana").endsWith(".");
            assertThat(server.mails()).isEmpty();
        }
    }

    @ParameterizedTest
    @DisplayName("K19: what a server has against us is no fault of the address; the operator sees it")
    @ValueSource(
            strings = {
                "550 relay not permitted",
                "554 5.7.1 <ana@patients.example>: Relay access denied",
                "550 5.7.1 Service unavailable; client host [192.0.2.1] blocked using zen.spamhaus.org",
                "550 192.0.2.1 is listed at zen.spamhaus.org",
                "550 5.1.1 <ana@patients.example> rejected: 192.0.2.1 is on our block list",
                "550 5.7.26 This mail has been blocked because the sender is unauthenticated (SPF, DKIM)",
                "550 5.7.1 Unauthenticated email is not accepted due to the domain's DMARC policy",
                "553 sender address rejected: not owned by user",
            })
    void blamesNoAddressForWhatIsSaidOfUs(String reply) throws IOException {
        try (var server = new ScriptedSmtp(Map.of("RCPT", reply))) {
            Post post = new Post(server.port());
            Rejected rejected = (Rejected) post.email.send(Post.message());

            assertThat(rejected.then()).isEqualTo(Then.NEXT_CHANNEL);
            assertThat(post.refusals()).isEqualTo(1);
        }
    }

    /** A line of TLS that comes byte by byte: each in time, the whole never. */
    @Test
    @Timeout(20)
    void givesUpInTimeOnAServerThatDripsWithinTls() throws IOException {
        try (var server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            Thread.ofVirtual().start(() -> drip(server));
            SendOutcome outcome = new Post(server.getLocalPort(), MailSettings.Security.TLS).email.send(Post.message());

            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Retry.class, retry -> assertThat(retry.code()).isEqualTo("not-sent"));
        }
    }

    private static void drip(ServerSocket server) {
        try (Socket socket = server.accept()) {
            // a record of 16 KB begins (RFC 8446, 5.1)
            socket.getOutputStream().write(new byte[] {0x16, 0x03, 0x03, 0x40, 0x00});
            while (true) {
                socket.getOutputStream().write(0);
                socket.getOutputStream().flush();
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
        } catch (IOException e) {
            // the other side hung up
            return;
        }
    }

    @Test
    void slowsDownWhereItIsTooFast() throws IOException {
        try (var server = new ScriptedSmtp(Map.of("RCPT", "550 5.7.1 too many messages from your host"))) {
            Post post = new Post(server.port());

            assertThat(post.email.send(Post.message())).isInstanceOf(Retry.class);
            assertThat(post.refusals()).isEqualTo(1);
        }
    }

    @Test
    void isTriedAgainWhereNobodyListens() throws IOException {
        int port;
        try (var closed = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = closed.getLocalPort();
        }
        assertThat(new Post(port).email.send(Post.message())).isInstanceOf(Retry.class);
    }

    @Test
    void writesNothingAfterTheLeaseEnded() throws IOException {
        try (var server = new ScriptedSmtp(Map.of())) {
            OutboundMessage late = Post.message();
            late = new OutboundMessage(
                    late.attempt(),
                    late.to(),
                    late.sender(),
                    late.body(),
                    late.parts(),
                    late.locale(),
                    late.validity(),
                    Instant.now().minusSeconds(1));
            assertThat(new Post(server.port()).email.send(late))
                    .isInstanceOfSatisfying(
                            Retry.class, retry -> assertThat(retry.code()).isEqualTo("lease-ended"));
            assertThat(server.mails()).isEmpty();
        }
    }

    @Test
    void refusesAnAddressThatIsNone() throws IOException {
        try (var server = new ScriptedSmtp(Map.of())) {
            SendOutcome outcome = new Post(server.port())
                    .email.send(Post.message("ana@patients.example, eve@evil.example", "Hello", Map.of(), "en"));

            assertThat(outcome).isInstanceOf(Rejected.class);
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void hasNoListThatCouldSettleAnything() {
        assertThatThrownBy(() -> new Post(1).email.listSent(Post.message().to(), Instant.EPOCH))
                .isInstanceOf(ProviderUnavailable.class);
    }

    // ------------------------------------------------------------------------------- what is written

    @Test
    @DisplayName("K19: List-Unsubscribe by https and mail, one click, the postal address, Auto-Submitted")
    void saysHowToBeLeftInPeaceAndThatNoPersonWroteIt() throws Exception {
        Post post = new Post(1);
        MimeMessage mail = written(post, Post.message());

        assertThat(mail.getHeader("List-Unsubscribe", null))
                .contains("<https://journeys.example.org/e/u/", "<mailto:care+", "@mail.example?subject=unsubscribe>");
        assertThat(mail.getHeader("List-Unsubscribe-Post", null)).isEqualTo("List-Unsubscribe=One-Click");
        assertThat(mail.getHeader("Auto-Submitted", null)).isEqualTo("auto-generated");
        assertThat(mail.getMessageID()).isEqualTo("<01890000-0000-7000-8000-000000000001@mail.example>");
        assertThat(mail.getReplyTo()[0].toString()).contains("care+", "@mail.example");
        assertThat(part(mail, 0)).contains("100 Example Avenue, Denver, CO 80203", "https://journeys.example.org/e/u/");
        assertThat(part(mail, 1))
                .contains("100 Example Avenue", "prefers-color-scheme: dark", "lang=\"en\"", "dir=\"ltr\"");
    }

    @Test
    @DisplayName("R20: CR/LF in what a patient's data holds makes no header")
    void letsNoDataMakeAHeader() throws Exception {
        String evil = "Your visit\r\nBcc: eve@evil.example\r\n\r\nbody";
        MimeMessage mail = written(new Post(1), Post.message(Post.PATIENT, "Hello", Map.of("subject", evil), "en"));

        assertThat(mail.getHeader("Bcc")).isNull();
        assertThat(mail.getSubject()).isEqualTo("Your visit Bcc: eve@evil.example body");
        assertThat(mail.getAllRecipients()).hasSize(1);
        MimeMessage naive = new MimeMessage(
                null, new ByteArrayInputStream(("Subject: " + evil + "\r\n").getBytes(StandardCharsets.UTF_8)));
        boolean red = naive.getHeader("Bcc") != null;
        FaultReport.row("R20", "mail: MIME depth, charsets, notices, loops, CR/LF")
                .count(FaultReport.FUZZ, 1)
                .control("the subject written as it is", red);
        assertThat(red).isTrue();
    }

    @Test
    void escapesWhatItIsToldAndRunsFromRightToLeftWhereTheLanguageDoes() throws Exception {
        MimeMessage mail = written(
                new Post(1),
                Post.message(
                        Post.PATIENT,
                        "مرحبا <script>alert(1)</script>\nhttps://clinic.example/map?a=1&b=2.",
                        Map.of(),
                        "ar"));
        String html = part(mail, 1);

        assertThat(html).contains("dir=\"rtl\"", "lang=\"ar\"", "مرحبا").doesNotContain("<script>");
        assertThat(part(mail, 0)).contains("مرحبا", "https://clinic.example/map?a=1&b=2.");
    }

    @Test
    void notesClicksOnlyOnLinksItWroteAndLoadsOnePointOnlyWhereOpensAreNoted() throws Exception {
        OutboundMessage message = Post.message(Post.PATIENT, "See https://clinic.example/map", Map.of(), "en");
        Post post = new Post(1);
        String html = part(written(post, message), 1);
        String clicked = post.links.clicked(message.attempt(), "https://clinic.example/map");
        String[] path = clicked.substring(clicked.indexOf("/e/c/") + 5).split("/");

        assertThat(html).contains(clicked, "/e/o/").containsOnlyOnce("<img");
        assertThat(post.links.follow(path[0], path[1]).orElseThrow().to()).hasToString("https://clinic.example/map");
        String elsewhere = java.util.Base64.getUrlEncoder()
                .encodeToString("https://evil.example".getBytes(StandardCharsets.UTF_8));
        assertThat(post.links.follow(path[0], elsewhere)).as("no open redirect").isEmpty();
        assertThat(part(written(new Post(1, false), message), 1)).doesNotContain("<img", "/e/c/");
    }

    @Test
    void printsAnAttachmentAsATaggedPdfWithAFileNameThatNamesNobody() throws Exception {
        var parts = Map.of(
                "subject", "Your visit",
                "attachment",
                        "# Before your visit\n"
                                + "Hello Ana <img src=\"http://169.254.169.254/\"/>\n"
                                + "- Bring your list\n"
                                + "- Come early",
                "attachment-name", "Visit Information.pdf");
        MimeMessage mail = written(new Post(1), Post.message(Post.PATIENT, "See the letter.", parts, "en"));
        var attached = ((MimeMultipart) mail.getContent()).getBodyPart(1);

        assertThat(attached.getFileName()).isEqualTo("visit-information.pdf");
        try (var pdf = Loader.loadPDF(attached.getInputStream().readAllBytes())) {
            assertThat(new PDFTextStripper().getText(pdf)).contains("Before your visit", "Bring your list", "<img");
            assertThat(pdf.getDocumentCatalog().getMarkInfo().isMarked())
                    .as("tagged")
                    .isTrue();
            assertThat(pdf.getDocumentCatalog().getLanguage()).isEqualTo("en");
        }
    }

    @Test
    void saysInTheMailWhatItHasNoLettersToPrint() throws Exception {
        MimeMessage mail = written(new Post(1), Post.message(Post.PATIENT, "请看", Map.of("attachment", "请带药单"), "zh"));

        assertThat(part(mail, 0)).contains("请看", "请带药单");
    }

    // ------------------------------------------------------------------------------- tokens

    @Test
    void takesATokenOnlyForTheUseItWasMadeForAndInAnyCase() {
        MailTokens tokens = new MailTokens(Post.HASH);
        AttemptId attempt = new AttemptId(UUID.randomUUID());
        String token = tokens.of(MailTokens.Use.REPLY, attempt);

        assertThat(token).hasSize(MailTokens.LENGTH);
        assertThat(("care+" + token).length())
                .as("a local part has at most 64 characters")
                .isLessThanOrEqualTo(64);
        assertThat(tokens.read(MailTokens.Use.REPLY, token.toUpperCase(java.util.Locale.ROOT)))
                .contains(attempt);
        assertThat(tokens.read(MailTokens.Use.UNSUBSCRIBE, token)).isEmpty();
        char other = token.charAt(5) == 'a' ? 'b' : 'a';
        assertThat(tokens.read(MailTokens.Use.REPLY, token.substring(0, 5) + other + token.substring(6)))
                .isEmpty();
        assertThat(tokens.read(MailTokens.Use.REPLY, "")).isEmpty();
    }

    private static MimeMessage written(Post post, OutboundMessage message) throws Exception {
        var bytes = new java.io.ByteArrayOutputStream();
        post.composer.compose(Session.getInstance(new Properties()), message).writeTo(bytes);
        return new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(bytes.toByteArray()));
    }

    private static String part(MimeMessage mail, int number) throws Exception {
        return String.valueOf(
                ((MimeMultipart) mail.getContent()).getBodyPart(number).getContent());
    }

    private static String code(SendOutcome outcome) {
        return switch (outcome) {
            case Accepted accepted -> "";
            case Retry retry -> retry.code();
            case Rejected rejected -> rejected.code();
            case Unknown unknown -> unknown.code();
        };
    }
}
