package health.throughline;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import health.throughline.access.CredentialsIssuer;
import health.throughline.access.Role;
import health.throughline.organization.Holds;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.Organization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A supervisor stops, looks at what would go, and lifts; an administrator moves a department. Pictures in {@code target/screenshots}. */
@Tag("browser")
class StopAndGoBrowserTest extends ThroughlineTest {

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

    @Autowired
    private Holds holds;

    private final String tag = UUID.randomUUID().toString().substring(0, 8);
    private @Nullable Playwright playwright;
    private Page page;
    private OrgUnit hospital;

    @BeforeEach
    void openTheBrowser() {
        Optional<Path> chromium = Stream.of(
                        Optional.ofNullable(System.getProperty("chromium")).orElse("/usr/bin/chromium"),
                        "/usr/bin/chromium-browser",
                        "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        if (System.getenv("CI") == null) {
            assumeThat(chromium).isPresent();
        }
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium.orElseThrow())
                        .setChromiumSandbox(false)
                        .setArgs(List.of("--disable-gpu", "--no-first-run", "--disable-background-networking")));
        BrowserContext context = browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(1280, 860)
                .setLocale("en-US")
                .setTimezoneId("America/Denver")
                .setReducedMotion(ReducedMotion.REDUCE));
        context.setDefaultTimeout(20_000);
        page = context.newPage();
        new PracticeClinic(this, issuer, organization);
        hospital = organization.all().stream()
                .filter(unit -> unit.name().equals("Mercy Valley Clinic"))
                .reduce((one, other) -> other)
                .orElseThrow();
        issuer.createUser("sam-" + tag, "Sam Supervisor", Role.SUPERVISOR, hospital.id(), PracticeClinic.PASSWORD);
        issuer.createUser(
                "ada-" + tag, "Ada Administrator", Role.ADMINISTRATOR, hospital.id(), PracticeClinic.PASSWORD);
    }

    @AfterEach
    void closeTheBrowser() {
        holds.inForce().forEach(hold -> holds.lift(hold.id(), null));
        if (playwright != null) {
            playwright.close();
        }
    }

    @Test
    void stopsShowsWhatWouldGoAndLifts() {
        signIn("sam-" + tag);
        page.navigate(product() + "/stop-and-go");
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
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        picture("on-hold-dark");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        button("See what would go, and lift…").click();
        assertThat(page.getByText("Go now")).isVisible();
        picture("lift");
        button("Lift the stop").click();
        assertThat(page.getByText("Nothing is on hold")).isVisible();

        page.navigate(product() + "/stop-and-go/on-call");
        button("Change…").first().click();
        button("Add somebody").click();
        page.getByLabel("Name 1", new Page.GetByLabelOptions().setExact(true)).fill("Kim Lee, charge nurse");
        page.getByLabel("Phone 1", new Page.GetByLabelOptions().setExact(true)).fill("303 555 0142");
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
        signIn("ada-" + tag);
        page.navigate(product() + "/stop-and-go/departments");
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

    private com.microsoft.playwright.Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private void signIn(String username) {
        page.navigate(product());
        page.getByLabel("User name").fill(username);
        page.getByLabel("Password", new Page.GetByLabelOptions().setExact(true)).fill(PracticeClinic.PASSWORD);
        page.keyboard().press("Enter");
        assertThat(page.getByRole(AriaRole.NAVIGATION).first()).isVisible();
    }

    private void picture(String name) {
        page.waitForTimeout(400); // colours come to rest
        page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")));
    }

    /** Nothing that keeps somebody from using the page. */
    private void sound() {
        try {
            page.evaluate(Files.readString(AXE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat((List<?>) page.evaluate(FINDINGS)).isEqualTo(List.of());
    }
}
