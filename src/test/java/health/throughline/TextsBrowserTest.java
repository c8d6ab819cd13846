package health.throughline;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import health.throughline.access.Role;
import health.throughline.organization.OrgUnit;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An administrator looks a text over and writes another wording, which is judged while it is written. Pictures in {@code target/screenshots}. */
class TextsBrowserTest extends BrowserTest {

    private final String tag = UUID.randomUUID().toString().substring(0, 8);

    @BeforeEach
    void people() {
        OrgUnit hospital = organization.all().stream()
                .filter(unit -> unit.name().equals("Mercy Valley Clinic"))
                .reduce((one, other) -> other)
                .orElseThrow();
        issuer.createUser(
                "ada-" + tag, "Ada Administrator", Role.ADMINISTRATOR, hospital.id(), PracticeClinic.PASSWORD);
    }

    @Test
    void looksATextOverAndWritesAnotherWording() {
        signIn("ada-" + tag, "/texts");
        assertThat(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Visit cancelled")))
                .isVisible();
        picture("texts");
        sound();
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Visit cancelled"))
                .click();
        assertThat(page.getByText("your visit on").first()).isVisible();
        picture("text");
        sound();
        inTheDark(() -> picture("text-dark"));

        button("Change…").first().click();
        field("Wording").fill("{provider}: {givenName}, your chemotherapy is off.");
        assertThat(page.getByText("says \"chemotherapy\"").first()).isVisible();
        picture("text-refused");
        field("Wording")
                .fill("{provider}: {givenName}, your visit on {visit, date, ::EEEEMMMMd} is off, as you asked. To book"
                        + " a new one, call {phone}.");
        page.getByLabel("Why").fill("Shorter words");
        assertThat(page.getByText("is off, as you asked").last()).isVisible();
        picture("text-change");
    }
}
