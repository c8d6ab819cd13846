package health.throughline.consent;

import static health.throughline.consent.Facts.aText;
import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.consent.Budgets.Limit;
import health.throughline.consent.SendFacts.Said;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What must hold for every set of facts. Cases are random but the same on every run. */
class ConsentRulesPropertyTest {

    private static final int CASES = 10_000;
    private static final long SEED = 20_260_312;
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final long MINUTES_OF_A_YEAR = Duration.ofDays(365).toMinutes();

    /** Places to live and numbers to keep, with their states, written down apart from the rules' own data. */
    private static final List<Home> HOMES = List.of(
            new Home("America/New_York", "MA", "+16175550123", "America/New_York"),
            new Home("America/New_York", "CT", "+12035550123", "America/New_York"),
            new Home("America/New_York", "RI", "+14015550123", "America/New_York"),
            new Home("America/New_York", "FL", "+18505550123", "America/New_York", "America/Chicago"),
            new Home("America/Chicago", "TX", "+12145550123", "America/Chicago"),
            new Home("America/Denver", "TX", "+19155550123", "America/Denver"),
            new Home("America/Chicago", "OK", "+14055550123", "America/Chicago"),
            new Home("America/Boise", "ID", "+12085550123", "America/Boise", "America/Los_Angeles"),
            new Home("America/Los_Angeles", "WA", "+12065550123", "America/Los_Angeles"),
            new Home("America/Phoenix", "AZ", "+19285550123", "America/Phoenix", "America/Denver"),
            new Home("America/Anchorage", "AK", "+19075550123", "America/Anchorage", "America/Adak"),
            new Home("Pacific/Honolulu", "HI", "+18085550123", "Pacific/Honolulu"),
            new Home("America/Puerto_Rico", "PR", "+17875550123", "America/Puerto_Rico"),
            new Home("Pacific/Guam", "GU", "+16715550123", "Pacific/Guam"));

    private record Home(String zone, String state, String phone, String... zonesOfPhone) {}

    private final Random random = new Random(SEED);

    @Test
    void neverMayInsideTheQuietHoursOfAnyZone() {
        int may = 0;
        for (int n = 0; n < CASES; n++) {
            Home home = any(HOMES);
            Home number = any(HOMES);
            Instant at = anyInstant();
            Verdict verdict = text(home, number).at(at).decided();
            boolean open = open(at, home.zone(), home.state());
            for (String zone : number.zonesOfPhone()) {
                open &= open(at, zone, number.state());
            }
            assertThat(verdict instanceof Verdict.May)
                    .as("%s, %s, %s", home, number, at)
                    .isEqualTo(open);
            may += open ? 1 : 0;
        }
        assertThat(may).isGreaterThan(CASES / 10);
    }

    /** K10 in other words than the rules'. */
    private static boolean open(Instant at, String zone, String state) {
        ZonedDateTime there = at.atZone(ZoneId.of(zone));
        boolean sunday = there.getDayOfWeek() == DayOfWeek.SUNDAY;
        boolean weekend = sunday || there.getDayOfWeek() == DayOfWeek.SATURDAY;
        int opens = switch (state) {
            case "CT" -> 9;
            case "TX" -> sunday ? 12 : 9;
            case "RI" -> weekend ? 10 : 9;
            default -> 8;
        };
        int closes = switch (state) {
            case "FL", "OK", "WA", "MD", "MS", "NJ", "CT" -> 20;
            case "RI" -> weekend ? 17 : 18;
            default -> 21;
        };
        LocalTime time = there.toLocalTime();
        return !time.isBefore(LocalTime.of(opens, 0)) && time.isBefore(LocalTime.of(closes, 0));
    }

    @Test
    void urgentAndSolicitedMayAtAnyHour() {
        for (int n = 0; n < CASES; n++) {
            Facts facts = text(any(HOMES), any(HOMES)).at(anyInstant());
            assertThat((random.nextBoolean() ? facts.urgent() : facts.asAnAnswer()).decided())
                    .isInstanceOf(Verdict.May.class);
        }
    }

    @Test
    void laterIsItselfAllowedAndNothingEarlierIs() {
        int looked = 0;
        while (looked < CASES / 10) {
            Instant at = anyInstant().plusSeconds(random.nextInt(60));
            Facts facts = text(any(HOMES), any(HOMES)).after(sent(4, at), List.of());
            if (facts.at(at).decided() instanceof Verdict.Later later) {
                looked++;
                assertThat(facts.at(later.until()).decided())
                        .as("%s", facts.facts())
                        .isInstanceOf(Verdict.May.class);
                assertThat(facts.at(later.until().minusNanos(1)).decided()).isNotInstanceOf(Verdict.May.class);
                for (int n = 0; n < 10; n++) {
                    long between =
                            random.nextLong(Duration.between(at, later.until()).toMillis());
                    assertThat(facts.at(at.plusMillis(between)).decided()).isNotInstanceOf(Verdict.May.class);
                }
            }
        }
    }

    @Test
    void noMinuteBeforeLaterIsAllowed() {
        int looked = 0;
        while (looked < 50) {
            Instant at = anyInstant();
            Facts facts = text(any(HOMES), any(HOMES)).after(sent(4, at), List.of());
            if (facts.at(at).decided() instanceof Verdict.Later later) {
                looked++;
                for (Instant minute = at; minute.isBefore(later.until()); minute = minute.plusSeconds(60)) {
                    assertThat(facts.at(minute).decided())
                            .as("%s, %s", facts.facts(), later)
                            .isNotInstanceOf(Verdict.May.class);
                }
            }
        }
    }

    @Test
    void afterARevocationNothingMayWhateverCameInWhichOrder() {
        for (int n = 0; n < CASES; n++) {
            Purpose purpose = any(List.of(Purpose.values()));
            Instant stop = anyInstant();
            List<Said> said = new ArrayList<>();
            said.add(Facts.said(
                    false,
                    random.nextBoolean() ? "*" : purpose.code(),
                    "sms-wording",
                    random.nextBoolean(),
                    random.nextBoolean(),
                    stop));
            for (int more = random.nextInt(6); more > 0; more--) {
                Instant before = stop.minusSeconds(random.nextInt(10_000));
                said.add(Facts.said(
                        random.nextInt(3) > 0,
                        any(List.of("*", purpose.code(), "care", "billing")),
                        any(List.of("intake-form", "sms-keyword", "staff")),
                        true,
                        random.nextBoolean(),
                        before));
            }
            Collections.shuffle(said, random);
            Facts facts =
                    text(any(HOMES), any(HOMES)).about(purpose).saying(said).at(anyInstant());
            if (random.nextInt(4) == 0) {
                facts.asAnAnswer();
            }
            assertThat(facts.decided().reason()).as("%s", facts.facts()).isEqualTo("K3.revoked");
        }
    }

    @Test
    void theOrderInWhichStatementsArriveChangesNothing() {
        for (int n = 0; n < CASES; n++) {
            List<Said> said = new ArrayList<>();
            for (int more = random.nextInt(7); more > 0; more--) {
                said.add(Facts.said(
                        random.nextBoolean(),
                        any(List.of("*", "operational", "billing")),
                        any(List.of("intake-form", "sms-keyword")),
                        random.nextBoolean(),
                        random.nextBoolean(),
                        START.plusSeconds(random.nextInt(100))));
            }
            Facts facts = text(any(HOMES), any(HOMES)).saying(said).at(anyInstant());
            String reason = facts.decided().reason();
            Collections.shuffle(said, random);
            assertThat(facts.saying(said).decided().reason()).isEqualTo(reason);
        }
    }

    @Test
    void aDecisionIsAFunctionOfItsFactsAlone() {
        String rules = RuleFiles.JSON.writeValueAsString(Map.of(
                "quietHours", Facts.FILES.inForce(RuleFiles.QUIET_HOURS, START).content(),
                "budgets", Facts.FILES.inForce(RuleFiles.BUDGETS, START).content(),
                "revocations", Facts.FILES.inForce(RuleFiles.REVOCATIONS, START).content(),
                "authority", Facts.FILES.inForce(RuleFiles.AUTHORITY, START).content(),
                "reassigned", Facts.FILES.inForce(RuleFiles.REASSIGNED, START).content()));
        Rules readBack = RuleFiles.JSON.readValue(rules, Rules.class);
        for (int n = 0; n < CASES; n++) {
            Instant now = anyInstant();
            Facts facts = text(any(HOMES), any(HOMES))
                    .after(sent(3, now), sent(3, now))
                    .at(now);
            if (random.nextInt(3) == 0) {
                facts.withoutConsent();
            }
            if (random.nextInt(5) == 0) {
                facts.livingIn(null, random.nextBoolean() ? "TN" : null);
            }
            SendFacts stored =
                    RuleFiles.JSON.readValue(RuleFiles.JSON.writeValueAsString(facts.facts()), SendFacts.class);
            assertThat(stored).isEqualTo(facts.facts());
            assertThat(ConsentRules.decide(stored, readBack)).isEqualTo(facts.decided());
        }
    }

    @Test
    void noSequenceOfMessagesEverExceedsABudget() {
        for (int n = 0; n < 100; n++) {
            Purpose purpose = any(List.of(Purpose.OPERATIONAL, Purpose.CARE, Purpose.BILLING));
            boolean exempt = n % 2 == 0 && purpose != Purpose.BILLING;
            List<Instant> sent = simulate(text(any(HOMES), any(HOMES)).about(purpose), exempt);
            Budgets budgets = Facts.RULES.budgets();
            Budgets.Budget budget = exempt ? budgets.exemption().budget() : budgets.of(purpose);
            for (Limit limit : budget.limits()) {
                for (Instant end : sent) {
                    assertThat(limit.used(
                                    end,
                                    sent.stream().filter(at -> !at.isAfter(end)).toList()))
                            .as("%s, %s", purpose, limit)
                            .isLessThanOrEqualTo(limit.count());
                }
            }
            assertThat(sent).isNotEmpty();
        }
    }

    /** 30 days in which somebody wishes to send every few hours, and tries again when told to wait. */
    private List<Instant> simulate(Facts facts, boolean exempt) {
        if (exempt) {
            facts.withoutConsent();
        }
        List<Instant> sent = new ArrayList<>();
        Instant now = anyInstant();
        Instant end = now.plus(Duration.ofDays(30));
        while (now.isBefore(end)) {
            switch (facts.at(now).after(sent, sent).decided()) {
                case Verdict.May ignored -> {
                    sent.addFirst(now);
                    now = now.plusSeconds(1 + random.nextInt(20_000));
                }
                case Verdict.Later later ->
                    now = random.nextBoolean() ? later.until() : now.plusSeconds(random.nextInt(20_000));
                case Verdict.MayNot ignored -> now = now.plusSeconds(random.nextInt(40_000));
            }
        }
        return sent;
    }

    private List<Instant> sent(int most, Instant before) {
        List<Instant> sent = new ArrayList<>();
        Instant at = before;
        for (int n = random.nextInt(most + 1); n > 0; n--) {
            at = at.minusSeconds(random.nextInt(100_000));
            sent.add(at);
        }
        return sent;
    }

    private static Facts text(Home home, Home number) {
        return aText().livingIn(home.zone(), home.state())
                .withPhone(number.phone())
                .granted("billing", "intake-form", false, "2025-06-01T12:00:00Z");
    }

    private Instant anyInstant() {
        return START.plus(Duration.ofMinutes(random.nextLong(MINUTES_OF_A_YEAR)));
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
