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

/** Whose record and whose number, in Chromium: three children on one phone, a record frozen, two joined. Pictures are left in {@code target/screenshots}. */
@Tag("browser")
class RecordBrowserTest extends ThroughlineTest {

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
    void showsTheMothersThreadWithThreeChildrenOnOnePhone() {
        Patient mateo = clinic.patient("Mateo", "Sample-Ruiz", "en", "+17205550181");
        Patient lucia = clinic.patient("Lucia", "Sample-Ruiz", "en", mateo.number());
        Patient zoe = clinic.patient("Zoe", "Sample-Ruiz", "en", mateo.number());
        clinic.books(mateo, 1, 9, 0);
        clinic.books(lucia, 1, 9, 30);
        clinic.books(zoe, 1, 10, 0);
        clinic.laterToday(10, 0);
        await().atMost(Duration.ofSeconds(30)).until(() -> asked(mateo, lucia, zoe) == 3);
        clinic.hasTexts(mateo, 3);
        clinic.writes(mateo, "yes");
        clinic.hasTexts(mateo, 4);
        clinic.writes(mateo, "2 only");
        clinic.hasTexts(mateo, 5);

        signIn(clinic.coordinator(), "/inbox?show=all");
        page.locator("[data-thread-row]", new Page.LocatorOptions().setHasText(lucia.name()))
                .click();
        Locator lines = page.getByRole(AriaRole.LOG);
        assertThat(lines).containsText("2 only");
        assertThat(lines).containsText("Thank you, Lucia");
        picture("mother");
        sound();

        long before = revoked();
        clinic.writes(mateo, "STOP");
        await().atMost(Duration.ofSeconds(30)).until(() -> revoked() > before);
        for (Patient child : List.of(mateo, zoe, lucia)) {
            page.navigate(product() + "/inbox/" + child.id() + "?show=all");
            page.getByLabel("Text to the patient").fill("Hello");
            assertThat(page.locator(".composer-decision .tone-bad")).isVisible();
            assertThat(page.getByRole(AriaRole.BUTTON, exactly("Send"))).isDisabled();
        }
        picture("mother-stopped");
        sound();

        page.navigate(simulator());
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(mateo.number()))
                .first()
                .click();
        Locator phone = page.getByRole(AriaRole.LOG);
        assertThat(phone).containsText("more than one visit");
        assertThat(phone.locator(".text-mine").last()).containsText("STOP");
        picture("mother-phone");
        assertThat(errors).isEmpty();
    }

    @Test
    void freezesARecordAndJoinsTwo() {
        Patient rosa = clinic.patient("Rosa", "Sample-Delgado", "es", "+17205550184");
        Patient again = clinic.patient("Rosalia", "Sample-Delgado", "es", "+17205550185");
        clinic.books(rosa, 8, 15, 30);
        clinic.nextDay(10, 0);
        clinic.hasTexts(rosa, 1);

        signIn(clinic.supervisor(), "/patients/" + rosa.id());
        unfold("Mend this record…");
        unfold("What was told, and to which number");
        assertThat(page.getByLabel("What was told", new Page.GetByLabelOptions().setExact(true)))
                .containsText("…0184");
        picture("record-told");
        sound();
        unfold("What was told, and to which number");

        unfold("New number, heard from the patient");
        page.getByLabel("Phone number").fill("12");
        click("Use this number");
        assertThat(page.getByLabel("Phone number")).hasAttribute("aria-invalid", "true");
        assertThat(errors).as("the refusal of the number").hasSize(1);
        errors.clear();
        page.getByLabel("Phone number").fill("+1 720 555 0186");
        click("Use this number");
        assertThat(page.getByLabel("Patient", new Page.GetByLabelOptions().setExact(true)))
                .containsText("+1 720 555 0186");
        unfold("New number, heard from the patient");

        unfold("May be somebody else’s…");
        click("Freeze this record…");
        assertThat(page.getByLabel("Freeze this record")).containsText("Nothing is sent");
        picture("record-freeze");
        sound();
        click("Yes, freeze it");
        Locator frozen = page.locator(".frozen");
        assertThat(frozen).containsText("nothing is sent until somebody settles");
        picture("record-frozen");
        sound();
        join(again);
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("Settle that first");
        assertThat(errors).as("the refusal to join").hasSize(1);
        errors.clear();
        click("Leave them apart");

        click("It is settled: messages may go again");
        click("Yes, it is settled");
        assertThat(frozen).hasCount(0);
        click("Compare");
        page.getByText("Yes, they are one person").scrollIntoViewIfNeeded();
        picture("record");
        sound();
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        picture("record-dark");
        sound();
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        click("Yes, they are one person: join them");
        Locator joined = page.getByLabel("Joined to this record");
        assertThat(joined).containsText(again.name());
        assertThat(page.getByLabel("The other record")).hasValue("");
        picture("record-joined");
        sound();
        click("Take apart…");
        click("Yes, take them apart");
        assertThat(joined).hasCount(0);
        assertThat(errors).isEmpty();
    }

    private void join(Patient other) {
        unfold("Same person as another record…");
        page.getByLabel("The other record").fill(other.name());
        click("Find");
        click("Compare");
        click("Yes, they are one person: join them");
    }

    private void unfold(String title) {
        page.locator("summary", new Page.LocatorOptions().setHasText(title)).click();
    }

    private void click(String name) {
        page.getByRole(AriaRole.BUTTON, exactly(name)).click();
    }

    private Integer asked(Patient... children) {
        return inTransaction(() -> jdbc.sql(
                        "select count(*) from question_item where closed_at is null and patient_id = any(:patients)")
                .param("patients", Stream.of(children).map(Patient::id).toArray(java.util.UUID[]::new))
                .query(Integer.class)
                .single());
    }

    private long revoked() {
        return inTransaction(() -> jdbc.sql("select count(*) from consent_event where action = 'revoke'")
                .query(Long.class)
                .single());
    }

    private void signIn(String user, String path) {
        page.navigate(product() + path);
        page.getByLabel("User name").fill(user);
        page.getByLabel("Password", new Page.GetByLabelOptions().setExact(true)).fill(PracticeClinic.PASSWORD);
        page.keyboard().press("Enter");
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
