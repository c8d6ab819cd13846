package health.throughline.assistant;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A row of elements as {@code replies.yaml} explains them. Matching is bounded: a gap spans three words, a phrase two gaps. */
final class Phrase {

    static final int NO_MATCH = -1;
    private static final String UNACCENTED = "=";
    private static final int GAP = 3;

    private final List<Element> elements;
    private final boolean wholeMessage;

    private Phrase(List<Element> elements, boolean wholeMessage) {
        this.elements = elements;
        this.wholeMessage = wholeMessage;
    }

    static Phrase of(String source, Map<String, Set<String>> classes) {
        List<Element> elements = Arrays.stream(source.strip().split("\\s+"))
                .map(part -> Element.of(part, classes))
                .toList();
        if (elements.stream().noneMatch(Element::required)) {
            throw new IllegalArgumentException("The phrase \"" + source + "\" would match nothing at all.");
        }
        return new Phrase(elements, source.startsWith("^"));
    }

    /** Every word that is written out in this phrase, stems apart. */
    Set<String> literals() {
        Set<String> literals = new HashSet<>();
        elements.forEach(element -> {
            literals.addAll(element.literals);
            literals.addAll(element.unaccented);
        });
        return literals;
    }

    List<String> stems() {
        List<String> stems = new ArrayList<>();
        elements.forEach(element -> stems.addAll(element.stems));
        return stems;
    }

    /** Words written out where a match may begin. */
    Set<String> beginnings() {
        Set<String> beginnings = new HashSet<>();
        leading().forEach(element -> {
            beginnings.addAll(element.literals);
            beginnings.addAll(element.unaccented);
        });
        return beginnings;
    }

    /** A match may begin with a word that is not written out. */
    boolean beginsOpen() {
        return leading().stream()
                .anyMatch(element ->
                        element.kind == Kind.GAP || element.anyUnknown || element.anyName || !element.stems.isEmpty());
    }

    /** The elements up to the first that must be there. */
    private List<Element> leading() {
        int required = 0;
        while (!elements.get(required).required()) {
            required++;
        }
        return elements.subList(0, required + 1);
    }

    /** May begin with this word; a cheap look before {@link #end}. */
    boolean mayBeginWith(Word word) {
        for (Element element : elements) {
            if (element.accepts(word)) {
                return true;
            }
            if (element.required()) {
                return false;
            }
        }
        return false;
    }

    /** Index behind the longest match that begins at {@code start} and takes no word of {@code taken}. */
    int end(Reply reply, int start, boolean[] taken, Set<String> light) {
        return end(reply, new Place(start, taken, light), 0, start);
    }

    private record Place(int start, boolean[] taken, Set<String> light) {}

    private int end(Reply reply, Place place, int element, int index) {
        if (element == elements.size()) {
            return index > place.start() ? index : NO_MATCH;
        }
        Element current = elements.get(element);
        return switch (current.kind) {
            case START -> index == 0 ? end(reply, place, element + 1, index) : NO_MATCH;
            case END -> index == reply.words().size() ? end(reply, place, element + 1, index) : NO_MATCH;
            case CLAUSE_START -> beginsClause(reply, place, index) ? end(reply, place, element + 1, index) : NO_MATCH;
            case CLAUSE_END -> free(reply, place, index, false) ? NO_MATCH : end(reply, place, element + 1, index);
            case GAP -> gap(reply, place, element, index);
            case WORD -> word(reply, place, element, index, current);
        };
    }

    private int word(Reply reply, Place place, int element, int index, Element current) {
        if (free(reply, place, index, true) && current.accepts(reply.words().get(index))) {
            int end = end(reply, place, element + 1, index + 1);
            if (end != NO_MATCH) {
                return end;
            }
        }
        return current.optional ? end(reply, place, element + 1, index) : NO_MATCH;
    }

    private int gap(Reply reply, Place place, int element, int index) {
        for (int width = 0; width <= GAP; width++) {
            int end = end(reply, place, element + 1, index + width);
            if (end != NO_MATCH) {
                return end;
            }
            if (!free(reply, place, index + width, true)) {
                return NO_MATCH;
            }
        }
        return NO_MATCH;
    }

    private boolean free(Reply reply, Place place, int index, boolean untaken) {
        List<Word> words = reply.words();
        return index < words.size()
                && !(untaken && place.taken()[index])
                && (wholeMessage
                        || words.get(index).clause() == words.get(place.start()).clause());
    }

    private static boolean beginsClause(Reply reply, Place place, int index) {
        for (int i = index - 1;
                i >= 0
                        && reply.words().get(i).clause()
                                == reply.words().get(place.start()).clause();
                i--) {
            if (!place.light().contains(reply.words().get(i).text())) {
                return false;
            }
        }
        return true;
    }

    private enum Kind {
        WORD,
        GAP,
        START,
        END,
        CLAUSE_START,
        CLAUSE_END
    }

    /** One place in a phrase. */
    private record Element(
            Kind kind,
            boolean optional,
            Set<String> literals,
            Set<String> unaccented,
            List<String> stems,
            boolean anyUnknown,
            boolean anyName) {

        static Element of(String source, Map<String, Set<String>> classes) {
            Kind kind = switch (source) {
                case ".." -> Kind.GAP;
                case "^" -> Kind.START;
                case "$" -> Kind.END;
                case "~" -> Kind.CLAUSE_START;
                case ";" -> Kind.CLAUSE_END;
                default -> Kind.WORD;
            };
            if (kind != Kind.WORD) {
                return new Element(kind, false, Set.of(), Set.of(), List.of(), false, false);
            }
            boolean optional = source.startsWith("(");
            Set<String> literals = new HashSet<>();
            Set<String> unaccented = new HashSet<>();
            List<String> stems = new ArrayList<>();
            boolean anyUnknown = false;
            boolean anyName = false;
            for (String part : (optional ? source.substring(1, source.length() - 1) : source).split("\\|")) {
                if (part.equals("@word")) {
                    anyUnknown = true;
                    literals.addAll(known(classes, "given"));
                } else if (part.equals("@Name")) {
                    anyName = true;
                    literals.addAll(known(classes, "given"));
                } else if (part.startsWith("@")) {
                    literals.addAll(known(classes, part.substring(1)));
                } else if (part.startsWith(UNACCENTED)) {
                    unaccented.add(part.substring(1));
                } else if (part.endsWith("*")) {
                    stems.add(part.substring(0, part.length() - 1));
                } else {
                    literals.add(part);
                }
            }
            return new Element(
                    kind,
                    optional,
                    Set.copyOf(literals),
                    Set.copyOf(unaccented),
                    List.copyOf(stems),
                    anyUnknown,
                    anyName);
        }

        private static Set<String> known(Map<String, Set<String>> classes, String name) {
            Set<String> words = classes.get(name);
            if (words == null) {
                throw new IllegalArgumentException("There is no class of words \"" + name + "\".");
            }
            return words;
        }

        boolean required() {
            return kind == Kind.WORD && !optional;
        }

        boolean accepts(Word word) {
            return literals.contains(word.text())
                    || literals.contains(word.accented())
                    || (!unaccented.isEmpty() && unaccented.contains(word.accented()))
                    || (anyUnknown && !word.known())
                    || (anyName && !word.known() && word.capitalised())
                    || (!stems.isEmpty() && stems.stream().anyMatch(word.text()::startsWith));
        }
    }
}
