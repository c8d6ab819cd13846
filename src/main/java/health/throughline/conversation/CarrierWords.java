package health.throughline.conversation;

import health.throughline.channel.Channel;
import health.throughline.consent.ConsentLedger;
import health.throughline.consent.ConsentLedger.Keyword;

/** The exact words that carriers act on. Somebody who says "cancel" in a call speaks of the visit: no carrier hears it. */
final class CarrierWords {

    private CarrierWords() {}

    static Keyword in(String text, Channel channel, ConsentLedger ledger) {
        Keyword keyword = ledger.keyword(text);
        boolean carriersOnly = keyword == Keyword.CANCEL || keyword == Keyword.HELP;
        return carriersOnly && channel.equals(Channel.VOICE) ? Keyword.NONE : keyword;
    }
}
