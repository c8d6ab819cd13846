package health.throughline.assistant;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells the language of a reply by the words that only one language has. */
record LanguageGuess(Map<String, Set<String>> vocabulary) {

    /** The tag for more than one language. */
    static final String MIXED = "mul";

    @Nullable
    String of(List<Word> words, @Nullable Locale fallback) {
        List<String> found = vocabulary.keySet().stream()
                .filter(language -> words.stream().anyMatch(word -> isOnlyIn(language, word)))
                .toList();
        return switch (found.size()) {
            case 0 -> fallback == null ? null : fallback.getLanguage();
            case 1 -> found.getFirst();
            default -> MIXED;
        };
    }

    private boolean isOnlyIn(String language, Word word) {
        return vocabulary.entrySet().stream()
                .allMatch(entry ->
                        entry.getValue().contains(word.text()) == entry.getKey().equals(language));
    }
}
