package health.throughline;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import health.throughline.PracticeClinic.Patient;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Inbox and call in Chromium, with the keyboard where a coordinator uses it. Pictures are left in {@code target/screenshots}. */
class TalkBrowserTest extends BrowserTest {

    private static final String ANSWER = "In Garage B, next to the East Building.";

    @Test
    void answersInTheInboxAndCallsInThreeKeys() {
        Patient elena = clinic.patient("Elena", "Sample-Rios", "es", "+17205550174");
        Patient david = clinic.patient("David", "Sample-Hart", "en", "+17205550175");
        var visit = clinic.books(elena, 8, 15, 30);
        clinic.books(david, 8, 9, 0);
        clinic.nextDay(10, 0);
        Stream.of(elena, david).forEach(patient -> clinic.hasTexts(patient, 1));
        clinic.goTo(visit.minusDays(2).withHour(10).withMinute(0));
        Stream.of(elena, david).forEach(patient -> clinic.hasTexts(patient, 2));
        clinic.nextDay(9, 0);
        waitFor("select count(*) from task where state = 'open' and patient_id = ?", elena);
        waitFor("select count(*) from task where state = 'open' and patient_id = ?", david);
        clinic.writes(david, "Where do I park?");
        waitFor("select count(*) from conversation where active_at is not null and patient_id = ?", david);

        signIn(clinic.coordinator(), "/inbox?show=all");
        answer(david);
        call(elena);
        lookUp(elena);
        assertThat(errors).isEmpty();
    }

    private void waitFor(String count, Patient patient) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> inTransaction(() -> jdbc.sql(count)
                                .param(patient.id())
                                .query(Long.class)
                                .single())
                        .equals(1L));
    }

    private void answer(Patient david) {
        Locator row = page.locator("[data-thread-row]", new Page.LocatorOptions().setHasText(david.name()));
        row.click();
        Locator lines = page.getByRole(AriaRole.LOG);
        assertThat(lines).containsText("Where do I park?");
        page.keyboard().press("r");
        page.getByLabel("Text to the patient").fill(ANSWER);
        assertThat(page.locator(".composer-decision")).containsText("It may go now");
        picture("inbox");
        sound();
        inTheDark(() -> {
            picture("inbox-dark");
            sound();
        });
        page.keyboard().press("Control+Enter");
        assertThat(lines).containsText(ANSWER);
        clinic.hasTexts(david, 3);

        button("Take over").click();
        assertThat(page.locator(".thread-bar")).containsText("You talk with the patient");
        page.getByLabel("Text to the patient").press("Escape");
        page.keyboard().press("n");
        page.getByLabel("Note for colleagues").fill("Comes by car, walks with a cane");
        page.keyboard().press("Control+Enter");
        assertThat(lines).containsText("walks with a cane");
        picture("inbox-taken-over");
        sound();
        button("Hand back").click();
        assertThat(page.locator(".thread-bar")).containsText("Journeys write and hear");
        fitsAPhone("inbox-on-a-phone");
        seesPictures(david, lines);
    }

    private void seesPictures(Patient david, Locator lines) {
        clinic.sends(david, "", "arm", "none");
        assertThat(lines.getByAltText("Picture from the patient")).isVisible();
        clinic.sends(david, "And my card, if you need it", "card", "none");
        clinic.sends(david, "This one too", "arm", "too-large");
        assertThat(lines).containsText("A picture of 12 MB was not kept: larger than 10 MB.");
        assertThat(lines.getByAltText("Picture from the patient")).hasCount(2);
        assertThat((boolean) lines.getByAltText("Picture from the patient")
                        .last()
                        .evaluate("image => image.decode().then(() => image.naturalWidth > 0)"))
                .isTrue();
        picture("inbox-pictures");
        sound();
        lines.getByAltText("Picture from the patient").first().click();
        assertThat(page.getByRole(AriaRole.DIALOG)).isVisible();
        picture("inbox-picture-large");
        sound();
        fitsAPhone("inbox-picture-large-on-a-phone");
        page.keyboard().press("Escape");
        assertThat(page.getByRole(AriaRole.DIALOG)).isHidden();
        inTheDark(() -> picture("inbox-pictures-dark"));
        fitsAPhone("inbox-pictures-on-a-phone");
        page.navigate(product() + "/patients/" + david.id());
        assertThat(page.getByAltText("Picture from the patient").first()).isVisible();
        picture("patient-pictures");
        page.navigate(simulator());
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(david.number()))
                .first()
                .click();
        page.getByLabel("Send a picture with it").selectOption("A picture of a card");
        button("Send").click();
        assertThat(page.getByAltText("Picture sent from this phone")).hasCount(4);
        picture("phone-pictures");
    }

    private void call(Patient elena) {
        page.navigate(product() + "/tasks");
        page.locator("[data-task-row]", new Page.LocatorOptions().setHasText(elena.name()))
                .click();
        assertThat(button("Call the patient and ask whether they will come")).isVisible();
        page.keyboard().press("d");
        Locator call = page.locator(".call");
        assertThat(call).containsText("Le escribimos sobre la visita");
        assertThat(call).containsText("We texted you about the visit");
        page.keyboard().press("o");
        page.keyboard().press("c");
        assertThat(page.getByRole(AriaRole.RADIO).and(page.locator("[aria-checked=true]")))
                .containsText("comes to the visit");
        page.locator(".pane-task").first().evaluate("pane => pane.scrollTo(0, 0)");
        picture("call");
        sound();
        inTheDark(() -> {
            picture("call-dark");
            sound();
        });
        page.keyboard().press("Enter");
        assertThat(page.getByRole(AriaRole.STATUS).filter(new Locator.FilterOptions().setHasText("Done by you")))
                .isVisible();
        picture("call-ended");
        page.navigate(product() + "/patients/" + elena.id());
        assertThat(page.getByText("Called: reached, comes to the visit")).isVisible();
    }

    private void lookUp(Patient elena) {
        page.keyboard().press("/");
        page.getByRole(AriaRole.SEARCHBOX).fill(elena.number().substring(2));
        page.keyboard().press("Enter");
        assertThat(page.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText(elena.name())))
                .containsText("Cardiology");
        picture("look-up");
        sound();
    }
}
