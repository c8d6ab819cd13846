package health.throughline.consent;

import static health.throughline.consent.Facts.aText;
import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.ThroughlineTest;
import health.throughline.TimeOrderedId;
import health.throughline.channel.Channel;
import health.throughline.consent.SendFacts.Point;
import health.throughline.consent.SendPolicy.Proposal;
import health.throughline.patient.AddressId;
import health.throughline.patient.PartyId;
import health.throughline.patient.PatientStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A stored decision answers for itself: its inputs and the version of its rules, read back, give the same answer again. */
class RecomputedDecisionsTest extends ThroughlineTest {

    private static final int DECISIONS = 10_000;
    private static final int AT_ONCE = 500;
    private static final long MINUTES_OF_A_YEAR = Duration.ofDays(365).toMinutes();
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final List<String> PHONES =
            List.of("+16175550123", "+12085550123", "+12145550123", "+18505550123", "+19075550123");
    private static final List<String> PURPOSES = List.of("*", "care", "operational", "billing", "marketing");

    private final Random random = new Random(20_261_122);

    @Autowired
    private JdbcSendPolicy policy;

    @Autowired
    private RuleBook rules;

    private record Decided(UUID id, Verdict verdict) {}

    @Test
    void giveTheSameAnswerFromTheirInputsAndTheVersionOfTheirRules() {
        Map<String, Integer> reasons = new TreeMap<>();
        int different = 0;
        for (int stored = 0; stored < DECISIONS; stored += AT_ONCE) {
            List<Decided> decided = inTransaction(this::decide);
            for (Decided each : decided) {
                SendPolicy.Decision again = policy.recompute(each.id());
                reasons.merge(again.reason(), 1, Integer::sum);
                boolean same = again.reason().equals(each.verdict().reason())
                        && again.sentence().equals(each.verdict().sentence())
                        && (!(each.verdict() instanceof Verdict.Later later)
                                || again instanceof SendPolicy.Later told
                                        && told.until().equals(later.until()));
                different += same ? 0 : 1;
            }
        }
        System.out.println("Recomputed " + DECISIONS + " stored decisions: " + different + " different; " + reasons);
        assertThat(different).isZero();
        assertThat(reasons).as("of many kinds").hasSizeGreaterThan(6);
    }

    /** As they were stored before a revocation had a table and a number an age: without those facts, under rules without those parts. */
    @Test
    void giveTheSameAnswerThoughTheyAreOlderThanSomeOfTheFacts() {
        Instant at = Facts.NOON;
        UUID rulesOfThen = inTransaction(() -> RuleBook.record(
                jdbc,
                at,
                "send-policy",
                "of a test, with fewer parts",
                java.time.LocalDate.EPOCH,
                Map.of(
                        "quietHours",
                                Facts.FILES.inForce(RuleFiles.QUIET_HOURS, at).content(),
                        "budgets", Facts.FILES.inForce(RuleFiles.BUDGETS, at).content())));
        SendFacts facts =
                aText().revoked("*", false, true, "2026-03-01T12:00:00Z").facts();
        UUID id = TimeOrderedId.next();
        inTransaction(() -> {
            policy.store(id, proposal(facts), facts, new Verdict.MayNot("K3.revoked", "as it was"), rulesOfThen);
            return id;
        });
        asOwner().sql("""
                update send_decision set inputs = jsonb_set(
                    inputs - 'courtesy' - 'proxy' - 'number' - 'office' - 'programme' - 'sensitive' || '{"channel": "SMS"}',
                    '{said}', (select jsonb_agg(s - 'sameNumber' - 'channels' - 'programme' - 'underAge')
                               from jsonb_array_elements(inputs -> 'said') s)) where id = ?""").param(id).update();
        SendPolicy.Decision again = policy.recompute(id);
        assertThat(again.reason()).isEqualTo("K3.revoked");
        assertThat(again.sentence())
                .isEqualTo(
                        "Not sent by text: all messages to this address were refused on 1 March 2026 by text message.");
    }

    private List<Decided> decide() {
        var decided = new ArrayList<Decided>();
        for (int n = 0; n < AT_ONCE; n++) {
            SendFacts facts = facts();
            RuleBook.Edition edition = rules.inForce(facts.at());
            Verdict verdict = ConsentRules.decide(facts, edition.rules());
            UUID id = TimeOrderedId.next();
            policy.store(id, proposal(facts), facts, verdict, edition.id());
            decided.add(new Decided(id, verdict));
        }
        return decided;
    }

    private static Proposal proposal(SendFacts facts) {
        return new Proposal(
                "recomputed",
                null,
                facts.stage(),
                null,
                new PartyId(facts.party()),
                new AddressId(facts.address()),
                Channel.SMS,
                "sms",
                facts.purpose(),
                facts.urgency(),
                facts.solicited(),
                facts.length());
    }

    private SendFacts facts() {
        Instant at = START.plus(Duration.ofMinutes(random.nextLong(MINUTES_OF_A_YEAR)));
        Facts facts = aText().withPhone(any(PHONES)).at(at).about(any(List.of(Purpose.values())));
        if (one(2)) {
            facts = facts.withoutConsent();
        }
        if (one(4)) {
            facts = facts.granted(
                    any(PURPOSES), "told by staff", one(2), before(at).toString());
        }
        if (one(5)) {
            facts = facts.revoked(any(PURPOSES), one(2), one(2), before(at).toString());
        }
        if (one(8)) {
            facts = facts.blockedByTheCarrier();
        }
        if (one(10)) {
            facts = facts.toSomebodyWhoIs(any(List.of(PatientStatus.values())));
        }
        if (one(10)) {
            facts = facts.at(new Point(one(3) ? "active" : "superseded", one(2), one(3)));
        }
        if (one(3)) {
            facts = facts.after(sent(at), sent(at));
        }
        if (one(6)) {
            facts = facts.refused(
                    any(List.of("voice-key", "email-unsubscribe", "chat-wording", "staff", "a-way-of-its-own")),
                    one(2),
                    one(3) ? "sms" : "*",
                    before(at).toString());
        }
        if (one(8)) {
            facts = facts.lastConfirmed(
                    before(at).toString(),
                    one(2) ? null : before(at).toString(),
                    one(3) ? null : any(List.of("no", "yes", "no-data")));
        }
        if (one(8)) {
            facts = facts.toProxy(
                    one(2),
                    one(5),
                    new SendFacts.Standing(
                            any(List.of("MTH", "GUARD", "HPOWATT", "NBOR")), "all", !one(5), one(6), one(4)));
        }
        if (one(8)) {
            facts = facts.whileTheOfficeIsOpen(
                    one(2) ? null : at.plus(Duration.ofHours(20)).toString(),
                    at.plus(Duration.ofHours(5)).toString(),
                    at.plus(Duration.ofHours(13)).toString());
        }
        if (one(8)) {
            facts = facts.ofProgramme("dose-check-in", before(at).toString());
        }
        if (one(10)) {
            facts = facts.as(any(List.of(Courtesy.values())));
        }
        return one(6) ? facts.urgent().facts() : one(6) ? facts.asAnAnswer().facts() : facts.facts();
    }

    private List<Instant> sent(Instant at) {
        return IntStream.range(0, random.nextInt(8))
                .mapToObj(n -> at.minus(Duration.ofHours(random.nextLong(24 * 9))))
                .sorted(java.util.Comparator.reverseOrder())
                .toList();
    }

    private Instant before(Instant at) {
        return at.minus(Duration.ofMinutes(1 + random.nextLong(MINUTES_OF_A_YEAR)));
    }

    private boolean one(int of) {
        return random.nextInt(of) == 0;
    }

    private <T> T any(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
