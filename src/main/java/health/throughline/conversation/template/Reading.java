package health.throughline.conversation.template;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How hard a text is to read. English: grade level by Flesch and Kincaid (1975), 0.39 words per sentence + 11.8 syllables per word - 15.59.
 * Spanish: perspicuity by Szigriszt-Pazos (1993), 206.835 - 62.3 syllables per word - words per sentence, read on the INFLESZ scale of
 * Barrio-Cantalejo (2008).
 *
 * @param words none where there are too few to say anything
 */
public record Reading(int words, int sentences, int syllables) {

    /** Up to here a text may be hard (K14). */
    public static final double HIGHEST_GRADE = 6;

    /** Below it the INFLESZ scale calls a text somewhat difficult. */
    public static final double LOWEST_SPANISH = 55;

    private static final int FEWEST_WORDS = 5;

    private static final Pattern SENTENCE_END = Pattern.compile("[.!?\u2026\n]+(?=\\s|$)|\n+");
    private static final Pattern WORD = Pattern.compile("\\p{L}+(?:['\u2019]\\p{L}+)*");
    private static final Pattern VOWELS = Pattern.compile("[aeiouy]+");
    private static final Pattern SILENT_END = Pattern.compile("(?<=[^aeiouy])(?:e|es|ed)$");
    private static final Pattern SPOKEN_END = Pattern.compile("(?:[^aeiouylrw]l[e]s?|[td]ed|[sxz]es|[cgs]hes|[cg]es)$");
    private static final Pattern APART =
            Pattern.compile("(?:ia(?!l|n)|io(?!n|us)|ism$|ua(?!r|g)|eo(?!n|us)|creat|iet)");
    private static final String STRONG = "aeo\u00e1\u00e9\u00f3";
    private static final String STRESSED_WEAK = "\u00ed\u00fa";
    private static final String WEAK = "iu\u00fc";

    /** Words without a vowel, and a few that the rules of thumb get wrong and every reminder uses. */
    private static final List<String> TWO_SYLLABLES = List.of("every", "being", "people", "minute", "office", "today");

    /** @param text without its variables: names and numbers are no measure of how it is written */
    public static Reading english(String text) {
        return measure(text, Reading::englishSyllables);
    }

    public static Reading spanish(String text) {
        return measure(text, Reading::spanishSyllables);
    }

    /** Whether there is enough to measure. */
    public boolean enough() {
        return words >= FEWEST_WORDS;
    }

    /** English only. */
    public double grade() {
        return Math.max(0, 0.39 * words / sentences + 11.8 * syllables / words - 15.59);
    }

    /** Spanish only: 0 to 100, the higher the easier. */
    public double perspicuity() {
        return Math.clamp(206.835 - 62.3 * syllables / words - (double) words / sentences, 0, 100);
    }

    /** The INFLESZ band of {@link #perspicuity}. */
    public String band() {
        double score = perspicuity();
        if (score > 80) {
            return "very easy";
        } else if (score > 65) {
            return "fairly easy";
        } else if (score >= LOWEST_SPANISH) {
            return "normal";
        } else {
            return score >= 40 ? "somewhat difficult" : "very difficult";
        }
    }

    private interface Syllables {
        int of(String word);
    }

    private static Reading measure(String text, Syllables count) {
        int words = 0;
        int sentences = 0;
        int syllables = 0;
        for (String sentence : SENTENCE_END.split(text)) {
            Matcher matcher = WORD.matcher(sentence);
            int here = 0;
            while (matcher.find()) {
                here++;
                syllables += count.of(matcher.group().toLowerCase(Locale.ROOT));
            }
            if (here > 0) {
                sentences++;
                words += here;
            }
        }
        return new Reading(words, Math.max(1, sentences), syllables);
    }

    static int englishSyllables(String written) {
        String word = written.replaceAll("['\u2019](?=s|t|re|ve|ll|d|m)", "").replaceAll("^y", "j");
        if (TWO_SYLLABLES.contains(word)) {
            return 2;
        }
        String rest = SPOKEN_END.matcher(word).find()
                ? word
                : SILENT_END.matcher(word).replaceAll("");
        int count = 0;
        Matcher vowels = VOWELS.matcher(rest);
        while (vowels.find()) {
            count++;
        }
        Matcher apart = APART.matcher(rest);
        while (apart.find()) {
            count++;
        }
        return Math.max(1, count);
    }

    /** A strong vowel or a stressed weak one is a syllable; a weak one beside a vowel joins it. */
    static int spanishSyllables(String word) {
        String plain = Normalizer.normalize(word, Normalizer.Form.NFC)
                .replaceAll("qu(?=[ei\u00e9\u00ed])", "q")
                .replaceAll("gu(?=[ei\u00e9\u00ed])", "g")
                .replaceAll("y$", "i")
                .replaceAll("^y$", "i");
        int count = 0;
        boolean joined = false;
        for (int n = 0; n < plain.length(); n++) {
            char letter = plain.charAt(n);
            if (STRONG.indexOf(letter) >= 0 || STRESSED_WEAK.indexOf(letter) >= 0) {
                count += joined ? 0 : 1;
                joined = false;
            } else if (WEAK.indexOf(letter) >= 0) {
                boolean after = n > 0 && STRONG.indexOf(plain.charAt(n - 1)) >= 0;
                if (!after && !joined) {
                    count++;
                    joined = true;
                }
            } else {
                joined = false;
            }
        }
        return Math.max(1, count);
    }
}
