package health.throughline.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import health.throughline.FaultReport;
import health.throughline.FaultTest;
import health.throughline.channel.AttachmentStore;
import health.throughline.channel.AttemptId;
import health.throughline.channel.InboundMessage.Doubt;
import health.throughline.channel.email.MailReader.Letter;
import health.throughline.channel.email.MailReader.Notice;
import health.throughline.channel.email.MailReader.Parked;
import health.throughline.channel.email.MailReader.Read;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
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
@FaultTest
class MailReaderTest {

    private static final AttemptId ATTEMPT = new AttemptId(UUID.fromString("01890000-0000-7000-8000-000000000001"));

    private static final FaultReport.Row ROW =
            FaultReport.row("R20", "mail: MIME depth, charsets, notices, loops, CR/LF");
    private static final int BROKEN = FaultReport.form(300, 20_000);

    /** As much as is read of a part, and somewhat more. */
    private static final int HOSTILE = 270_000;

    private final Post post = new Post(1);

    @ParameterizedTest(name = "{0}: {1} {2}")
    @DisplayName("K19: a returned mail is known by RFC 3464 and by the words of servers that do not follow it")
    @CsvSource({
        "dsn-postfix-unknown,        RETURNED,  returned:address",
        "dsn-postfix-full,           RETURNED,  returned:full",
        "dsn-gmail-unknown,          RETURNED,  returned:address",
        "dsn-exchange-unknown,       RETURNED,  returned:address",
        "dsn-exchange-access-denied, RETURNED,  returned:address",
        "dsn-policy,                 RETURNED,  returned:us",
        "dsn-unavailable,            RETURNED,  returned:refused",
        "dsn-with-signed-headers,    RETURNED,  returned:address",
        "qmail-with-signed-copy,     RETURNED,  returned:address",
        "dsn-listed,                 RETURNED,  returned:us",
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
    @ValueSource(strings = {"auto-rfc3834", "auto-precedence", "auto-x-autoreply", "auto-spanish-marked"})
    void knowsAnAbsenceNote(String file) throws IOException {
        assertThat(read(file)).isInstanceOfSatisfying(Letter.class, letter -> {
            assertThat(letter.message().automatic()).isTrue();
            assertThat(letter.message().from().value()).isEqualTo("ana@patients.example");
        });
    }

    @ParameterizedTest
    @DisplayName("K19: what only its subject tells for a machine's may be a person's, and goes to one")
    @ValueSource(
            strings = {
                "auto-outlook",
                "auto-spanish",
                "auto-german",
                "auto-chinese",
                "auto-japanese",
                "auto-russian",
                "auto-arabic",
                "auto-vietnamese"
            })
    void takesNoSubjectAloneForAMachines(String file) throws IOException {
        assertThat(read(file)).isInstanceOfSatisfying(Letter.class, letter -> {
            assertThat(letter.message().automatic()).isFalse();
            assertThat(letter.message().doubt()).isEqualTo(Doubt.MAY_BE_AUTOMATIC);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I am out of town on Tuesday",
                "Vacation next week – please move my visit",
                "Absent on Friday",
            })
    void losesNoWordOfAPersonWhoIsAway(String subject) throws IOException {
        String mail = source("person-stop").replace("Subject: Re: Your visit", "Subject: " + subject);
        assertThat(post.reader.read(mail.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(Letter.class, letter -> {
                    assertThat(letter.message().automatic()).isFalse();
                    assertThat(letter.message().body()).isEqualTo(subject + "\nSTOP");
                    assertThat(letter.message().doubt()).isEqualTo(Doubt.MAY_BE_AUTOMATIC);
                });
    }

    @Test
    void tellsThatItReadNotAll() throws IOException {
        assertThat(doubt(source("person-gmail").replace("Yes\r\n", "Yes " + "and ".repeat(8_000) + "\r\n")))
                .isEqualTo("INCOMPLETE");
        String many = "--b\r\nContent-Type: image/png\r\n\r\nx\r\n".repeat(11);
        assertThat(doubt(source("person-stop")
                        .replaceAll("(?s)MIME-Version.*", "")
                        .concat(
                                "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nYes\r\n"
                                        + many + "--b--\r\n")))
                .isEqualTo("INCOMPLETE");
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
        "person-out-of-the-blue,        'A question\nCan somebody call me?', false, ''",
        "person-subject-only,           STOP,                   true,  ''",
        "person-unsubscribes-by-mail,   unsubscribe,            true,  opt-out",
        "person-stop,                   STOP,                   true,  ''",
        "person-stops-below-the-quote,  STOP,                   true,  ''",
        "person-stops-below-in-html,    STOP,                   true,  ''",
        "person-above-an-unmarked-quote, 'Yes',                 true,  ''",
        "person-unmarked-quote-only,    (an e-mail without words), true, ''",
        "person-between-the-lines,      'Yes\nNo ride, sorry',  true,  ''",
        "person-attaches-a-mail,        See the attached mail,  true,  ''",
        "person-forwards-a-notice,      What does this mean?,   true,  ''",
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

    @ParameterizedTest(name = "{0} with {1}: {2}")
    @DisplayName(
            "K3: who wrote is proven by our own mail server or by the signed address of a mail that went to them, and by nothing a sender can write")
    @CsvSource(
            delimiter = '|',
            value = {
                "person-out-of-the-blue    | ''                                                                    | UNPROVEN",
                "person-by-references-only | ''                                                                    | UNPROVEN",
                "person-gmail              | ''                                                                    | ''",
                "person-out-of-the-blue    | mx.mail.example; dmarc=pass header.from=patients.example              | ''",
                "person-out-of-the-blue    | MX.mail.example 1; spf=fail (a; dmarc=fail) smtp.mailfrom=x; dmarc=pass (p=none) header.from=patients.example | ''",
                "person-out-of-the-blue    | mx.mail.example; dmarc=fail header.from=patients.example              | UNPROVEN",
                "person-out-of-the-blue    | mx.mail.example; dmarc=none header.from=patients.example              | UNPROVEN",
                "person-out-of-the-blue    | mx.mail.example; dmarc=pass header.from=evil.example                  | UNPROVEN",
                "person-out-of-the-blue    | mx.mail.example; spf=pass (dmarc=pass) smtp.mailfrom=evil.example     | UNPROVEN",
                "person-out-of-the-blue    | mx.mail.example; spf=fail reason=\"; dmarc=pass \"                  | UNPROVEN",
                "person-out-of-the-blue    | mx.evil.example; dmarc=pass header.from=patients.example              | UNPROVEN",
                "person-out-of-the-blue    | mx.mail.example; none                                                 | UNPROVEN",
            })
    void believesTheSignedAddressAndOurOwnServer(String file, String verdict, String doubt) throws IOException {
        String header = verdict.isEmpty() ? "" : "Authentication-Results: " + verdict + "\r\n";
        assertThat(doubt(header + source(file))).isEqualTo(doubt);
    }

    @ParameterizedTest(name = "{0}, {1}: {2}")
    @DisplayName("K3: a signed address speaks for whom that mail went to, and for nobody else after From")
    @CsvSource(
            delimiter = '|',
            value = {
                "person-gmail                 | ''                                                    | ELSEWHERE",
                "person-gmail                 | mx.mail.example; dmarc=none header.from=else.example  | ELSEWHERE",
                "person-gmail                 | mx.mail.example; dmarc=pass header.from=else.example  | ''",
                "person-gmail                 | mx.mail.example; dmarc=fail header.from=else.example  | ELSEWHERE_IN_DOUBT",
                "person-gmail                 | mx.mail.example; dmarc=pass header.from=evil.example  | ELSEWHERE_IN_DOUBT",
                "person-stop                  | mx.mail.example; dmarc=fail header.from=else.example  | ELSEWHERE_IN_DOUBT",
                "person-unsubscribes-by-mail  | ''                                                    | ELSEWHERE",
                "auto-outlook                 | ''                                                    | ELSEWHERE_IN_DOUBT",
            })
    void believesNobodyElseForASignedAddress(String file, String verdict, String doubt) throws IOException {
        String header = verdict.isEmpty() ? "" : "Authentication-Results: " + verdict + "\r\n";
        String mail = source(file).replaceAll("(?mi)^From: .*$", "From: Bo <bo@else.example>");
        assertThat(doubt(header + mail)).isEqualTo(doubt);
        assertThat(post.reader.read((header + mail).getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        Letter.class,
                        letter -> assertThat(letter.message().answers()).isEqualTo(ATTEMPT));
    }

    @Test
    void believesOnlyTheTopmostVerdictOfOurServerAndOnlyAboutOneSender() throws IOException {
        String pass = "Authentication-Results: mx.mail.example; dmarc=pass header.from=patients.example\r\n";
        String fail = "Authentication-Results: mx.mail.example; dmarc=fail header.from=patients.example\r\n";
        String others = "Authentication-Results: mx.evil.example; dmarc=pass header.from=patients.example\r\n";
        String mail = source("person-out-of-the-blue");

        assertThat(doubt(others + pass + mail)).as("others do not count").isEmpty();
        assertThat(doubt(fail + pass + mail))
                .as("what lies below came with the mail")
                .isEqualTo("UNPROVEN");
        assertThat(doubt(pass + "From: eve@evil.example\r\n" + mail)).isEqualTo("UNPROVEN");
        assertThat(doubt(pass + mail.replace("From: ", "From: eve@evil.example, ")))
                .isEqualTo("UNPROVEN");
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
        Read fromElsewhere =
                new Post(1).reader.read(source("person-out-of-the-blue").getBytes(StandardCharsets.UTF_8));
        ROW.control("our own address not known again", fromElsewhere instanceof Letter);

        String chatty = source("person-out-of-the-blue")
                .replace("Can somebody call me?", "I got your mail and will come back to you as soon as I can.");
        for (int i = 0; i < post.settings.hourly(); i++) {
            assertThat(doubt(another(chatty, i))).isEqualTo("UNPROVEN");
        }
        for (int i = 0; i < post.settings.hourly(); i++) {
            assertThat(doubt(another(chatty, 0))).as("read again").isEqualTo("UNPROVEN");
        }
        assertThat(doubt(chatty))
                .as("a person has it, nothing is answered, and it proves no more than before")
                .isEqualTo("UNPROVEN_AND_MANY");
        assertThat(doubt(source("person-stop"))).as("a STOP is never lost").isEmpty();
    }

    @Test
    @DisplayName("R20: whatever others write under a patient's address, the patient's own mail is read")
    void losesNoMailOfWhomOthersWriteAs() throws IOException {
        String forged = source("person-out-of-the-blue").replace("Can somebody call me?", "All is well. ".repeat(10));
        for (int i = 0; i <= 10 * post.settings.hourly(); i++) {
            post.reader.read(another(forged, i).getBytes(StandardCharsets.UTF_8));
        }
        String own =
                source("person-gmail").replace("Yes\r\n", "I have had chest pain since this morning, please call\r\n");
        for (int i = 0; i < post.settings.hourly(); i++) {
            assertThat(doubt(another(own, i))).as("answers as ever").isEmpty();
        }
        assertThat(doubt(own)).isEqualTo("MAY_BE_AUTOMATIC");
        assertThat(automatic(post.reader.read(own.getBytes(StandardCharsets.UTF_8))))
                .isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("K3: a subject of the writer's own is read with the words below it; that of an answer is ours")
    @CsvSource({
        "STOP,                              true",
        "chest pain since this morning,     true",
        "Reminder letters,                  true",
        "Re: Your visit,                    false",
        "RE : Your visit,                   false",
        "AW: Your visit,                    false",
        "SV: Your visit,                    false",
        "Re[2]: Your visit,                 false",
        "Fwd: Your visit,                   false",
        "回复：Your visit,                    false",
    })
    void readsASubjectOfTheirOwn(String subject, boolean theirs) throws IOException {
        String mail = source("person-out-of-the-blue")
                .replace("Subject: A question", "Subject: " + subject)
                .replace("Can somebody call me?", "please call me");
        assertThat(((Letter) post.reader.read(mail.getBytes(StandardCharsets.UTF_8)))
                        .message()
                        .body())
                .isEqualTo((theirs ? subject + "\n" : "") + "please call me");
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
    @Timeout(120)
    @DisplayName("R20: mails broken at random")
    void survivesMailsBrokenAtRandom() throws IOException {
        Random random = new Random(20);
        byte[] whole = source("dsn-gmail-unknown").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < BROKEN; i++) {
            byte[] broken = whole.clone();
            for (int j = 0; j < 10; j++) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
            }
            assertThat(post.reader.read(broken)).isNotNull();
        }
        ROW.count(FaultReport.FUZZ, BROKEN).count(FaultReport.SERVER_FAULTS, 0);
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

        assertThat(letter.message().body()).isEqualTo("card\nMy card");
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

    @ParameterizedTest(name = "{0}")
    @DisplayName("R20: what is written to keep a reader busy is read in time, and so is the STOP behind it")
    @CsvSource(
            delimiter = '|',
            value = {
                "text/plain | -",
                "text/plain | >",
                "text/plain | *",
                "text/plain | .",
                "text/plain | _",
                "text/plain | @",
                "text/plain | <line end>",
                "text/plain | x<line end>",
                "text/plain | -<line end>",
                "text/plain | x<once><line end>b<line end>",
                "text/plain | x<once><line end><line end><line end><line end><line end><line end><line end><line end>>",
                "text/plain | from:<line end>",
                "text/plain | from: <once><space>",
                "text/plain | from: <once>@",
                "text/plain | on <once><space>",
                "text/plain | on a day I wrote:<line end>",
                "text/plain | on a day I wrote:<space>",
                "text/html  | <p>",
                "text/html  | <b><p>",
                "text/html  | <div>",
                "text/html  | <style></style>",
                "text/html  | <blockquote>",
                "text/html  | <div id=divRplyFwdMsg></div><once><p>",
                "text/html  | <div id=divRplyFwdMsg></div><once><p>a<b>b</b>c</p>",
                "text/html  | <div id=divRplyFwdMsg></div>",
                "text/html  | <div id=divRplyFwdMsg>",
                "text/html  | <div class=gmail_quote>",
                "text/html  | <div class=gmail_quote></div>",
            })
    void readsHostileTextInTime(String type, String pattern) {
        String[] parts =
                pattern.replace("<line end>", "\r\n").replace("<space>", " ").split("<once>");
        String once = parts.length > 1 ? parts[0] : "";
        String body = once + parts[parts.length - 1].repeat(HOSTILE / parts[parts.length - 1].length()) + "a\r\n";
        String mail =
                "From: ana@patients.example\r\nTo: care@mail.example\r\nMessage-ID: <h@x>\r\nMIME-Version: 1.0\r\n"
                        + "Content-Type: " + type.strip() + "\r\n\r\n" + body;
        Read read = assertTimeoutPreemptively(
                Duration.ofSeconds(3), () -> post.reader.read(mail.getBytes(StandardCharsets.UTF_8)));
        assertThat(read).isInstanceOf(Letter.class);
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("R20: a head of some megabytes is read in time")
    @ValueSource(
            strings = {
                "To: a@b.example\r\n",
                "To: <once>a@b.example, ",
                "Subject: <once> ",
                "Subject: <once>=?utf-8?q?a?= ",
                "Subject: <once>a\r\n ",
                "Cc: <once>(",
                "Cc: <once>\"\\",
                "References: <x@y>\r\n",
                "Content-Type: multipart/mixed; boundary=c; <once>a=b; ",
                "Content-Disposition: attachment; <once>a*0*=b; ",
                "Authentication-Results: mx.mail.example; dmarc=pass (\r\n",
            })
    void readsAHostileHeadInTime(String pattern) {
        String[] parts = pattern.split("<once>");
        String once = parts.length > 1 ? parts[0] : "";
        String mail = "From: ana@patients.example\r\nMessage-ID: <h@x>\r\n" + once
                + parts[parts.length - 1].repeat(3_000_000 / parts[parts.length - 1].length()) + "\r\n\r\nSTOP\r\n";
        Read read = assertTimeoutPreemptively(
                Duration.ofSeconds(5), () -> post.reader.read(mail.getBytes(StandardCharsets.UTF_8)));
        assertThat(read).isInstanceOf(Letter.class);
    }

    @Test
    @DisplayName("R20: a mail of a million parts costs no more memory than its size tells")
    void buildsNoMorePartsThanItReads() {
        byte[] mail =
                ("From: ana@patients.example\r\nTo: care@mail.example\r\nMessage-ID: <h@x>\r\nMIME-Version: 1.0\r\n"
                                + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSTOP\r\n"
                                + "--b\r\n\r\n".repeat(300_000)
                                + "--b--\r\n")
                        .getBytes(StandardCharsets.UTF_8);
        var memory = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = memory.getCurrentThreadAllocatedBytes();
        Read read = post.reader.read(mail);

        assertThat(memory.getCurrentThreadAllocatedBytes() - before)
                .as("bytes for a mail of " + mail.length)
                .isLessThan(20L * mail.length);
        assertThat(read).isInstanceOfSatisfying(Letter.class, letter -> {
            assertThat(letter.message().body()).startsWith("STOP");
            assertThat(letter.message().doubt()).isNotNull();
        });
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

    private static String another(String mail, int number) {
        return mail.replaceFirst("(?mi)^Message-ID: <", "Message-ID: <" + number + "-");
    }

    private String doubt(String mail) {
        var doubt = ((Letter) post.reader.read(mail.getBytes(StandardCharsets.UTF_8)))
                .message()
                .doubt();
        return doubt == null ? "" : doubt.name();
    }

    private static boolean automatic(Read read) {
        return ((Letter) read).message().automatic();
    }

    private static String key(Read read) {
        return ((Letter) read).message().providerId();
    }
}
