package health.throughline.consent;

import health.throughline.consent.SendFacts.Said;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the statements on record come to for one purpose (K1, K3, K6). They are ordered by when they were said, not by when we heard of
 * them; at the same instant the revocation wins.
 */
final class Statements {

    private static final String ALL = "*";
    /** A bare START lifts the carrier's block; it names nothing of ours (K6). */
    private static final String KEYWORD = "-keyword";

    private final List<Said> grants;
    private final List<Said> revocations;
    private final Purpose purpose;
    private final String channel;
    private final @Nullable Revocations table;

    /** @param table none for decisions of before there was one: then every revocation reaches */
    Statements(List<Said> said, Purpose purpose, String channel, @Nullable Revocations table) {
        this.purpose = purpose;
        this.channel = channel;
        this.table = table;
        this.grants = said.stream().filter(s -> s.grant() && grants(s)).toList();
        this.revocations = said.stream().filter(s -> !s.grant() && revokes(s)).toList();
    }

    private boolean grants(Said said) {
        boolean forPurpose =
                said.purpose().equals(purpose.code()) || said.purpose().equals(ALL) && purpose != Purpose.MARKETING;
        return forPurpose && said.isFor(channel) && !said.underAge() && !said.sameNumber();
    }

    private boolean revokes(Said said) {
        boolean ofPurpose =
                said.purpose().equals(purpose.code()) || said.purpose().equals(ALL);
        return ofPurpose && (table == null || table.reaches(said, channel));
    }

    /** The latest revocation that no later grant has named. */
    Optional<Said> revocation() {
        return revocations.stream()
                .filter(revoked -> grants.stream().noneMatch(grant -> lifts(grant, revoked)))
                .max(Comparator.comparing(Said::saidAt));
    }

    /** The latest grant in force, where nothing is revoked. */
    Optional<Said> grant() {
        return standing().filter(grant -> grant.programme() == null).max(Comparator.comparing(Said::saidAt));
    }

    /** The latest grant in force for just that programme. */
    Optional<Said> grantOf(String programme) {
        return standing().filter(grant -> programme.equals(grant.programme())).max(Comparator.comparing(Said::saidAt));
    }

    /** The latest grant in force that was given in one of these ways. */
    Optional<Said> grant(List<String> ways) {
        return standing()
                .filter(grant -> grant.programme() == null && ways.contains(grant.how()))
                .max(Comparator.comparing(Said::saidAt));
    }

    private java.util.stream.Stream<Said> standing() {
        return grants.stream()
                .filter(grant ->
                        revocations.stream().noneMatch(r -> !grant.saidAt().isAfter(r.saidAt())));
    }

    private static boolean lifts(Said grant, Said revoked) {
        boolean namesAddress = !revoked.ofAddress() || grant.ofAddress();
        boolean namesPurpose = revoked.purpose().equals(ALL) || !grant.purpose().equals(ALL);
        boolean namesNothing = grant.how().endsWith(KEYWORD) && grant.purpose().equals(ALL);
        boolean whole = grant.programme() == null;
        return grant.saidAt().isAfter(revoked.saidAt()) && namesAddress && namesPurpose && !namesNothing && whole;
    }
}
