package health.throughline.consent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import health.throughline.consent.RuleFiles.RuleFile;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class RuleFilesTest {

    @Test
    void everyFileSaysFromWhenItHoldsAndWhereItComesFrom() {
        assertThat(Facts.FILES.all())
                .extracting(RuleFile::name)
                .containsOnly(
                        "quiet-hours",
                        "budgets",
                        "keywords",
                        "area-codes",
                        "revocations",
                        "authority",
                        "reassigned",
                        "holidays");
        assertThat(Facts.FILES.all()).allSatisfy(file -> {
            assertThat(file.version()).isNotBlank();
            assertThat(file.source()).isNotBlank();
        });
    }

    @Test
    void aVersionComesIntoForceOnItsDay() {
        RuleFile old = file("1", "2026-01-01");
        RuleFile next = file("2", "2026-07-01");
        RuleFiles files = new RuleFiles(List.of(next, old));
        assertThat(files.inForce("x", Instant.parse("2026-06-30T23:59:59Z"))).isEqualTo(old);
        assertThat(files.inForce("x", Instant.parse("2026-07-01T00:00:00Z"))).isEqualTo(next);
        assertThat(files.inForce("x", Instant.parse("2020-01-01T00:00:00Z"))).isEqualTo(old);
    }

    @Test
    void theSameContentHasTheSameHashHoweverItIsLaidOut() {
        var json = JsonMapper.shared();
        String one = RuleFiles.canonical(json.readTree("{\"b\": [1, 2], \"a\": {\"d\": 1, \"c\": 2}}"));
        String other = RuleFiles.canonical(json.readTree("{ \"a\":{\"c\":2,\"d\":1},\"b\":[1,2]}"));
        assertThat(RuleFiles.hash(one)).isEqualTo(RuleFiles.hash(other));
        assertThat(RuleFiles.hash(one)).isNotEqualTo(RuleFiles.hash(RuleFiles.canonical(json.readTree("{\"a\": 1}"))));
    }

    @Test
    void everyZoneIsOneThatAClockKnows() {
        Facts.AREAS.areas().values().forEach(entry -> entry.zones().forEach(ZoneId::of));
        Facts.RULES
                .quietHours()
                .states()
                .values()
                .forEach(state -> state.zones().forEach(ZoneId::of));
        Facts.RULES.quietHours().unknownZones().forEach(ZoneId::of);
    }

    @Test
    void everyAreaCodeLiesInAStateWhoseZonesAreKnown() {
        assertThat(Facts.AREAS.areas()).allSatisfy((code, entry) -> {
            if (entry.country() == null) {
                var state = Optional.ofNullable(entry.state())
                        .map(Facts.RULES.quietHours().states()::get);
                assertThat(state).as(code).isPresent();
                assertThat(state.orElseThrow().zones()).as(code).containsAll(entry.zones());
            }
        });
    }

    @Test
    void everyAreaCodeOfTheUnitedStatesHasAPlace() {
        PhoneNumberUtil numbers = PhoneNumberUtil.getInstance();
        List<String> missing = new ArrayList<>();
        for (int area = 200; area < 1000; area++) {
            var number = new PhoneNumber().setCountryCode(1).setNationalNumber(area * 10_000_000L + 555_0123L);
            boolean american = "US".equals(numbers.getRegionCodeForNumber(number))
                    && numbers.getNumberType(number) == PhoneNumberType.FIXED_LINE_OR_MOBILE;
            if (american && Facts.AREAS.of("+1" + area + "5550123").kind() != Area.Kind.KNOWN) {
                missing.add(String.valueOf(area));
            }
        }
        assertThat(missing).isEmpty();
    }

    private static RuleFile file(String version, String from) {
        return new RuleFile(
                "x",
                version,
                LocalDate.parse(from),
                "a test",
                JsonMapper.shared().readTree("{}"));
    }
}
