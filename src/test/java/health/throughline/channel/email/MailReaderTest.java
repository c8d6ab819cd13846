package health.throughline.channel.email;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.channel.AttachmentStore;
import health.throughline.channel.AttemptId;
import health.throughline.channel.email.MailReader.Letter;
import health.throughline.channel.email.MailReader.Notice;
import health.throughline.channel.email.MailReader.Parked;
import health.throughline.channel.email.MailReader.Read;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes into the mailbox, in the shapes that mail servers, absence notes, people and attackers give it. */
class MailReaderTest {

    private static final AttemptId ATTEMPT = new AttemptId(UUID.fromString("01890000-0000-7000-8000-000000000001"));

    private final Post post = new Post(1);

    @ParameterizedTest(name = "{0}: {1} {2}")
    @DisplayName("K19: a returned mail is known by RFC 3464 and by the words of servers that do not follow it")
    @CsvSource({
        "dsn-postfix-unknown,        RETURNED,  returned:address",
        "dsn-postfix-full,           RETURNED,  returned:full",
        "dsn-gmail-unknown,          RETURNED,  returned:address",
        "dsn-exchange-unknown,       RETURNED,  returned:address",
        "dsn-exchange-access-denied, RETURNED,  returned:address",
        "dsn-policy,                 RETURNED,  returned:refused",
        "dsn-expired,                RETURNED,  returned:late",
        "dsn-delayed,                DELAYED,   ''",
        "dsn-delivered,              DELIVERED, ''",
        "dsn-by-message-id-only,     RETURNED,  returned:address",
        "qmail-unknown,              RETURNED,  returned:address",
        "exim-unrouteable,           RETURNED,  returned:address",
        "provider-full-in-spanish,   RETURNED,  returned:full",
        "old-exchange-in-words,      RETURNED,  returned:address",
    })
    void knowsWhatBecameOfAMailOfOurs(String file, Returned.Became became, String code) throws IOException {
        assertThat(read(file)).isEqualTo(new Notice(ATTEMPT, new Returned(became, code)));
    }

    @Test
    void believesNoNoticeAboutAMailThatIsNotOurs() throws IOException {
        assertThat(read("dsn-about-a-strangers-mail")).isEqualTo(new Parked("notice-about-nothing-of-ours"));
    }

    @ParameterizedTest
    @DisplayName("K19: what a machine wrote is marked, whatever it says")
    @ValueSource(
            strings = {
                "auto-rfc3834",
                "auto-precedence",
                "auto-x-autoreply",
                "auto-outlook",
                "auto-spanish",
                "auto-german",
                "auto-chinese",
                "auto-japanese",
                "auto-russian",
                "auto-arabic",
                "auto-vietnamese"
            })
    void knowsAnAbsenceNote(String file) throws IOException {
        assertThat(read(file)).isInstanceOfSatisfying(Letter.class, letter -> {
            assertThat(letter.message().automatic()).isTrue();
            assertThat(letter.message().from().value()).isEqualTo("ana@patients.example");
        });
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "person-gmail,                  Yes,                    true,  ''",
        "person-outlook,                I need another day,     true,  ''",
        "person-spanish-iphone,         'Sí, gracias',          true,  ''",
        "person-html-only,              'Yes, I will come',     true,  ''",
        "person-latin1,                 'Sí, iré',              true,  ''",
        "person-latin1-declared-wrong,  S\uFFFD,                true,  ''",
        "person-by-references-only,     Yes,                    true,  ''",
        "person-out-of-the-blue,        Can somebody call me?,  false, ''",
        "person-subject-only,           STOP,                   true,  ''",
        "person-unsubscribes-by-mail,   unsubscribe,            true,  opt-out",
        "person-stop,                   STOP,                   true,  ''",
        "person-with-marks-and-nul,     yes,                    true,  ''",
    })
    void leavesWhatThePersonWroteAndKnowsWhatItAnswers(String file, String words, boolean answers, String choice)
            throws IOException {
        assertThat(read(file)).isInstanceOfSatisfying(Letter.class, letter -> {
            assertThat(letter.message().body()).isEqualTo(words);
            assertThat(letter.message().answers()).isEqualTo(answers ? ATTEMPT : null);
            assertThat(letter.message().choice()).isEqualTo(choice.isEmpty() ? null : choice);
            assertThat(letter.message().automatic()).isFalse();
        });
    }

    @Test
    void givesOneMailOneKeyHoweverOftenAndByWhichWayItComes() throws IOException {
        String first = key(read("person-gmail"));
        String again = key(post.reader.read(
                ("Received: from elsewhere\r\n" + source("person-gmail")).getBytes(StandardCharsets.UTF_8)));

        assertThat(again).isEqualTo(first);
        assertThat(key(read("person-outlook"))).isNotEqualTo(first);
    }

    @Test
    @DisplayName("R20: a loop ends: our own mail coming back is no letter, and a flood is a machine's")
    void endsLoops() throws IOException {
        String ours = source("person-out-of-the-blue")
                .replace("Ana Sample <Ana@Patients.example>", "Care <care@mail.example>");
        assertThat(post.reader.read(ours.getBytes(StandardCharsets.UTF_8))).isEqualTo(new Parked("loop"));

        String chatty = source("person-out-of-the-blue")
                .replace("Can somebody call me?", "I got your mail and will come back to you as soon as I can.");
        for (int i = 0; i < post.settings.hourly(); i++) {
            assertThat(automatic(post.reader.read(chatty.getBytes(StandardCharsets.UTF_8))))
                    .isFalse();
        }
        assertThat(automatic(post.reader.read(chatty.getBytes(StandardCharsets.UTF_8))))
                .isTrue();
        assertThat(automatic(read("person-stop"))).as("a STOP is never lost").isFalse();
    }

    @Test
    void setsSpamAsideUnlessItProvesToAnswerUs() throws IOException {
        assertThat(post.reader.read(
                        ("X-Spam-Flag: YES\n" + source("person-out-of-the-blue")).getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new Parked("spam"));
        assertThat(post.reader.read(("X-Spam-Flag: YES\n" + source("person-stop")).getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(Letter.class);
    }

    @Test
    @Timeout(20)
    @DisplayName("R20: MIME a thousand levels deep is read without a crash")
    void readsMimeAThousandLevelsDeep() {
        var mail = new StringBuilder("From: ana@patients.example\r\n"
                + "To: care@mail.example\r\n"
                + "Subject: deep\r\n"
                + "Message-ID: <deep@x>\r\n"
                + "MIME-Version: 1.0\r\n");
        for (int i = 0; i < 1_000; i++) {
            mail.append("Content-Type: multipart/mixed; boundary=\"b")
                    .append(i)
                    .append("\"\r\n\r\n--b")
                    .append(i)
                    .append("\r\n");
        }
        mail.append("Content-Type: text/plain\r\n\r\nSTOP\r\n");
        assertThat(post.reader.read(mail.toString().getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(Letter.class);
        String rfc822 = "From: a@b.example\r\nTo: c@d.example\r\nContent-Type: message/rfc822\r\n\r\n";
        assertThat(post.reader.read((rfc822.repeat(1_000) + "end").getBytes(StandardCharsets.UTF_8)))
                .isNotNull();
    }

    @ParameterizedTest
    @DisplayName("R20: what is broken is kept or set aside, never a crash")
    @ValueSource(
            strings = {
                "",
                "\r\n\r\n",
                "no header at all",
                "From: \r\n\r\nx",
                "From: <<<>>>\r\nContent-Type: ;;;\r\n\r\nx",
                "From: a@b.example\r\nContent-Type: multipart/mixed\r\n\r\nno boundary",
                "From: a@b.example\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
                "From: a@b.example\r\nContent-Type: text/plain; charset=\"\u0000\"\r\n\r\nx",
                "From: a@b.example\r\nSubject: =?utf-8?B?!!!?=\r\n\r\n",
                "From: a@b.example\rBcc: c@d.example\r\r\nx"
            })
    void survivesWhatIsBroken(String mail) {
        assertThat(post.reader.read(mail.getBytes(StandardCharsets.UTF_8))).isNotNull();
    }

    @Test
    @Timeout(30)
    @DisplayName("R20: mails broken at random")
    void survivesMailsBrokenAtRandom() throws IOException {
        Random random = new Random(20);
        byte[] whole = source("dsn-gmail-unknown").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 300; i++) {
            byte[] broken = whole.clone();
            for (int j = 0; j < 10; j++) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
            }
            assertThat(post.reader.read(broken)).isNotNull();
        }
    }

    @Test
    void keepsPicturesAndPdfsByTheirFirstBytesAndNothingElse() {
        String pdf = Base64.getEncoder().encodeToString("%PDF-1.7 made up".getBytes(StandardCharsets.UTF_8));
        String mail = """
            From: ana@patients.example
            To: care@mail.example
            Subject: card
            Message-ID: <a1@patients.example>
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary="b"

            --b
            Content-Type: text/plain

            My card
            --b
            Content-Type: image/png; name="../../etc/passwd"
            Content-Disposition: attachment; filename="../../etc/passwd"
            Content-Transfer-Encoding: base64

            %s
            --b--
            """.formatted(pdf);
        Letter letter = (Letter) post.reader.read(mail.getBytes(StandardCharsets.UTF_8));

        assertThat(letter.message().body()).isEqualTo("My card");
        assertThat(letter.attached())
                .singleElement()
                .satisfies(one -> assertThat(AttachmentStore.type(one.content()))
                        .as("what the mail says it is does not count")
                        .contains("application/pdf"));
        assertThat(AttachmentStore.type("MZ program".getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
        assertThat(AttachmentStore.type("PK archive".getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
        assertThat(AttachmentStore.type(new byte[0])).isEmpty();
    }

    @Test
    @Timeout(10)
    void takesNoLongTimeForALongMail() {
        String words = "on the day I wrote ".repeat(20_000);
        String mail = "From: mailer-daemon@x.example\r\nSubject: hello\r\n\r\n" + words;
        long start = System.nanoTime();
        assertThat(post.reader.read(mail.getBytes(StandardCharsets.UTF_8))).isNotNull();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    private Read read(String file) throws IOException {
        return post.reader.read(source(file).getBytes(StandardCharsets.UTF_8));
    }

    private String source(String file) throws IOException {
        try (InputStream in = MailReaderTest.class.getResourceAsStream("/mail/" + file + ".eml")) {
            assertThat(in).as(file).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("{{reply-address}}", post.settings.tagged(post.tokens.of(MailTokens.Use.REPLY, ATTEMPT)))
                    .replace(
                            "{{unsubscribe-address}}",
                            post.settings.tagged(post.tokens.of(MailTokens.Use.UNSUBSCRIBE, ATTEMPT)))
                    .replace("{{message-id}}", "<" + ATTEMPT + "@mail.example>")
                    .replace("\n", "\r\n");
        }
    }

    private static boolean automatic(Read read) {
        return ((Letter) read).message().automatic();
    }

    private static String key(Read read) {
        return ((Letter) read).message().providerId();
    }
}
