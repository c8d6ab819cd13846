package health.throughline.organization;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.ThroughlineTest;
import health.throughline.organization.OpenUnits.Marked;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class OpenUnitsTest extends ThroughlineTest {

    @Autowired
    private OpenUnits open;

    @Autowired
    private Organization organization;

    /** All in one transaction, so that the product does not look the unit through itself meanwhile. */
    @Test
    @DisplayName("R7: a chain of call named while the visits are looked through lets them be looked through again")
    void keepsAMarkSetWhileTheUnitIsLookedThrough() {
        boolean done = inTransaction(() -> {
            OrgUnitId unit = organization.findByPath("/all/").orElseThrow().id();
            open.mark(unit);
            Marked first = marked(unit).orElseThrow();
            open.mark(unit);
            open.lookedThrough(first);
            Marked second = marked(unit).orElseThrow();
            open.markWithThoseBelow(unit);
            open.lookedThrough(second);
            Marked third = marked(unit).orElseThrow();
            open.lookedThrough(third);
            assertThat(marked(unit)).isEmpty();
            return true;
        });
        assertThat(done).isTrue();
    }

    private Optional<Marked> marked(OrgUnitId unit) {
        return open.marked().stream().filter(each -> each.unit().equals(unit)).findFirst();
    }
}
