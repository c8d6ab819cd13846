package health.throughline;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import health.throughline.PracticeClinic.Patient;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whose record and whose number, in Chromium: three children on one phone, a record frozen, two joined. Pictures are left in {@code target/screenshots}. */
class RecordBrowserTest extends BrowserTest {

    @Test
    void showsTheMothersThreadWithThreeChildrenOnOnePhone() {
        Patient mateo = clinic.child("Mateo", "Sample-Ruiz", "en", "+17205550181");
        Patient lucia = clinic.child("Lucia", "Sample-Ruiz", "en", mateo.number());
        Patient zoe = clinic.child("Zoe", "Sample-Ruiz", "en", mateo.number());
        clinic.books(mateo, 1, 9, 0);
        clinic.books(lucia, 1, 9, 30);
        clinic.books(zoe, 1, 10, 0);
        clinic.laterToday(10, 0);
        await().atMost(Duration.ofSeconds(30)).until(() -> asked(mateo, lucia, zoe) == 3);
        clinic.hasTexts(mateo, 1);
        clinic.writes(mateo, "yes");
        clinic.hasTexts(mateo, 2);
        clinic.writes(mateo, "2 only");
        clinic.hasTexts(mateo, 3);

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
            assertThat(button("Send")).isDisabled();
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
        assertThat(field("What was told")).containsText("…0184");
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
        assertThat(field("Patient")).containsText("+1 720 555 0186");
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
        inTheDark(() -> {
            picture("record-dark");
            sound();
        });
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
        button(name).click();
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
}
