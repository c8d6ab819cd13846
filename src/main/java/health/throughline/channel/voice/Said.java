package health.throughline.channel.voice;

import health.throughline.channel.PlainText;
import health.throughline.channel.twilio.FormParameters;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/**
 * What was pressed or said while we listened; both empty where nothing was.
 *
 * @param sure words the provider is less sure of are not acted on; those that tell of danger always are
 */
record Said(String key, String words, boolean sure) {

    private static final int MAX_WORDS = 1000;
    private static final double SURE_ENOUGH = 0.4;

    /** No greeting is as short as that and made of nothing else. */
    private static final int MOST_WORDS_THAT_OPEN = 3;

    private static final Set<String> OPENS = Set.of(
            "yes",
            "yeah",
            "yep",
            "yup",
            "ok",
            "okay",
            "sure",
            "please",
            "hello",
            "hi",
            "hey",
            "speaking",
            "s\u00ed",
            "si",
            "claro",
            "hola",
            "bueno",
            "al\u00f3",
            "alo",
            "diga",
            "d\u00edgame",
            "digame");

    static Said of(FormParameters heard) {
        String digits = heard.value("Digits");
        String words = PlainText.of(heard.value("SpeechResult")).strip();
        return new Said(
                digits.isEmpty() ? "" : digits.substring(0, 1),
                words.substring(0, Math.min(MAX_WORDS, words.length())),
                sure(heard.value("Confidence")));
    }

    /** Whether it is what a person says who is asked whether they are there, and nothing else. */
    boolean opens() {
        String[] each = words.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}]+", " ")
                .strip()
                .split(" ");
        return sure
                && each.length <= MOST_WORDS_THAT_OPEN
                && Arrays.stream(each).allMatch(OPENS::contains);
    }

    private static boolean sure(String confidence) {
        try {
            return confidence.isBlank() || Double.parseDouble(confidence) >= SURE_ENOUGH;
        } catch (NumberFormatException e) {
            return true;
        }
    }
}
