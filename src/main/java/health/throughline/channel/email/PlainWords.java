package health.throughline.channel.email;

/** Text without NUL and other control characters, and without marks that turn its direction around; line ends and tabs stay. */
final class PlainWords {

    private PlainWords() {}

    static String of(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints()
                .filter(point -> !Character.isISOControl(point) || point == '\n' || point == '\t')
                .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
                .filter(point -> (point < 0x202A || point > 0x202E) && (point < 0x2066 || point > 0x2069))
                .forEach(clean::appendCodePoint);
        return clean.toString().strip();
    }
}
