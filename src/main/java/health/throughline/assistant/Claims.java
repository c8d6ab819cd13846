package health.throughline.assistant;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which words of a reply tell what. Every word is claimed at most once, by the first kind that matches. */
final class Claims {

    /** How far before a wish its negation may stand. */
    private static final int NEGATION_REACH = 5;

    private final Reply reply;
    private final ReplyRules rules;
    private final List<ReplyRules.Rule> visit;
    private final List<Claim> claims = new ArrayList<>();
    private final @Nullable Kind[] owner;

    /** @param end index behind its last word */
    record Claim(Kind kind, String language, int start, int end) {}

    /** @param visit phrases for the time of the visit asked about */
    Claims(Reply reply, ReplyRules rules, List<ReplyRules.Rule> visit) {
        this(reply, rules, visit, Set.of(Kind.values()));
    }

    private Claims(Reply reply, ReplyRules rules, List<ReplyRules.Rule> visit, Set<Kind> kinds) {
        this.reply = reply;
        this.rules = rules;
        this.visit = visit;
        this.owner = new Kind[reply.words().size()];
        boolean[] taken = new boolean[owner.length];
        for (Kind kind : Kind.values()) {
            if (kinds.contains(kind)) {
                claim(kind, taken);
            }
        }
    }

    /** Whether something of that kind is told, whatever other kinds before it would have claimed. */
    static boolean tells(Kind kind, Reply reply, ReplyRules rules) {
        return !new Claims(reply, rules, List.of(), Set.of(kind)).claims.isEmpty();
    }

    private void claim(Kind kind, boolean[] taken) {
        Set<String> light = rules.classes().getOrDefault("light", Set.of());
        for (int start = 0; start < taken.length; start++) {
            int end = Phrase.NO_MATCH;
            String language = "";
            for (ReplyRules.Rule rule : taken[start] ? List.<ReplyRules.Rule>of() : rules(kind, start)) {
                int found = rule.phrase().mayBeginWith(reply.words().get(start))
                        ? rule.phrase().end(reply, start, taken, light)
                        : Phrase.NO_MATCH;
                if (found > end) {
                    end = found;
                    language = rule.language();
                }
            }
            for (int i = start; i < end; i++) {
                taken[i] = true;
                owner[i] = kind;
            }
            if (end != Phrase.NO_MATCH) {
                claims.add(new Claim(kind, language, start, end));
            }
        }
    }

    private List<ReplyRules.Rule> rules(Kind kind, int start) {
        return kind == Kind.VISIT ? visit : rules.phrases(kind, reply.words().get(start));
    }

    Set<Kind> kinds() {
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        claims.forEach(claim -> kinds.add(claim.kind()));
        return kinds;
    }

    List<Claim> of(Kind kind) {
        return claims.stream().filter(claim -> claim.kind() == kind).toList();
    }

    boolean everyWordIs(Predicate<Kind> allowed) {
        for (Kind kind : owner) {
            if (kind == null || !allowed.test(kind)) {
                return false;
            }
        }
        return true;
    }

    /** A clause that was marked as a question and holds no claim of these kinds. */
    boolean asksBeside(Set<Kind> kinds) {
        return reply.asked().stream()
                .anyMatch(clause -> claims.stream()
                        .noneMatch(claim -> kinds.contains(claim.kind())
                                && reply.words().get(claim.start()).clause() == clause));
    }

    boolean isAsked(Claim claim) {
        return reply.asked().contains(reply.words().get(claim.start()).clause());
    }

    boolean inClauseOf(Claim claim, Set<String> words) {
        return inClauseOf(claim, word -> words.contains(word.text())).isPresent();
    }

    /** Index of the first word of the claim's clause for which that is so. */
    Optional<Integer> inClauseOf(Claim claim, Predicate<Word> what) {
        int clause = reply.words().get(claim.start()).clause();
        for (int i = reply.clauseStart(claim.start());
                i < reply.words().size() && reply.words().get(i).clause() == clause;
                i++) {
            if (what.test(reply.words().get(i))) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    boolean contains(Claim claim, Set<String> words) {
        return reply.words().subList(claim.start(), claim.end()).stream().anyMatch(word -> words.contains(word.text()));
    }

    /** A wish of that kind stands earlier in the same clause. */
    boolean follows(Claim claim, Kind kind) {
        return claims.stream()
                .anyMatch(other -> other.kind() == kind
                        && other.start() < claim.start()
                        && reply.words().get(other.start()).clause()
                                == reply.words().get(claim.start()).clause());
    }

    /** Turned around by a refusing word before it. A plain "no" before a new sentence or "please" is an answer, not a negation. */
    boolean isNegated(Claim claim) {
        int first = Math.max(reply.clauseStart(claim.start()), claim.start() - NEGATION_REACH);
        Set<String> own = rules.negations().getOrDefault(claim.language(), Set.of());
        for (int i = first; i < claim.start(); i++) {
            String word = reply.words().get(i).text();
            boolean answer = word.equals("no")
                    && rules.classes()
                            .getOrDefault("answerer-" + claim.language(), Set.of())
                            .contains(reply.words().get(i + 1).text());
            if (owner[i] == null && (own.contains(word) || word.equals("no")) && !answer) {
                return true;
            }
        }
        return false;
    }
}
