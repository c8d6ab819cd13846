package health.throughline;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import health.throughline.PracticeClinic.Patient;
import health.throughline.access.CredentialsIssuer;
import health.throughline.organization.Organization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Inbox and call in Chromium, with the keyboard where a coordinator uses it. Pictures are left in {@code target/screenshots}. */
@Tag("browser")
class TalkBrowserTest extends ThroughlineTest {

    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final Path AXE = Path.of("src", "main", "web", "node_modules", "axe-core", "axe.min.js");
    private static final String FINDINGS = """
            () => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}).then(found => found.violations
                .flatMap(rule => rule.nodes.map(node => rule.id + ': ' + node.target.join(' ') + ' ' + node.failureSummary)))
            """;
    private static final String ANSWER = "In Garage B, next to the East Building.";

    @Autowired
    private CredentialsIssuer issuer;

    @Autowired
    private Organization organization;

    private final List<String> errors = new ArrayList<>();
    private @Nullable Playwright playwright;
    private Page page;
    private PracticeClinic clinic;

    @BeforeEach
    void openTheBrowser() {
        Optional<Path> chromium = Stream.of(
                        System.getProperty("chromium", ""),
                        "/usr/bin/chromium",
                        "/usr/bin/chromium-browser",
                        "/usr/bin/google-chrome")
                .filter(path -> !path.isEmpty())
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        if (System.getenv("CI") == null) {
            assumeThat(chromium)
                    .as("No Chromium was found: install it, or name it with -Dchromium=<path>")
                    .isPresent();
        }
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        var context = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium.orElseThrow())
                        .setChromiumSandbox(false)
                        .setArgs(List.of("--disable-gpu", "--no-first-run", "--disable-background-networking")))
                .newContext(new Browser.NewContextOptions()
                        .setViewportSize(1440, 900)
                        .setLocale("en-US")
                        .setTimezoneId("America/Denver")
                        .setReducedMotion(ReducedMotion.REDUCE));
        context.setDefaultTimeout(20_000);
        context.onConsoleMessage(this::note);
        context.onWebError(error -> errors.add(error.error()));
        page = context.newPage();
        clinic = new PracticeClinic(this, issuer, organization);
    }

    @AfterEach
    void closeTheBrowser() {
        errors.forEach(System.err::println);
        if (playwright != null) {
            playwright.close();
        }
    }

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

        signIn();
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

    private void signIn() {
        page.navigate(product() + "/inbox?show=all");
        page.getByLabel("User name").fill(clinic.coordinator());
        page.getByLabel("Password", new Page.GetByLabelOptions().setExact(true)).fill(PracticeClinic.PASSWORD);
        page.keyboard().press("Enter");
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
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        picture("inbox-dark");
        sound();
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        page.keyboard().press("Control+Enter");
        assertThat(lines).containsText(ANSWER);
        clinic.hasTexts(david, 3);

        page.getByRole(AriaRole.BUTTON, exactly("Take over")).click();
        assertThat(page.locator(".thread-bar")).containsText("You talk with the patient");
        page.getByLabel("Text to the patient").press("Escape");
        page.keyboard().press("n");
        page.getByLabel("Note for colleagues").fill("Comes by car, walks with a cane");
        page.keyboard().press("Control+Enter");
        assertThat(lines).containsText("walks with a cane");
        picture("inbox-taken-over");
        sound();
        page.getByRole(AriaRole.BUTTON, exactly("Hand back")).click();
        assertThat(page.locator(".thread-bar")).containsText("Journeys write and hear");
        page.setViewportSize(390, 844);
        assertThat((boolean) page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
                .as("fits a phone")
                .isTrue();
        picture("inbox-on-a-phone");
        page.setViewportSize(1440, 900);
    }

    private void call(Patient elena) {
        page.navigate(product() + "/tasks");
        page.locator("[data-task-row]", new Page.LocatorOptions().setHasText(elena.name()))
                .click();
        assertThat(page.getByRole(AriaRole.BUTTON, exactly("Call the patient and ask whether they will come")))
                .isVisible();
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
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        picture("call-dark");
        sound();
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
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

    private void note(ConsoleMessage message) {
        // how a page learns that nobody is signed in
        boolean askedWho =
                message.location().contains("/api/v1/session") && message.text().contains("401");
        if (message.type().equals("error") && !askedWho) {
            errors.add(message.text() + " " + message.location());
        }
    }

    private void picture(String name) {
        page.waitForTimeout(400); // tooltips and colours come to rest
        page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")));
    }

    /** Finds nothing that breaks WCAG, A or AA. */
    private void sound() {
        try {
            page.evaluate(Files.readString(AXE));
        } catch (IOException e) {
            throw new UncheckedIOException("The pages were not built", e);
        }
        assertThat((List<?>) page.evaluate(FINDINGS)).as(page.url()).isEmpty();
    }

    private static Page.GetByRoleOptions exactly(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }
}
