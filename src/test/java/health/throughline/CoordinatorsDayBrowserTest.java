package health.throughline;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import health.throughline.PracticeClinic.Patient;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A coordinator's day in Chromium, against the whole product: silence becomes a task, the task is done, the timeline tells why. Pictures
 * are left in {@code target/screenshots}. An error on the console, a refusal by the content policy or a finding of axe fails it.
 */
class CoordinatorsDayBrowserTest extends BrowserTest {

    @Test
    void bringsSilenceToAPersonWhoSettlesIt() {
        Patient elena = clinic.patient("Elena", "Sample-Rios", "es", "+17205550171");
        Patient david = clinic.patient("David", "Sample-Hart", "en", "+17205550172");
        Patient carmen = clinic.patient("Carmen", "Sample-Lopez", "es", "+17205550173");
        var visit = clinic.books(elena, 8, 15, 30);
        clinic.books(david, 8, 9, 0);
        clinic.books(carmen, 8, 11, 15);

        clinic.nextDay(10, 0);
        Stream.of(elena, david, carmen).forEach(patient -> clinic.hasTexts(patient, 1));
        carmenConfirmsOnHerPhone(carmen);
        clinic.writes(david, "I can't come that day, could it be the week after?");
        clinic.goTo(visit.minusDays(2).withHour(10).withMinute(0));
        clinic.hasTexts(elena, 2);
        clinic.nextDay(9, 0);

        signIn(clinic.coordinator(), "");
        String reason = findTheTask(elena);
        doTheTask(reason);
        readTheTimeline(elena);
        lookAtThePhone(elena);

        assertThat(errors).isEmpty();
    }

    private void carmenConfirmsOnHerPhone(Patient carmen) {
        page.navigate(simulator());
        page.getByRole(AriaRole.BUTTON, named(carmen.number())).first().click();
        Locator thread = page.getByRole(AriaRole.LOG);
        assertThat(thread).containsText("Hola Carmen, su visita es el");
        page.getByLabel("Write as " + carmen.number()).fill("sí");
        button("Send").click();
        assertThat(thread.locator(".text-mine")).containsText("sí");
        assertThat(thread).containsText("Gracias, Carmen");
        picture("phone");
        sound();
        clinic.hasTexts(carmen, 2);
    }

    private String findTheTask(Patient elena) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    button("Refresh").click();
                    return page.locator("[data-task-row]").count() == 2;
                });
        Locator row = page.locator("[data-task-row]", new Page.LocatorOptions().setHasText(elena.name()));
        assertThat(row)
                .containsText(Pattern.compile("No answer to two reminders for .* 15:30, Cardiology; reads Spanish"));
        picture("worklist");
        sound();
        String reason = row.locator(".row-title").innerText();
        row.click();
        return reason;
    }

    private void doTheTask(String reason) {
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                .hasText(reason);
        Locator comes = page.getByLabel("The patient comes");
        Locator complete = button("Complete task");
        assertThat(comes).isVisible();
        assertThat(complete).hasCount(0);
        page.keyboard().press("c");
        assertThat(complete).isVisible();
        page.locator(".pane-task").first().evaluate("pane => pane.scrollTo(0, 0)");
        picture("task");
        sound();
        inTheDark(() -> {
            picture("task-dark");
            sound();
        });
        fitsAPhone("task-on-a-phone");

        complete.click();
        assertThat(page.getByRole(AriaRole.ALERT).first()).containsText("missing");
        comes.check();
        page.getByLabel("Note for colleagues").fill("Her daughter drives her");
        complete.click();
        assertThat(page.getByRole(AriaRole.STATUS).filter(new Locator.FilterOptions().setHasText("Done by you")))
                .isVisible();
    }

    private void readTheTimeline(Patient elena) {
        page.navigate(product() + "/patients/" + elena.id());
        assertThat(page.getByText("Hola Elena, su visita es el")).hasCount(2);
        Locator reminder = page.locator(".entry-message").first();
        reminder.getByText("Why?").click();
        assertThat(reminder.locator(".because")).isVisible();
        assertThat(reminder.locator(".because")).containsText("consent given");
        picture("timeline");
        sound();
        Locator journey = page.locator(".entry-journey").first();
        journey.getByText("Step by step").click();
        assertThat(journey.locator(".steps")).containsText("How did it end? Settled.");
        journey.scrollIntoViewIfNeeded();
        picture("steps");
        sound();
        inTheDark(() -> picture("timeline-dark"));
    }

    private void lookAtThePhone(Patient elena) {
        page.navigate(simulator());
        page.getByRole(AriaRole.BUTTON, named(elena.number())).first().click();
        assertThat(page.getByRole(AriaRole.LOG)).containsText("Hola Elena");
        page.setViewportSize(390, 844);
        picture("phone-on-a-phone");
    }

    private static Page.GetByRoleOptions named(String part) {
        return new Page.GetByRoleOptions().setName(part);
    }
}
