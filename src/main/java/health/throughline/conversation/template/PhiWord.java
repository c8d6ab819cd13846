package health.throughline.conversation.template;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A word of a text, read so that case, accents, number and hidden characters make no difference.
 *
 * @param stem of the plain word, for singular and plural alike
 * @param sentence number of the sentence it stands in
 * @param comma whether a comma follows
 */
record PhiWord(String written, String plain, String stem, int sentence, boolean comma) {

    private static final int SHORTEST_STEMMED = 5;
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern INVISIBLE = Pattern.compile("\\p{Cf}+");
    private static final Pattern POSSESSIVE =
            Pattern.compile("(?<=\\p{L})['\u2019\u02bc]s\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");
    private static final Pattern ENDS_SENTENCE = Pattern.compile("[!?;\\n]|[.:](?:\\s|$)");

    boolean capitalised() {
        return Character.isUpperCase(written.codePointAt(0))
                && (written.length() == 1 || !written.equals(written.toUpperCase(Locale.ROOT)));
    }

    boolean number() {
        return Character.isDigit(plain.codePointAt(0));
    }

    /** The words of a text, which need not be {@link #readable} yet. */
    static List<PhiWord> of(String text) {
        return split(readable(text));
    }

    static List<PhiWord> split(String readable) {
        List<PhiWord> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(readable);
        Matcher end = ENDS_SENTENCE.matcher(readable);
        boolean more = matcher.find();
        int sentence = 0;
        while (more) {
            String written = matcher.group();
            int after = matcher.end();
            more = matcher.find();
            int next = more ? matcher.start() : readable.length();
            boolean comma = after < next && readable.charAt(after) == ',';
            String plain = written.toLowerCase(Locale.ROOT);
            String stem = stem(singular(written).toLowerCase(Locale.ROOT));
            words.add(new PhiWord(written, plain, stem, sentence, comma));
            if (end.region(after, next).find()) {
                sentence++;
            }
        }
        return words;
    }

    /** Without accents, hidden characters and letters of other scripts that look like ours. */
    static String readable(String text) {
        String plain = INVISIBLE
                .matcher(Normalizer.normalize(text, Normalizer.Form.NFKD))
                .replaceAll("");
        plain = POSSESSIVE.matcher(MARKS.matcher(plain).replaceAll("")).replaceAll("");
        StringBuilder letters = new StringBuilder(plain.length());
        plain.codePoints().map(PhiWord::latin).forEach(letters::appendCodePoint);
        return letters.toString();
    }

    /** Cyrillic and Greek letters that cannot be told from Latin ones (Unicode TS 39, confusables). */
    private static int latin(int letter) {
        int at =
                "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u03bf\u03b1\u0391\u0392\u0395\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a7"
                        .indexOf(letter);
        return at < 0 ? letter : "aeopcyxijABEKMHOPCTXoaABEHIKMNOPTX".charAt(at);
    }

    /** STDs, of STD. */
    static String singular(String written) {
        return written.length() > 2
                        && written.endsWith("s")
                        && Character.isUpperCase(written.charAt(written.length() - 2))
                ? written.substring(0, written.length() - 1)
                : written;
    }

    /** One form for singular and plural, English and Spanish; no word of a language. */
    static String stem(String word) {
        if (word.length() < SHORTEST_STEMMED) {
            return word;
        }
        String stem = word;
        if (stem.endsWith("ies")) {
            return stem.substring(0, stem.length() - 3) + "y";
        }
        if (stem.endsWith("s") && !stem.endsWith("ss") && !stem.endsWith("us") && !stem.endsWith("is")) {
            stem = stem.substring(0, stem.length() - 1);
        }
        return stem.endsWith("e") ? stem.substring(0, stem.length() - 1) : stem;
    }
}
