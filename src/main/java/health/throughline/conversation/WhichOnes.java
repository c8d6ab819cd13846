package health.throughline.conversation;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which of the numbered visits an answer names: "2 only", "solo la 2", "1 and 3", "all". Every word must be one of these; with any other
 * it is no choice, and a person or another question has to settle what was meant.
 *
 * @param numbers none where all are meant
 * @param only says that the others are not
 */
record WhichOnes(SortedSet<Integer> numbers, boolean all, boolean only) {

    private static final int LONGEST = 60;
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern BETWEEN = Pattern.compile("[\\s,.;:!&+/()#-]+");
    private static final Pattern DIGIT = Pattern.compile("[1-9]");

    private static final Map<String, Integer> NUMBERS = Map.ofEntries(
            Map.entry("one", 1),
            Map.entry("two", 2),
            Map.entry("three", 3),
            Map.entry("four", 4),
            Map.entry("five", 5),
            Map.entry("first", 1),
            Map.entry("second", 2),
            Map.entry("third", 3),
            Map.entry("uno", 1),
            Map.entry("una", 1),
            Map.entry("dos", 2),
            Map.entry("tres", 3),
            Map.entry("cuatro", 4),
            Map.entry("cinco", 5),
            Map.entry("primera", 1),
            Map.entry("primero", 1),
            Map.entry("segunda", 2),
            Map.entry("segundo", 2),
            Map.entry("tercera", 3),
            Map.entry("tercero", 3));
    private static final Set<String> ALL = Set.of("all", "both", "todas", "todos", "ambas", "ambos");
    private static final Set<String> ONLY = Set.of("only", "just", "solo", "solamente", "unicamente");
    private static final Set<String> BESIDE = Set.of(
            "yes",
            "yeah",
            "ok",
            "okay",
            "si",
            "and",
            "y",
            "the",
            "la",
            "el",
            "las",
            "los",
            "number",
            "numbers",
            "numero",
            "numeros",
            "visit",
            "visits",
            "visita",
            "visitas",
            "for",
            "para",
            "please",
            "por",
            "favor",
            "thanks",
            "thank",
            "you",
            "gracias",
            "of",
            "them",
            "confirm",
            "confirmo");
    /** Words with which a change is wished; the reading has to have found the wish itself. */
    private static final Set<String> CHANGE =
            Set.of("cancel", "cancelar", "cancele", "move", "mover", "change", "cambiar", "reschedule");

    /** @param change whether the answer was read as a wish to cancel or to move */
    static Optional<WhichOnes> of(String text, boolean change) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        var numbers = new TreeSet<Integer>();
        boolean all = false;
        boolean only = false;
        for (String word : words(text)) {
            Integer number = DIGIT.matcher(word).matches() ? Integer.valueOf(word) : NUMBERS.get(word);
            if (number != null) {
                numbers.add(number);
            } else if (ALL.contains(word)) {
                all = true;
            } else if (ONLY.contains(word)) {
                only = true;
            } else if (!BESIDE.contains(word) && !(change && CHANGE.contains(word))) {
                return Optional.empty();
            }
        }
        boolean chosen = all != !numbers.isEmpty();
        return chosen ? Optional.of(new WhichOnes(numbers, all, only)) : Optional.empty();
    }

    private static String[] words(String text) {
        String plain = MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKD))
                .replaceAll("")
                .toLowerCase(Locale.ROOT);
        return BETWEEN.matcher(plain).replaceAll(" ").strip().split(" ");
    }
}
