package health.throughline.assistant;

import health.throughline.conversation.ReplyReader.Meaning;
import java.util.Locale;
import java.util.Optional;

/** What a phrase of the rules tells; in the order in which words are claimed. */
enum Kind {
    RED_FLAG,
    CARRIER_CANCEL,
    OPT_OUT,
    WRONG_NUMBER,
    /** Something only a person can judge: a death, a visit already cancelled, "call me". */
    PERSON,
    /** Why somebody cannot come; its negation is not one of the wish. */
    REASON,
    MOVE,
    CANCEL,
    HEDGE,
    POLITE,
    COURTESY,
    QUESTION,
    /** The day or hour of the visit itself, see {@link VisitPhrases}. */
    VISIT,
    CONFIRM,
    FILLER;

    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The wish it stands for. */
    Optional<Meaning> wish() {
        return Optional.ofNullable(
                switch (this) {
                    case CARRIER_CANCEL, OPT_OUT -> Meaning.OPT_OUT;
                    case WRONG_NUMBER -> Meaning.WRONG_NUMBER;
                    case MOVE -> Meaning.MOVE;
                    case CANCEL -> Meaning.CANCEL;
                    case QUESTION -> Meaning.QUESTION;
                    case CONFIRM -> Meaning.CONFIRM;
                    case RED_FLAG, PERSON, REASON, HEDGE, POLITE, COURTESY, VISIT, FILLER -> null;
                });
    }

    /** Harmless beside a confirmation. */
    boolean belongsToConfirmation() {
        return this == CONFIRM || this == COURTESY || this == VISIT || this == FILLER;
    }
}
