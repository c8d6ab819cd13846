package health.throughline;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
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
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * A coordinator's day in Chromium, against the whole product: silence becomes a task, the task is done, the timeline tells why. Pictures
 * are left in {@code target/screenshots}. An error on the console, a refusal by the content policy or a finding of axe fails it.
 */
@Tag("browser")
class CoordinatorsDayBrowserTest extends ThroughlineTest {

    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final Path AXE = Path.of("src", "main", "web", "node_modules", "axe-core", "axe.min.js");
    private static final String FINDINGS = """
            () => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}).then(found => found.violations
                .flatMap(rule => rule.nodes.map(node => rule.id + ': ' + node.target.join(' ') + ' ' + node.failureSummary)))
            """;

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
        Optional<Path> chromium = chromium();
        if (System.getenv("CI") == null) {
            assumeThat(chromium)
                    .as("No Chromium was found: install it, or name it with -Dchromium=<path>")
                    .isPresent();
        }
        assertThat(chromium).as("The browser tests need Chromium").isPresent();
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium.get())
                        .setChromiumSandbox(false)
                        .setArgs(List.of(
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
        BrowserContext context = browser.newContext(new Browser.NewContextOptions()
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
        if (playwright != null) {
            playwright.close();
        }
    }

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

        signIn();
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
        page.getByRole(AriaRole.BUTTON, exactly("Send")).click();
        assertThat(thread.locator(".text-mine")).containsText("sí");
        assertThat(thread).containsText("Gracias, Carmen");
        picture("phone");
        sound();
        clinic.hasTexts(carmen, 2);
    }

    private void signIn() {
        page.navigate(product());
        page.getByLabel("User name").fill(clinic.coordinator());
        page.getByLabel("Password", new Page.GetByLabelOptions().setExact(true)).fill(PracticeClinic.PASSWORD);
        page.keyboard().press("Enter");
    }

    private String findTheTask(Patient elena) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    page.getByRole(AriaRole.BUTTON, exactly("Refresh")).click();
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
        Locator complete = page.getByRole(AriaRole.BUTTON, exactly("Complete task"));
        assertThat(comes).isVisible();
        assertThat(complete).hasCount(0);
        page.keyboard().press("c");
        assertThat(complete).isVisible();
        page.locator(".pane-task").first().evaluate("pane => pane.scrollTo(0, 0)");
        picture("task");
        sound();
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        picture("task-dark");
        sound();
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        page.setViewportSize(390, 844);
        assertThat((boolean) page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
                .as("fits a phone")
                .isTrue();
        picture("task-on-a-phone");
        page.setViewportSize(1440, 900);

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
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        picture("timeline-dark");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    }

    private void lookAtThePhone(Patient elena) {
        page.navigate(simulator());
        page.getByRole(AriaRole.BUTTON, named(elena.number())).first().click();
        assertThat(page.getByRole(AriaRole.LOG)).containsText("Hola Elena");
        page.setViewportSize(390, 844);
        picture("phone-on-a-phone");
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

    private static Page.GetByRoleOptions named(String part) {
        return new Page.GetByRoleOptions().setName(part);
    }

    private static Optional<Path> chromium() {
        return Stream.of(
                        System.getProperty("chromium", ""),
                        "/usr/bin/chromium",
                        "/usr/bin/chromium-browser",
                        "/usr/bin/google-chrome")
                .filter(path -> !path.isEmpty())
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }
}
