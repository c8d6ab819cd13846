package health.throughline.channel.twilio;

/** Patient text without NUL and other control characters; line ends and tabs stay. */
public final class PlainText {

    private PlainText() {}

    public static String of(String text) {
        var clean = new StringBuilder(text.length());
        text.codePoints()
                .filter(character -> !Character.isISOControl(character)
                        || character == '\n'
                        || character == '\r'
                        || character == '\t')
                // an unpaired surrogate is no character and cannot be stored
                .filter(character -> character < Character.MIN_SURROGATE || character > Character.MAX_SURROGATE)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }
}
