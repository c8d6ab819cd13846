package health.throughline;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
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
        issuer.createUser(
                "bea-" + tag, "Bea Administrator", Role.ADMINISTRATOR, hospital.id(), PracticeClinic.PASSWORD);
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

    /** What is said changes only by two persons, and goes back by one with a reason. */
    @Test
    void twoPeopleChangeAWordingAndItIsTakenBack() {
        String was = "Your visit still stands.";
        String wording = "Your visit has not changed (" + tag + ").";
        propose("ada-", was, "Your visit is off (" + tag + ").", "Not right, as it turns out");
        proposed().getByText("Somebody else approves it.").waitFor();
        asSomebodyElse("bea-");
        proposed().getByText("Not right, as it turns out").waitFor();
        fitsAPhone("text-proposed-on-a-phone");
        picture("text-proposed");
        sound();
        button("Turn it down…").click();
        page.getByRole(AriaRole.DIALOG).getByLabel("Why").fill("It is not off, it still stands");
        button("Turn it down").click();
        assertThat(proposed()).hasCount(0);
        assertThat(page.getByRole(AriaRole.ROW).filter(having("Turned down")).first())
                .containsText("It is not off, it still stands");

        propose("bea-", was, wording, "Plainer words");
        asSomebodyElse("ada-");
        button("Approve…").click();
        picture("text-approve");
        button("Approve").click();
        assertThat(proposed()).hasCount(0);
        assertThat(page.getByText(wording).first()).isVisible();
        assertThat(page.getByText("Changed here, approved by").first()).isVisible();
        picture("text-approved");

        page.getByRole(AriaRole.ROW)
                .filter(having("Came with a release"))
                .filter(having("English, E-mail"))
                .getByRole(AriaRole.BUTTON)
                .first()
                .click();
        page.getByRole(AriaRole.DIALOG).getByLabel("Why").fill("The old words were known");
        picture("text-back");
        button("Say it again").click();
        assertThat(page.getByText(was).first()).isVisible();
        assertThat(page.getByRole(AriaRole.ROW).filter(having("Taken back to")).first())
                .containsText("The old words were known");
        fitsAPhone("text-on-a-phone");
        page.navigate(product() + "/texts");
        assertThat(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Visit cancelled")))
                .isVisible();
        fitsAPhone("texts-on-a-phone");
        org.assertj.core.api.Assertions.assertThat(errors).isEmpty();
    }

    private void propose(String who, String before, String after, String why) {
        asSomebodyElse(who);
        button("Change…").first().click();
        Locator field = field("Wording");
        field.fill(field.inputValue().replace(before, after));
        page.getByLabel("Why").fill(why);
        button("Propose").click();
        proposed().getByText(why).waitFor();
    }

    private void asSomebodyElse(String who) {
        page.context().clearCookies();
        signIn(who + tag, "/texts/cancel-asked");
        page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("Cancel asked"))
                .waitFor();
    }

    private Locator proposed() {
        return page.getByLabel("A change waits");
    }

    private static Locator.FilterOptions having(String text) {
        return new Locator.FilterOptions().setHasText(text);
    }
}
