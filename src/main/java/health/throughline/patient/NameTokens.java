package health.throughline.patient;

import java.text.Normalizer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.codec.language.DoubleMetaphone;
import org.jspecify.annotations.Nullable;

/**
 * What a name is found by although it is stored encrypted: the beginnings of its words and how they sound. {@link JdbcNameTokens} keeps
 * only keyed hashes of these.
 */
final class NameTokens {

    static final String PREFIX = "prefix";
    static final String PHONETIC = "phonetic";
    static final String BIRTH_DATE = "birth_date";

    private static final int SHORTEST_PREFIX = 2;
    private static final int LONGEST_PREFIX = 6;
    private static final int SHORTEST_SOUND = 3;
    private static final int MOST_WORDS = 8;
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern NO_LETTERS = Pattern.compile("[^\\p{L}\\p{N}]+");

    private NameTokens() {}

    record Token(String kind, String value) {}

    /** Everything a patient of that name and date of birth can be found by. */
    static Set<Token> of(String givenName, String familyName, @Nullable LocalDate birthDate) {
        var tokens = new LinkedHashSet<Token>();
        for (String word : words(givenName + " " + familyName)) {
            for (int length = Math.min(SHORTEST_PREFIX, word.length());
                    length <= Math.min(LONGEST_PREFIX, word.length());
                    length++) {
                tokens.add(new Token(PREFIX, word.substring(0, length)));
            }
            tokens.addAll(sounds(word));
        }
        if (birthDate != null) {
            tokens.add(new Token(BIRTH_DATE, birthDate.toString()));
        }
        return tokens;
    }

    /** For each searched word the tokens of which one must be there. */
    static List<Set<Token>> searched(String text) {
        var wanted = new ArrayList<Set<Token>>();
        for (String part : text.strip().split("\\s+", MOST_WORDS + 1)) {
            LocalDate date = date(part);
            if (date != null) {
                wanted.add(Set.of(new Token(BIRTH_DATE, date.toString())));
                continue;
            }
            for (String word : words(part)) {
                var any = new LinkedHashSet<Token>();
                any.add(new Token(PREFIX, word.substring(0, Math.min(LONGEST_PREFIX, word.length()))));
                any.addAll(sounds(word));
                wanted.add(any);
            }
        }
        return wanted.size() > MOST_WORDS ? wanted.subList(0, MOST_WORDS) : wanted;
    }

    private static List<String> words(String text) {
        String plain = MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKD))
                .replaceAll("")
                .toLowerCase(Locale.ROOT);
        var words = new ArrayList<String>();
        for (String word : NO_LETTERS.split(plain)) {
            if (!word.isEmpty() && words.size() < MOST_WORDS) {
                words.add(word);
            }
        }
        return words;
    }

    private static Set<Token> sounds(String word) {
        var sounds = new LinkedHashSet<Token>();
        if (word.length() >= SHORTEST_SOUND) {
            var metaphone = new DoubleMetaphone();
            for (boolean alternate : new boolean[] {false, true}) {
                String sound = metaphone.doubleMetaphone(word, alternate);
                if (sound != null && sound.length() > 1) {
                    sounds.add(new Token(PHONETIC, sound));
                }
            }
        }
        return sounds;
    }

    private static @Nullable LocalDate date(String text) {
        try {
            return LocalDate.parse(text);
        } catch (java.time.DateTimeException e) {
            return null;
        }
    }
}
