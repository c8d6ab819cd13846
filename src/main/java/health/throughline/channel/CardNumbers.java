package health.throughline.channel;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Finds the numbers of payment cards in what people write, and leaves only their last four digits (K20): 13 to 19 digits of any script
 * that pass the Luhn check, together or in groups with spaces, dashes, dots and the like between them.
 */
public final class CardNumbers {

    private static final int SHORTEST = 13;
    private static final int LONGEST = 19;
    private static final int KEPT = 4;
    /** So many signs between two digits still leave them one number. */
    private static final int WIDEST_GAP = 3;

    private static final String MASK = "****";
    private static final String REMOVED = "[left out: it held a card number]";

    private CardNumbers() {}

    /** @param end behind the digit */
    private record Digit(int start, int end, int value) {}

    /** A row of digits without anything between them. */
    private record Group(int first, int last) {}

    /** The text with every card number masked; the same text where there is none. */
    public static String mask(String text) {
        List<Digit> digits = digits(text);
        if (digits.size() < SHORTEST) {
            return text;
        }
        StringBuilder masked = new StringBuilder();
        int copied = 0;
        int from = 0;
        while (from < digits.size()) {
            int to = from;
            while (to + 1 < digits.size() && joined(text, digits.get(to), digits.get(to + 1))) {
                to++;
            }
            for (Group card : cards(digits, from, to)) {
                masked.append(text, copied, digits.get(card.first()).start()).append(MASK);
                for (int kept = card.last() - KEPT + 1; kept <= card.last(); kept++) {
                    masked.append(digits.get(kept).value());
                }
                copied = digits.get(card.last()).end();
            }
            from = to + 1;
        }
        return copied == 0 ? text : masked.append(text, copied, text.length()).toString();
    }

    /**
     * What came over the wire, masked where the card stands in plain sight or in a form's field; left out as a whole where the text that
     * was read from it held a card and no trace of it was found there.
     *
     * @param text what was read from it
     */
    public static String maskRaw(String raw, String text) {
        String masked = mask(formFields(raw));
        return masked.equals(raw) && !mask(text).equals(text) ? REMOVED : masked;
    }

    private static String formFields(String raw) {
        if (raw.indexOf('=') < 0) {
            return raw;
        }
        return Arrays.stream(raw.split("&", -1)).map(CardNumbers::formField).collect(Collectors.joining("&"));
    }

    private static String formField(String field) {
        int equals = field.indexOf('=');
        if (equals < 0) {
            return field;
        }
        try {
            String value = URLDecoder.decode(field.substring(equals + 1), StandardCharsets.UTF_8);
            String masked = mask(value);
            return masked.equals(value)
                    ? field
                    : field.substring(0, equals + 1) + URLEncoder.encode(masked, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return field;
        }
    }

    private static List<Digit> digits(String text) {
        List<Digit> digits = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int point = text.codePointAt(at);
            int end = at + Character.charCount(point);
            if (Character.isDigit(point)) {
                digits.add(new Digit(at, end, Character.digit(point, 10)));
            }
            at = end;
        }
        return digits;
    }

    private static boolean joined(String text, Digit one, Digit next) {
        String between = text.substring(one.end(), next.start());
        return between.codePointCount(0, between.length()) <= WIDEST_GAP
                && between.codePoints().allMatch(CardNumbers::separates);
    }

    private static boolean separates(int point) {
        return switch (Character.getType(point)) {
            case Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.DASH_PUNCTUATION,
                    Character.CONNECTOR_PUNCTUATION,
                    Character.FORMAT,
                    // the rings and selectors of digits drawn as keys
                    Character.ENCLOSING_MARK,
                    Character.NON_SPACING_MARK -> true;
            default -> ". \t\r\n/*|\u00b7\u2022\u2212,".indexOf(point) >= 0;
        };
    }

    /** The cards among joined digits: they begin and end where a group does, and no digit belongs to two. */
    private static List<Group> cards(List<Digit> digits, int from, int to) {
        List<Group> cards = new ArrayList<>();
        int first = from;
        while (first <= to) {
            int last = lastOfCard(digits, first, to, from);
            if (last >= 0) {
                cards.add(new Group(first, last));
                first = last + 1;
            } else {
                first++;
            }
        }
        return cards;
    }

    /** The longest that begins there; -1 where none does. */
    private static int lastOfCard(List<Digit> digits, int first, int to, int from) {
        boolean inside =
                first > from && digits.get(first - 1).end() == digits.get(first).start();
        if (inside) {
            return -1;
        }
        for (int length = LONGEST; length >= SHORTEST; length--) {
            int last = first + length - 1;
            if (last <= to
                    && (last == to
                            || digits.get(last).end() != digits.get(last + 1).start())
                    && passes(digits, first, last)) {
                return last;
            }
        }
        return -1;
    }

    private static boolean passes(List<Digit> digits, int first, int last) {
        int sum = 0;
        boolean doubled = false;
        boolean onlyZeros = true;
        for (int at = last; at >= first; at--) {
            int value = digits.get(at).value();
            onlyZeros &= value == 0;
            int counted = doubled ? value * 2 : value;
            sum += counted > 9 ? counted - 9 : counted;
            doubled = !doubled;
        }
        return !onlyZeros && sum % 10 == 0;
    }
}
