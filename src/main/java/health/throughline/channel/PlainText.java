package health.throughline.channel;

/**
 * What somebody outside wrote, as text: without NUL and other control characters, and without marks that turn its direction around and
 * show a person other words than a program reads (Unicode Technical Report 36, 2.5). Line ends and tabs stay.
 */
public final class PlainText {

    private PlainText() {}

    public static String of(String text) {
        var clean = new StringBuilder(text.length());
        text.replace("\r\n", "\n")
                .replace('\r', '\n')
                .codePoints()
                .filter(character -> !Character.isISOControl(character) || character == '\n' || character == '\t')
                // an unpaired surrogate is no character and cannot be stored
                .filter(character -> character < Character.MIN_SURROGATE || character > Character.MAX_SURROGATE)
                .filter(character -> !turnsAround(character))
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    /** The embeddings, overrides and isolates of Unicode Standard Annex 9. */
    private static boolean turnsAround(int character) {
        return character >= 0x202A && character <= 0x202E || character >= 0x2066 && character <= 0x2069;
    }
}
