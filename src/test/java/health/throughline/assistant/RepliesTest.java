package health.throughline.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.assistant.ReplyExamples.Example;
import health.throughline.conversation.ReplyReader.Context;
import health.throughline.conversation.ReplyReader.Meaning;
import health.throughline.conversation.ReplyReader.Reading;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.LocalDateTime;
import java.time.Month;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepliesTest {

    private static final List<String> REFUSALS = List.of(
            "no",
            "not",
            "don't",
            "can't",
            "won't",
            "never",
            "cannot",
            "nunca",
            "tampoco",
            "no puedo",
            "todavía no",
            "not yet",
            "👎");
    private static final int LONGEST_REPLY = 1_600;
    private static final int WARM_UP = 100;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final RuleReplyReader reader = new RuleReplyReader();

    @ParameterizedTest
    @ValueSource(strings = {"en", "es"})
    void readsEveryDevelopmentExample(String language) {
        ReplyExamples replies = ReplyExamples.of("development", language);
        assertThat(replies.examples()).hasSizeGreaterThanOrEqualTo(80);
        List<String> wrong = new ArrayList<>();
        for (Example example : replies.examples()) {
            Reading reading = ReplyExamples.read(example.text(), replies.language());
            boolean right =
                    example.isFlagged() ? reading.redFlag() : !reading.redFlag() && example.means(reading.meaning());
            if (!right) {
                wrong.add("%s: expected %s, read %s%s %s"
                        .formatted(
                                example.text(),
                                example.expected(),
                                reading.meaning(),
                                reading.redFlag() ? " flagged" : "",
                                reading.wishes()));
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** F6: what is worked off first is what will be taken for danger, and finding that out costs next to nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"en", "es"})
    void seesAtAGlanceWhatIsReadAsDanger(String language) {
        List<String> texts = ReplyExamples.of("development", language).examples().stream()
                .map(Example::text)
                .toList();
        for (String text : texts) {
            assertThat(reader.mayBeDanger(text))
                    .as(text)
                    .isEqualTo(reader.read(text, new Context(null, null, null)).redFlag());
        }
        for (int i = 0; i < WARM_UP; i++) {
            texts.forEach(reader::mayBeDanger);
        }
        long began = THREADS.getCurrentThreadCpuTime();
        texts.forEach(reader::mayBeDanger);
        long each = (THREADS.getCurrentThreadCpuTime() - began) / texts.size();
        System.out.printf("A glance at a reply takes %d µs%n", each / 1_000);
        assertThat(each).isLessThan(500_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "es"})
    void neverReadsANegatedConfirmationAsOne(String language) {
        ReplyExamples replies = ReplyExamples.of("development", language);
        for (Example example : replies.meaning(Meaning.CONFIRM)) {
            for (String refusal : REFUSALS) {
                for (String separator : List.of(" ", ", ", ". ", "\n")) {
                    assertNoConfirmation(refusal + separator + example.text(), replies.language());
                    assertNoConfirmation(example.text() + separator + refusal, replies.language());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "es"})
    void neverReadsTwoMeaningsAsAConfirmation(String language) {
        ReplyExamples replies = ReplyExamples.of("development", language);
        List<Example> others = replies.examples().stream()
                .filter(example -> !example.means(Meaning.CONFIRM) && !example.means(Meaning.COURTESY))
                .toList();
        for (Example confirmation : replies.meaning(Meaning.CONFIRM)) {
            for (Example other : others) {
                for (String separator : List.of(" ", ". ")) {
                    assertNoConfirmation(confirmation.text() + separator + other.text(), replies.language());
                    assertNoConfirmation(other.text() + separator + confirmation.text(), replies.language());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "es"})
    void neverReadsAConfirmationWithAForeignWordInIt(String language) {
        ReplyExamples replies = ReplyExamples.of("development", language);
        for (Example example : replies.meaning(Meaning.CONFIRM)) {
            for (String word : List.of(
                    "only",
                    "after",
                    "late",
                    "Friday",
                    "10:30",
                    "9:30 pm",
                    "viernes",
                    "the 27th",
                    "solo",
                    "después",
                    "tarde",
                    "pero",
                    "but",
                    "zxqv",
                    "?",
                    "да",
                    "😭")) {
                assertNoConfirmation(example.text() + " " + word, replies.language());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "es"})
    void neverConfirmsWhereNothingIsAsked(String language) {
        for (Example example : ReplyExamples.of("development", language).examples()) {
            Reading reading = reader.read(example.text(), new Context(null, null, null));
            assertThat(reading.meaning()).as(example.text()).isNotEqualTo(Meaning.CONFIRM);
            if (example.means(Meaning.CONFIRM)) {
                assertThat(reading.meaning()).as(example.text()).isIn(Meaning.UNCLEAR, Meaning.COURTESY);
            } else if (!example.isFlagged()) {
                assertThat(reading.meaning()).as(example.text()).isEqualTo(Meaning.valueOf(example.expected()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Yes, see you Thursday",
                "yes thursday at 9:30 works for me",
                "Confirmed for Thursday, November 26th at 9:30 a.m.",
                "yes I will be there thursday at nine thirty thank you",
                "Sí, nos vemos el jueves a las 9 y media",
                "ahí estaré el jueves 26 a las 9:30 de la mañana",
                "Yes, this is Maria, I'll be there Thursday morning"
            })
    void takesTheTimeOfTheVisitForHarmlessOnlyWhereItIsKnown(String text) {
        assertThat(ReplyExamples.read(text, Locale.ENGLISH).meaning()).isEqualTo(Meaning.CONFIRM);
        assertThat(reader.read(text, new Context("confirm-visit", Locale.ENGLISH, null))
                        .meaning())
                .isEqualTo(Meaning.UNCLEAR);
        LocalDateTime otherDay = LocalDateTime.of(2026, Month.NOVEMBER, 24, 14, 15);
        assertThat(reader.read(text, new Context("confirm-visit", Locale.ENGLISH, otherDay))
                        .meaning())
                .isEqualTo(Meaning.UNCLEAR);
    }

    @Test
    void listsEveryWishWhenThereAreSeveral() {
        Reading reading = ReplyExamples.read("cancel my appointment, and stop texting me", Locale.ENGLISH);
        assertThat(reading.meaning())
                .as("a refusal is honoured, whatever else is wished")
                .isEqualTo(Meaning.OPT_OUT);
        assertThat(reading.wishes()).containsExactly(Meaning.CANCEL, Meaning.OPT_OUT);
        assertThat(ReplyExamples.read("yes but can we do Friday", Locale.ENGLISH)
                        .wishes())
                .containsExactly(Meaning.CONFIRM, Meaning.MOVE);
        assertThat(ReplyExamples.read("cancel", Locale.ENGLISH).wishes())
                .containsExactly(Meaning.CANCEL, Meaning.OPT_OUT);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3_590, 3_790, 3_990, 4_000, 7_600, 19_000})
    void overlooksNoDangerAndNoRefusalInALongText(int before) {
        String harmless = "the garden is fine ".repeat(1_100);
        String start = harmless.substring(0, before) + " ";
        var context = new Context(null, null, null);
        assertThat(reader.read(start + "I want to kill myself " + harmless.substring(before), context)
                        .redFlag())
                .isTrue();
        assertThat(reader.read(start + ". Please stop texting me. " + harmless, context)
                        .meaning())
                .isEqualTo(Meaning.OPT_OUT);
        assertThat(reader.read(harmless, context).redFlag()).isFalse();
        assertThat(reader.read(harmless, context).meaning()).isEqualTo(Meaning.UNCLEAR);
    }

    @Test
    void tellsTheLanguage() {
        assertThat(ReplyExamples.read("ahí estaré", Locale.ENGLISH).language()).isEqualTo("es");
        assertThat(ReplyExamples.read("I'll be there", Locale.of("es")).language())
                .isEqualTo("en");
        assertThat(ReplyExamples.read("ok", Locale.of("es")).language()).isEqualTo("es");
        assertThat(ReplyExamples.read("yes, ahí estaré", Locale.ENGLISH).language())
                .isEqualTo("mul");
        assertThat(reader.read("ok", new Context("confirm-visit", null, null)).language())
                .isNull();
    }

    @Test
    void doesNotQuoteThePatient() {
        assertThat(ReplyExamples.read("zxqv yes", Locale.ENGLISH).because()).doesNotContain("zxqv");
    }

    @Test
    void staysCalmWhateverIsTyped() {
        Random random = new Random(7);
        long whole = 0;
        long tenth = 0;
        List<String> words = List.of(
                "no", "stop", "can", "i", "the", "cancel", "que", "me", "pain", "sí", "dont", "text", "blood", "a");
        for (int round = 0; round < 400; round++) {
            StringBuilder text = new StringBuilder();
            while (text.length() < LONGEST_REPLY) {
                switch (round % 4) {
                    case 0 -> text.appendCodePoint(random.nextInt(Character.MAX_CODE_POINT + 1));
                    case 1 -> text.append((char) random.nextInt(0x2600));
                    case 2 ->
                        text.append(words.get(random.nextInt(words.size()))).append(' ');
                    default -> text.append((char) ('a' + random.nextInt(3)));
                }
            }
            long start = THREADS.getCurrentThreadCpuTime();
            Reading reading = ReplyExamples.read(text.substring(0, LONGEST_REPLY), Locale.ENGLISH);
            long between = THREADS.getCurrentThreadCpuTime();
            ReplyExamples.read(text.substring(0, LONGEST_REPLY / 10), Locale.ENGLISH);
            assertThat(reading.meaning()).isNotEqualTo(Meaning.CONFIRM);
            if (round >= WARM_UP) {
                whole += between - start;
                tenth += THREADS.getCurrentThreadCpuTime() - between;
            }
        }
        assertThat((double) whole / tenth)
                .as("time for ten times the text, where 10 is linear")
                .isLessThan(40);
        assertThat(ReplyExamples.read("", Locale.ENGLISH).meaning()).isEqualTo(Meaning.UNCLEAR);
        assertThat(ReplyExamples.read("y".repeat(LONGEST_REPLY), Locale.ENGLISH).meaning())
                .isNotNull();
    }

    private static void assertNoConfirmation(String text, Locale language) {
        assertThat(ReplyExamples.read(text, language).meaning()).as(text).isNotEqualTo(Meaning.CONFIRM);
    }
}
