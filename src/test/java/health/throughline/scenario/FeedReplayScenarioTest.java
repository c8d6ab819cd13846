package health.throughline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A feed that tells its whole calendar, and then all of it again. {@code -Dthroughline.test.visits} sets how many visits (40,000 in the
 * long form).
 */
class FeedReplayScenarioTest extends ScenarioTest {

    private static final int VISITS = Integer.getInteger("throughline.test.visits", 1000);
    private static final int PATIENTS = 20;
    private static final int BUNDLE = 500;
    /** Far enough ahead that no reminder is due while other tests move the clock. */
    private static final int DAYS_AHEAD = 1000;

    private record State(long visits, long events, long journeys, long messages, long decisions) {}

    @Test
    void theSameCalendarAgainChangesNothingAndSendsNothing() {
        List<Clinic.Patient> patients =
                IntStream.range(0, PATIENTS).mapToObj(n -> clinic.patient("en")).toList();
        List<Clinic.Visit> calendar = new ArrayList<>();
        for (int n = 0; n < VISITS; n++) {
            boolean past = n % 2 == 0;
            int days = past ? -1 - n % 300 : DAYS_AHEAD + n % 300;
            calendar.add(clinic.has(
                    patients.get(n % PATIENTS), time.now().plusDays(days).plusMinutes(n / 300)));
        }

        Duration first = tell(calendar);
        everythingSettles();
        State loaded = state();
        Duration again = tell(calendar);
        everythingSettles();

        assertThat(loaded.visits()).isEqualTo(VISITS);
        assertThat(loaded.journeys()).isEqualTo(VISITS / 2);
        assertThat(loaded.messages()).isZero();
        assertThat(state()).isEqualTo(loaded);
        System.out.printf(
                "Feed: %d visits told in %d ms, told again in %d ms%n", VISITS, first.toMillis(), again.toMillis());
    }

    private Duration tell(List<Clinic.Visit> calendar) {
        Instant began = Instant.now();
        for (int from = 0; from < calendar.size(); from += BUNDLE) {
            clinic.tellsTogether(calendar.subList(from, Math.min(from + BUNDLE, calendar.size())));
        }
        return Duration.between(began, Instant.now());
    }

    private State state() {
        return inTransaction(() -> jdbc.sql("""
                        with unit as (select id from org_unit where path like :clinic)
                        select (select count(*) from appointment where org_unit_id in (select id from unit)),
                            (select count(*) from appointment_event e join appointment a on a.id = e.appointment_id
                                where a.org_unit_id in (select id from unit)),
                            (select count(*) from journey_instance where org_unit_id in (select id from unit)),
                            (select count(*) from dispatch where org_unit_id in (select id from unit)),
                            (select count(*) from send_decision d join patient p on p.id = d.patient_id
                                where p.org_unit_id in (select id from unit))
                        """)
                .param("clinic", clinic.path() + "%")
                .query((row, n) ->
                        new State(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5)))
                .single());
    }
}
