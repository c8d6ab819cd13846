package health.throughline.consent;

import health.throughline.consent.ConsentLedger.Keyword;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;

/**
 * Words that mean one thing when they are the whole message (K3, K4, K6); the content of {@code rules/keywords}.
 *
 * @param ownOptOut no carrier acts on these, only our ledger does
 */
record Keywords(
        List<String> optOut, List<String> ownOptOut, List<String> cancel, List<String> optIn, List<String> help) {

    private static final int LONGEST = 40;

    Keyword of(String text) {
        if (text.length() > LONGEST) {
            return Keyword.NONE;
        }
        String word = bare(text);
        if (optOut.contains(word) || ownOptOut.contains(word)) {
            return Keyword.OPT_OUT;
        }
        if (cancel.contains(word)) {
            return Keyword.CANCEL;
        }
        if (optIn.contains(word)) {
            return Keyword.OPT_IN;
        }
        return help.contains(word) ? Keyword.HELP : Keyword.NONE;
    }

    /** Without case, surrounding space, invisible characters and surrounding punctuation. */
    private static String bare(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC)
                .replaceAll("[\\p{Cf}\\p{Cc}&&[^\\s]]", "")
                .strip()
                .replaceAll("^[\\p{P}\\s]+|[\\p{P}\\s]+$", "")
                .replaceAll("\\s+", " ")
                .toUpperCase(Locale.ROOT);
    }
}
