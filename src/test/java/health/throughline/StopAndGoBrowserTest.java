package health.throughline;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import health.throughline.access.Role;
import health.throughline.organization.Holds;
import health.throughline.organization.OrgUnit;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A supervisor stops, looks at what would go, and lifts; an administrator moves a department. Pictures in {@code target/screenshots}. */
class StopAndGoBrowserTest extends BrowserTest {

    @Autowired
    private Holds holds;

    private final String tag = UUID.randomUUID().toString().substring(0, 8);
    private OrgUnit hospital;

    @BeforeEach
    void people() {
        page.setViewportSize(1280, 860);
        hospital = organization.all().stream()
                .filter(unit -> unit.name().equals("Mercy Valley Clinic"))
                .reduce((one, other) -> other)
                .orElseThrow();
        issuer.createUser("sam-" + tag, "Sam Supervisor", Role.SUPERVISOR, hospital.id(), PracticeClinic.PASSWORD);
        issuer.createUser(
                "ada-" + tag, "Ada Administrator", Role.ADMINISTRATOR, hospital.id(), PracticeClinic.PASSWORD);
    }

    @AfterEach
    void liftEverything() {
        holds.inForce().forEach(hold -> holds.lift(hold.id(), null));
    }

    @Test
    void stopsShowsWhatWouldGoAndLifts() {
        signIn("sam-" + tag, "/stop-and-go");
        assertThat(page.getByText("Nothing is on hold")).isVisible();
        button("Stop…").click();
        page.getByLabel("What to stop").selectOption("system");
        page.getByLabel("Why").fill("The reminders name the wrong building");
        picture("stop-form");
        button("Stop everything now").click();
        assertThat(page.getByText("Nothing more starts.").first()).isVisible();
        button("Close").last().click();
        assertThat(page.getByRole(AriaRole.STATUS, new Page.GetByRoleOptions().setName("On hold")))
                .containsText("Everything at Mercy Valley Clinic is on hold");
        picture("on-hold");
        sound();
        inTheDark(() -> picture("on-hold-dark"));
        button("See what would go, and lift…").click();
        assertThat(page.getByText("Go now")).isVisible();
        picture("lift");
        button("Lift the stop").click();
        assertThat(page.getByText("Nothing is on hold")).isVisible();

        page.navigate(product() + "/stop-and-go/on-call");
        button("Change…").first().click();
        button("Add somebody").click();
        field("Name 1").fill("Kim Lee, charge nurse");
        field("Phone 1").fill("303 555 0142");
        page.getByText("This unit has staffed hours of its own").click();
        picture("on-call-form");
        button("Save").click();
        assertThat(page.getByText("Kim Lee, charge nurse")).isVisible();
        picture("on-call");
        sound();

        page.navigate(product() + "/stop-and-go/away");
        page.getByLabel("User name").fill("sam-" + tag);
        page.getByLabel("Until").fill("2031-01-01T09:00");
        button("Mark away").click();
        assertThat(page.getByRole(AriaRole.ALERT)
                        .or(page.getByText("An absence is at most a year"))
                        .first())
                .isVisible();
        picture("away");
    }

    @Test
    void movesADepartment() {
        signIn("ada-" + tag, "/stop-and-go/departments");
        button("Back…").first().click();
        page.getByLabel("Why").fill("The texts are being looked over");
        button("Change").last().click();
        assertThat(page.locator(".phase-now").first()).hasText("Allow-list");
        picture("departments");
        sound();
        page.getByText("Report").first().click();
        assertThat(page.getByText("Waiting for their time")).isVisible();
        picture("shadow-report");
        sound();
    }
}
