package health.throughline;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

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
import health.throughline.access.CredentialsIssuer;
import health.throughline.organization.Organization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * The product's pages in Chromium, and a clinic of its own for each test. Pictures are left in {@code target/screenshots}. What the page
 * puts on the console as an error, and what the content policy refused, is in {@link #errors}.
 */
@Tag("browser")
abstract class BrowserTest extends ThroughlineTest {

    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final Path AXE = Path.of("src", "main", "web", "node_modules", "axe-core", "axe.min.js");
    private static final String FINDINGS = """
            () => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}).then(found => found.violations
                .flatMap(rule => rule.nodes.map(node => rule.id + ': ' + node.target.join(' ') + ' ' + node.failureSummary)))
            """;
    private static final int WIDTH = 1440;
    private static final int HEIGHT = 900;
    private static final int PATIENCE_MILLIS = 20_000;

    private static Playwright playwright;
    private static Browser browser;

    @Autowired
    CredentialsIssuer issuer;

    @Autowired
    Organization organization;

    final List<String> errors = new ArrayList<>();
    Page page;
    PracticeClinic clinic;

    @BeforeAll
    static void startTheBrowser() {
        Optional<Path> chromium = chromium();
        if (System.getenv("CI") == null) {
            assumeThat(chromium)
                    .as("No Chromium was found: install it, or name it with -Dchromium=<path>")
                    .isPresent();
        }
        assertThat(chromium).as("The browser tests need Chromium").isPresent();
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
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
    }

    @AfterAll
    static void stopTheBrowser() {
        if (playwright != null) {
            playwright.close();
        }
    }

    @BeforeEach
    void openAPage() {
        BrowserContext context = browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(WIDTH, HEIGHT)
                .setLocale("en-US")
                .setTimezoneId("America/Denver")
                .setReducedMotion(ReducedMotion.REDUCE));
        context.setDefaultTimeout(PATIENCE_MILLIS);
        context.onConsoleMessage(this::note);
        context.onWebError(error -> errors.add(error.error()));
        page = context.newPage();
        clinic = new PracticeClinic(this, issuer, organization);
    }

    @AfterEach
    void closeThePage() {
        errors.forEach(System.err::println);
        page.context().close();
    }

    void signIn(String username, String path) {
        page.navigate(product() + path);
        page.getByLabel("User name").fill(username);
        field("Password").fill(PracticeClinic.PASSWORD);
        page.keyboard().press("Enter");
        assertThat(page.getByRole(AriaRole.NAVIGATION).first()).isVisible();
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator field(String label) {
        return page.getByLabel(label, new Page.GetByLabelOptions().setExact(true));
    }

    void picture(String name) {
        page.waitForTimeout(400); // tooltips and colours come to rest
        page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")));
    }

    void inTheDark(Runnable look) {
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        look.run();
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    }

    /** Without scrolling sideways. */
    void fitsAPhone(String picture) {
        page.setViewportSize(390, 844);
        assertThat((boolean) page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
                .as("fits a phone")
                .isTrue();
        picture(picture);
        page.setViewportSize(WIDTH, HEIGHT);
    }

    /** Finds nothing that breaks WCAG, A or AA. */
    void sound() {
        try {
            page.evaluate(Files.readString(AXE));
        } catch (IOException e) {
            throw new UncheckedIOException("The pages were not built", e);
        }
        assertThat((List<?>) page.evaluate(FINDINGS)).as(page.url()).isEmpty();
    }

    private void note(ConsoleMessage message) {
        // how a page learns that nobody is signed in
        boolean askedWho =
                message.location().contains("/api/v1/session") && message.text().contains("401");
        if (message.type().equals("error") && !askedWho) {
            errors.add(message.text() + " " + message.location());
        }
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
