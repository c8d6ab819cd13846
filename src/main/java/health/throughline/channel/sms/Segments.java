package health.throughline.channel.sms;

/**
 * Counts the segments a text is sent and billed in: GSM-7 (3GPP TS 23.038) with 160 septets, or 153 each when joined; anything
 * outside that alphabet turns the whole text into UCS-2 with 70 units, or 67 each when joined.
 */
final class Segments {

    private static final int GSM_SINGLE = 160;
    private static final int GSM_JOINED = 153;
    private static final int UCS2_SINGLE = 70;
    private static final int UCS2_JOINED = 67;

    private static final String BASIC = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
            + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    /** Reached through the escape character, so each takes two septets. */
    private static final String EXTENSION = "\f^{}\\[~]|€";

    private Segments() {}

    static int of(String text) {
        return isGsm(text) ? gsm(text) : ucs2(text);
    }

    static boolean isGsm(String text) {
        return text.chars().allMatch(unit -> BASIC.indexOf(unit) >= 0 || EXTENSION.indexOf(unit) >= 0);
    }

    private static int gsm(String text) {
        int total = text.chars().map(Segments::septets).sum();
        if (total <= GSM_SINGLE) {
            return 1;
        }
        return packed(text.chars().map(Segments::septets).toArray(), GSM_JOINED);
    }

    private static int ucs2(String text) {
        if (text.length() <= UCS2_SINGLE) {
            return 1;
        }
        return packed(text.codePoints().map(Character::charCount).toArray(), UCS2_JOINED);
    }

    /** A character that does not fit wholly goes to the next segment. */
    private static int packed(int[] widths, int size) {
        int segments = 1;
        int used = 0;
        for (int width : widths) {
            if (used + width > size) {
                segments++;
                used = 0;
            }
            used += width;
        }
        return segments;
    }

    private static int septets(int character) {
        return EXTENSION.indexOf(character) >= 0 ? 2 : 1;
    }
}
