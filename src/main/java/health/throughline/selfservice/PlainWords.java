package health.throughline.selfservice;

/** What somebody typed, without NUL and other control characters; line ends and tabs stay. */
final class PlainWords {

    private PlainWords() {}

    static String of(String text) {
        var clean = new StringBuilder(text.length());
        text.codePoints()
                .filter(character -> !Character.isISOControl(character) || character == '\n' || character == '\t')
                // an unpaired surrogate is no character and cannot be stored
                .filter(character -> character < Character.MIN_SURROGATE || character > Character.MAX_SURROGATE)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }
}
