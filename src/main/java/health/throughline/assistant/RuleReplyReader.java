package health.throughline.assistant;

import health.throughline.conversation.ReplyReader;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Reads replies by fixed rules, English and Spanish. A confirmation is only read where every word belongs to one; whatever the rules do
 * not know is doubt.
 */
@Component
class RuleReplyReader implements ReplyReader {

    private static final String RULES = "/assistant/replies.yaml";
    /** Longer than any phrase that matters. */
    private static final int OVERLAP = 400;

    /** More than any channel keeps of a message. */
    private static final int MOST_PIECES = 20;

    private static final Set<Kind> REQUESTS = EnumSet.of(Kind.OPT_OUT, Kind.CARRIER_CANCEL, Kind.MOVE, Kind.CANCEL);

    private final ReplyRules rules = ReplyRules.load(RULES);
    private final LanguageGuess language = new LanguageGuess(rules.vocabulary());

    @Override
    public Reading read(String text, Context context) {
        List<String> pieces = pieces(text);
        Reading first = readPiece(pieces.getFirst(), pieces.size() > 1, context);
        boolean redFlag = first.redFlag();
        boolean refuses = refuses(first);
        for (String piece : pieces.subList(1, pieces.size())) {
            Reading more = readPiece(piece, false, context);
            redFlag |= more.redFlag();
            refuses |= refuses(more);
        }
        if (redFlag) {
            return new Reading(
                    Meaning.UNCLEAR,
                    true,
                    first.language(),
                    "May be in danger: call at once.",
                    refuses ? List.of(Meaning.OPT_OUT) : List.of());
        }
        return pieces.size() > 1 && refuses
                ? new Reading(
                        Meaning.OPT_OUT,
                        false,
                        first.language(),
                        "Wants no more messages, in a text far longer than an answer.",
                        List.of(Meaning.OPT_OUT, Meaning.UNCLEAR))
                : first;
    }

    /** What may not be overlooked is looked for in all of a text, a piece after the other, and where two pieces meet. */
    private static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        for (int start = 0; ; start += ReplyCutter.LONGEST_TEXT - OVERLAP) {
            int end = Math.min(text.length(), start + ReplyCutter.LONGEST_TEXT);
            pieces.add(text.substring(start, end));
            if (end == text.length() || pieces.size() == MOST_PIECES) {
                return pieces;
            }
        }
    }

    private static boolean refuses(Reading reading) {
        return reading.wishes().contains(Meaning.OPT_OUT) && reading.redFlag()
                || reading.meaning() == Meaning.OPT_OUT
                || reading.meaning() == Meaning.WRONG_NUMBER && reading.wishes().contains(Meaning.OPT_OUT);
    }

    private Reading readPiece(String text, boolean cutShort, Context context) {
        Reply reply = rules.cutter().cut(text);
        Claims claims = new Claims(reply, rules, VisitPhrases.of(context.visit()));
        String tag = language.of(reply.words(), context.language());
        if (claims.kinds().contains(Kind.RED_FLAG) || hasDangerTogether(reply)) {
            return new Reading(
                    Meaning.UNCLEAR,
                    true,
                    tag,
                    "May be in danger: call at once.",
                    refuses(claims) ? List.of(Meaning.OPT_OUT) : List.of());
        }
        Found found = judge(claims, cutShort);
        Found settled = context.question() == null ? withoutQuestion(found, claims) : found;
        return new Reading(settled.meaning, false, tag, settled.because, settled.wishes);
    }

    /** Danger undoes no refusal in the same message. */
    private boolean refuses(Claims claims) {
        Found found = judge(claims, false);
        return found.meaning == Meaning.OPT_OUT
                || found.meaning == Meaning.WRONG_NUMBER && found.wishes.contains(Meaning.OPT_OUT);
    }

    @Override
    public boolean mayBeDanger(String text) {
        return pieces(text).stream()
                .map(rules.cutter()::cut)
                .anyMatch(reply -> Claims.tells(Kind.RED_FLAG, reply, rules) || hasDangerTogether(reply));
    }

    /** @param wishes only where there was more than one */
    private record Found(Meaning meaning, String because, List<Meaning> wishes) {
        Found(Meaning meaning, String because) {
            this(meaning, because, List.of());
        }
    }

    private Found judge(Claims claims, boolean cutShort) {
        Set<Meaning> wishes = wishes(claims);
        if (wishes.size() > 1) {
            return severalWishes(wishes, claims);
        }
        if (cutShort && !wishes.contains(Meaning.OPT_OUT)) {
            return new Found(Meaning.UNCLEAR, "Far longer than an answer, so a person should read it.");
        }
        if (wishes.isEmpty()) {
            return withoutWish(claims);
        }
        return oneWish(wishes.iterator().next(), claims);
    }

    private Set<Meaning> wishes(Claims claims) {
        Set<Meaning> wishes = EnumSet.noneOf(Meaning.class);
        claims.kinds().forEach(kind -> kind.wish().ifPresent(wishes::add));
        if (claims.of(Kind.CONFIRM).stream().allMatch(claim -> claims.follows(claim, Kind.QUESTION))) {
            wishes.remove(Meaning.CONFIRM);
        }
        boolean onlyCannotCome =
                claims.of(Kind.CANCEL).stream().noneMatch(claim -> claims.contains(claim, words("cancelling")));
        if (wishes.contains(Meaning.MOVE) && onlyCannotCome) {
            wishes.remove(Meaning.CANCEL);
        }
        if (claims.asksBeside(REQUESTS) || asksAboutCancelling(claims)) {
            wishes.add(Meaning.QUESTION);
        }
        if (isClinical(claims)) {
            wishes.remove(Meaning.OPT_OUT);
            wishes.add(Meaning.QUESTION);
        }
        if (claims.of(Kind.CONFIRM).stream().anyMatch(claims::isAsked)
                && wishes.equals(EnumSet.of(Meaning.CONFIRM, Meaning.QUESTION))) {
            wishes.remove(Meaning.CONFIRM);
        }
        return wishes;
    }

    /** "Cancel?" asks; "can you cancel it?" wishes. */
    private boolean asksAboutCancelling(Claims claims) {
        return claims.of(Kind.CANCEL).stream()
                .anyMatch(claim -> claims.isAsked(claim) && !claims.inClauseOf(claim, words("requesting")));
    }

    /** "Should I stop …" asks for advice, whatever follows. */
    private boolean isClinical(Claims claims) {
        return !claims.of(Kind.OPT_OUT).isEmpty()
                && claims.of(Kind.OPT_OUT).stream()
                        .allMatch(claim -> claims.inClauseOf(
                                        claim, word -> words("advice").contains(word.text()))
                                .filter(index -> index < claim.start())
                                .isPresent());
    }

    private static Found severalWishes(Set<Meaning> wishes, Claims claims) {
        List<Meaning> listed = new ArrayList<>(wishes);
        if (wishes.equals(EnumSet.of(Meaning.OPT_OUT, Meaning.WRONG_NUMBER))) {
            return new Found(
                    Meaning.WRONG_NUMBER, "Somebody else has this number and wants no more messages on it.", listed);
        }
        if (wishes.contains(Meaning.OPT_OUT) && claims.of(Kind.OPT_OUT).stream().noneMatch(claims::isNegated)) {
            return new Found(Meaning.OPT_OUT, "Wants no more messages, and says something besides.", listed);
        }
        return new Found(Meaning.UNCLEAR, "More than one wish in one message.", listed);
    }

    private Found withoutWish(Claims claims) {
        if (claims.kinds().contains(Kind.COURTESY)
                && claims.everyWordIs(kind -> kind == Kind.COURTESY || kind == Kind.FILLER)) {
            return new Found(Meaning.COURTESY, "Polite words that answer nothing.");
        }
        if (claims.kinds().contains(Kind.HEDGE)) {
            return new Found(Meaning.UNCLEAR, "Not certain yet, or only under a condition.");
        }
        return new Found(Meaning.UNCLEAR, "No wish that the rules can tell.");
    }

    private static Found oneWish(Meaning wish, Claims claims) {
        return switch (wish) {
            case CONFIRM -> confirmation(claims);
            case CANCEL -> request(Meaning.CANCEL, "Cannot come and wants the visit cancelled.", claims, Kind.CANCEL);
            case MOVE -> request(Meaning.MOVE, "Wants another day or time.", claims, Kind.MOVE);
            case OPT_OUT -> optOut(claims);
            case WRONG_NUMBER -> new Found(Meaning.WRONG_NUMBER, "Says that this is not the patient's number.");
            case QUESTION -> new Found(Meaning.QUESTION, "Asks something before answering.");
            case COURTESY, UNCLEAR -> throw new IllegalStateException(wish + " is not a wish");
        };
    }

    private static Found confirmation(Claims claims) {
        if (claims.everyWordIs(Kind::belongsToConfirmation)) {
            return new Found(Meaning.CONFIRM, "Confirms the visit and says nothing else.");
        }
        if (claims.kinds().contains(Kind.HEDGE)) {
            return new Found(Meaning.UNCLEAR, "Agrees, but not for certain or only under a condition.");
        }
        return new Found(Meaning.UNCLEAR, "Agrees, but says something besides that the rules cannot judge.");
    }

    private static Found request(Meaning meaning, String because, Claims claims, Kind kind) {
        if (claims.of(kind).stream().anyMatch(claims::isNegated)) {
            return new Found(Meaning.UNCLEAR, "Speaks of a change, with a negation that may turn it around.");
        }
        if (claims.kinds().contains(Kind.HEDGE)) {
            return new Found(Meaning.UNCLEAR, "Speaks of a change, but not for certain.");
        }
        if (claims.kinds().contains(Kind.PERSON)) {
            return new Found(Meaning.UNCLEAR, "Speaks of a change, and of something that a person should hear.");
        }
        return new Found(meaning, because);
    }

    private static Found optOut(Claims claims) {
        if (claims.of(Kind.OPT_OUT).stream().anyMatch(claims::isNegated)) {
            return new Found(Meaning.UNCLEAR, "Speaks of the messages, with a negation that may turn it around.");
        }
        if (!claims.of(Kind.CARRIER_CANCEL).isEmpty()) {
            return new Found(
                    Meaning.OPT_OUT,
                    "The carrier takes this single word for a refusal of messages; it may have meant the visit.",
                    List.of(Meaning.CANCEL, Meaning.OPT_OUT));
        }
        return new Found(Meaning.OPT_OUT, "Wants no more messages.");
    }

    private Found withoutQuestion(Found found, Claims claims) {
        if (found.meaning != Meaning.CONFIRM) {
            return found;
        }
        boolean acknowledged = claims.of(Kind.CONFIRM).stream().allMatch(claim -> claims.contains(claim, words("ack")));
        return acknowledged
                ? new Found(Meaning.COURTESY, "Takes note; nothing was asked.")
                : new Found(Meaning.UNCLEAR, "Agrees, but nothing was asked.");
    }

    private boolean hasDangerTogether(Reply reply) {
        return rules.together().stream()
                .anyMatch(row -> row.stream()
                        .allMatch(words -> reply.words().stream().anyMatch(word -> words.contains(word.text()))));
    }

    private Set<String> words(String name) {
        return rules.classes().getOrDefault(name, Set.of());
    }

    /** Version of the rules in force, for the record. */
    String version() {
        return rules.version();
    }
}
