package health.throughline;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import health.throughline.PracticeClinic.Patient;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The chat on a site of another origin, by keyboard, in Chromium, with a coordinator at the other end. */
class ChatBrowserTest extends BrowserTest {

    private static final Pattern CODE = Pattern.compile("\\b(\\d{6})\\b");

    @Test
    @DisplayName("C6, A4, K15: a visitor chats on the site, is answered by a person, and shows who they are")
    void chatsOnTheSite() {
        Patient david = clinic.patient("David", "Sample-Hart", "en", "+17205550176");
        page.setViewportSize(900, 800);
        page.navigate(simulator() + "/site");
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        FrameLocator chat = page.frameLocator("iframe");
        assertThat(chat.getByText("A computer reads first")).isVisible();
        var field = chat.getByLabel("Your message");
        assertThat(field).isFocused();
        page.keyboard().type("Do you have parking? <b>bold</b>");
        page.keyboard().press("Enter");
        assertThat(chat.getByRole(AriaRole.LOG)).containsText("<b>bold</b>");
        picture("chat");

        BrowserContext staff = page.context().browser().newContext();
        Page desk = staff.newPage();
        Page site = page;
        page = desk;
        signIn(clinic.coordinatorOfAll(), "/inbox");
        desk.locator("[data-thread-row]", new Page.LocatorOptions().setHasText("on the site"))
                .first()
                .click();
        desk.getByLabel("Answer", new Page.GetByLabelOptions().setExact(true))
                .last()
                .fill("Yes, Garage B, next to the East Building.");
        desk.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName("Send").setExact(true))
                .click();
        assertThat(chat.getByRole(AriaRole.LOG)).containsText("Garage B");
        assertThat(chat.getByRole(AriaRole.LOG)).containsText("Our staff");
        picture("chat-visitor");
        page = site;

        site.reload();
        site.keyboard().press("Tab");
        site.keyboard().press("Enter");
        assertThat(chat.getByRole(AriaRole.LOG)).containsText("Garage B");
        chat.getByText("I am a patient here").click();
        chat.getByLabel("Your mobile number").fill(david.number());
        chat.getByLabel("Date of birth").fill("1968-03-14");
        picture("chat-who");
        chat.getByText("Send me a code").click();
        chat.getByLabel("Code of 6 digits").fill(code(david));
        chat.getByText("Go on").click();
        assertThat(chat.getByText("We know who you are now")).isVisible();
        picture("chat-verified");
        desk.navigate(product() + "/patients/" + david.id());
        assertThat(desk.getByText("Do you have parking?").first()).isVisible();
        assertThat(desk.getByText("Chat on the site").first()).isVisible();
        page = desk;
        picture("chat-timeline");
        page = site;
        staff.close();

        site.keyboard().press("Escape");
        site.navigate(simulator() + "/site/ar-XB");
        site.getByRole(AriaRole.BUTTON).first().click();
        assertThat(chat.getByRole(AriaRole.LOG)).containsText("Garage B");
        assertThat((String) site.frames().getLast().evaluate("() => document.dir"))
                .isEqualTo("rtl");
        picture("chat-right-to-left");
        chat.getByText("End chat").press("Enter");
        assertThat(chat.getByText("Nothing of it is left")).isVisible();
        assertThat(chat.getByRole(AriaRole.LOG)).not().containsText("Garage B");
        site.reload();
        site.getByRole(AriaRole.BUTTON).first().click();
        assertThat(chat.getByText("How can we help?")).isVisible();
        assertThat(chat.getByText("Garage B")).hasCount(0);
        assertThat(errors).isEmpty();
    }

    private String code(Patient patient) {
        var found = new String[1];
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            Matcher code = CODE.matcher(String.join(" ", clinic.texts(patient)));
            found[0] = code.find() ? code.group(1) : null;
            return found[0] != null;
        });
        return found[0];
    }
}
