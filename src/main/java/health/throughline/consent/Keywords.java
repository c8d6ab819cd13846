package health.throughline.consent;

import health.throughline.consent.ConsentLedger.Keyword;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;

/**
 * Words that mean one thing when they are the whole message (K3, K4, K6); the content of {@code rules/keywords}.
 *
 * @param ownOptOut no carrier acts on these, only our ledger does
 * @param ownHelp no carrier answers these
 * @param carriers codes of the channels whose carrier answers the others itself
 * @param ownWording phrases against further messages in languages whose replies no rule reads; anywhere in the message
 */
record Keywords(
        List<String> optOut,
        List<String> ownOptOut,
        List<String> cancel,
        List<String> optIn,
        List<String> help,
        List<String> ownHelp,
        List<String> carriers,
        List<String> ownWording) {

    private static final int LONGEST = 40;
    private static final int LONGEST_WORDING = 500;

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
        return help.contains(word) || ownHelp.contains(word) ? Keyword.HELP : Keyword.NONE;
    }

    boolean answeredByCarrier(String channel, String text) {
        String word = bare(text);
        return text.length() <= LONGEST
                && carriers.contains(channel)
                && (optOut.contains(word) || cancel.contains(word) || optIn.contains(word) || help.contains(word));
    }

    boolean refuses(String text) {
        String folded = bare(text.length() > LONGEST_WORDING ? text.substring(0, LONGEST_WORDING) : text);
        return ownWording.stream().anyMatch(folded::contains);
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
