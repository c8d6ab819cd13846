package health.throughline.journey;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.organization.OpenUnits;
import health.throughline.organization.OpenUnits.Marked;
import health.throughline.organization.OrgUnit.Phase;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import health.throughline.scenario.Clinic.Visit;
import health.throughline.scenario.ScenarioTest;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class VisitsWithoutJourneyTest extends ScenarioTest {

    @Autowired
    private VisitsWithoutJourney visits;

    @Autowired
    private OpenUnits open;

    @Autowired
    private Organization organization;

    @Test
    @DisplayName("R7: a node that listed the visit before another began it begins nothing, and nothing is said twice")
    void beginsNothingThatAnotherNodeBeganMeanwhile() {
        var ana = clinic.patient("en");
        time.laterToday(11, 0);
        var visit = clinic.books(ana, time.inDays(1, 15, 30));
        ana.phone().hasText(1);
        everythingSettles();
        UUID listed = idOf(visit);

        transaction.executeWithoutResult(status -> visits.begin(listed));

        assertThat(journeyOf(ana).state()).isEqualTo("active");
        everythingSettles();
        assertThat(ana.phone().texts()).hasSize(1);
    }

    @Test
    @DisplayName("What somebody withdrew stays withdrawn when the department is looked through")
    void beginsNothingThatSomebodyWithdrew() {
        var ana = clinic.patient("en");
        var visit = clinic.books(ana, time.inDays(8, 15, 30));
        clinic.api()
                .post(
                        "/api/v1/journeys/instances/" + journeyOf(ana).id() + "/withdraw",
                        "{\"reason\":\"The clinic calls itself\"}")
                .good();

        UUID listed = idOf(visit);
        transaction.executeWithoutResult(status -> visits.begin(listed));

        assertThat(journeyOf(ana).state()).isEqualTo("withdrawn");
    }

    private UUID idOf(Visit visit) {
        return inTransaction(() -> jdbc.sql("select id from appointment where external_id = ?")
                .param(visit.id())
                .query(UUID.class)
                .single());
    }

    /** All in one transaction, so that the product does not look the unit through itself meanwhile. */
    @Test
    @DisplayName("R7: a node that has not heard of a department's new phase leaves its visits to be looked through")
    void waitsUntilItKnowsThePhase() {
        transaction.executeWithoutResult(status -> {
            var unit = organization.findByPath("/all/").orElseThrow().id();
            open.mark(unit);
            Marked marked = marked(unit).orElseThrow();
            visits.lookThrough(new Marked(unit, marked.mark(), Phase.SHADOW));
            assertThat(marked(unit)).contains(marked);
            visits.lookThrough(marked);
            assertThat(marked(unit)).isEmpty();
        });
    }

    private Optional<Marked> marked(OrgUnitId unit) {
        return open.marked().stream().filter(each -> each.unit().equals(unit)).findFirst();
    }
}
