package health.throughline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.Browser;
import health.throughline.patient.Numbers;
import health.throughline.patient.PatientId;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** A message waits in the patient's inbox: their browser says so, and where there is none a text; never more than that, and never at night. */
class NoticeScenarioTest extends ScenarioTest {

    private static final Pattern CODE = Pattern.compile("\\b(\\d{6})\\b");

    @Autowired
    private Numbers numbers;

    @Test
    @DisplayName("K12: a browser is told once that something waits, nothing of what, and nothing once it was read")
    void tellsTheBrowserThatAMessageWaits() {
        var ana = clinic.patient("es");
        var pages = verified(ana);
        var phone = subscribes(pages);
        int texts = ana.phone().texts().size();
        assertThat(pages.get("/my?lang=es").body()).contains("Un navegador suyo le avisa");
        assertThat(value("select count(*)::text from audit where action = 'page.notices-on' and patient_id = ?", ana))
                .isEqualTo("1");
        assertThat(value(
                        "select encode(a.value, 'escape') from address a join contact_point c on c.address_id = a.id"
                                + " where a.channel = 'push' and c.patient_id = ?",
                        ana))
                .as("kept encrypted")
                .doesNotContain("push/", "localhost");

        time.pass(Duration.ofHours(2));
        var coordinator = clinic.coordinator();
        coordinator.says(ana, "Su resultado de cardiología", "notice-first").good();
        everythingSettles();
        assertThat(notices(phone)).as("a moment to look by themselves").isEmpty();
        time.pass(Duration.ofMinutes(3));
        soon().untilAsserted(() -> assertThat(notices(phone)).hasSize(1));
        var shown = notices(phone).getFirst();
        assertThat(shown.path("title").asString()).isEqualTo("Mercy Valley");
        assertThat(shown.path("body").asString()).isEqualTo("Tiene un mensaje nuevo.");
        assertThat(shown.path("lang").asString()).isEqualTo("es");
        assertThat(shown.toString()).doesNotContain("Ana", "cardiolog", "resultado");

        var again = verified(ana);
        texts++; // the code
        assertThat(again.get("/my").body()).contains("Su resultado de cardiología");
        soon().untilAsserted(() -> assertThat(coordinator.timeline(ana))
                .anyMatch(entry -> entry.path("channel").asString().equals("portal")
                        && entry.path("state").asString().equals("read")));

        coordinator.says(ana, "Otra cosa", "notice-second").good();
        everythingSettles();
        assertThat(again.get("/my").body()).contains("Otra cosa");
        soon().untilAsserted(() -> assertThat(coordinator.timeline(ana))
                .anyMatch(entry -> entry.path("text").asString().equals("Otra cosa")
                        && entry.path("state").asString().equals("read")));
        time.pass(Duration.ofHours(1));
        everythingSettles();
        assertThat(notices(phone)).as("read by then").hasSize(1);
        assertThat(ana.phone().texts()).as("no text besides").hasSize(texts);
    }

    @Test
    @DisplayName("K8, K9: a browser is told nothing more once the number by which it was let in was called wrong")
    void forgetsTheBrowserOfAWrongNumber() {
        var ana = clinic.patient("en");
        subscribes(verified(ana));
        String push = "select c.status from contact_point c join address a on a.id = c.address_id"
                + " where a.channel = 'push' and c.patient_id = ?";
        assertThat(value(push, ana)).isEqualTo("active");
        inTransaction(() -> numbers.wrong(new PatientId(ana.id()), ana.number()));
        assertThat(value(push, ana)).isEqualTo("superseded");
    }

    @Test
    @DisplayName("K10: no notice at night; K3: none after a STOP that covers the page")
    void keepsQuietAtNightAndAfterAStop() {
        var ana = clinic.patient("en");
        var pages = verified(ana);
        var phone = subscribes(pages);
        time.laterToday(20, 59);
        var coordinator = clinic.coordinator();
        coordinator.says(ana, "For tomorrow", "notice-night").good();
        time.pass(Duration.ofMinutes(5));
        everythingSettles();
        assertThat(notices(phone)).as("quiet hours").isEmpty();
        time.nextDay(8, 5);
        soon().untilAsserted(() -> assertThat(notices(phone)).hasSize(1));

        coordinator.says(ana, "One more", "notice-stopped").good();
        everythingSettles();
        coordinator
                .does(ana, "revocations", "{\"words\":\"no more messages please\"}")
                .good();
        int texts = ana.phone().texts().size();
        time.pass(Duration.ofHours(2));
        everythingSettles();
        assertThat(ana.phone().texts()).hasSize(texts);
        assertThat(notices(phone)).hasSize(1);
    }

    @Test
    @DisplayName(
            "A browser that is gone is forgotten, and a text says it instead; once, with a link that asks who is there")
    void tellsByTextWhereTheBrowserIsGone() {
        var ana = clinic.patient("en");
        var pages = verified(ana);
        var phone = subscribes(pages);
        simulated().send("DELETE", "/sim/browsers/" + phone, "", "application/json");
        time.pass(Duration.ofHours(1));
        int texts = ana.phone().texts().size();
        var coordinator = clinic.coordinator();
        coordinator.says(ana, "Please look here", "notice-one").good();
        time.pass(Duration.ofMinutes(3));
        everythingSettles();
        assertThat(ana.phone().texts()).hasSize(texts);
        time.pass(Duration.ofMinutes(16));
        String text = ana.phone().hasText(texts + 1);
        assertThat(text)
                .startsWith("Mercy Valley: you have a new message. Read it here: ")
                .doesNotContain("look");
        String link = text.substring(text.indexOf("/v/")).strip();
        assertThat(new Browser(product()).get(link).body())
                .contains("Date of birth")
                .doesNotContain("Ana");
        assertThat(value(
                        "select c.status from contact_point c join address a on a.id = c.address_id"
                                + " where a.channel = 'push' and c.patient_id = ?",
                        ana))
                .isEqualTo("superseded");

        coordinator.says(ana, "By text again", "notice-two").good();
        assertThat(ana.phone().hasText(texts + 2)).contains("By text again");
    }

    @Test
    void triesAgainLaterAndTakesOnlyBrowsersThatMayBeTold() {
        var ana = clinic.patient("en");
        var pages = verified(ana);
        assertThat(form(pages, "/my/notices", subscription("https://inside.example/x"))
                        .statusCode())
                .as("R27")
                .isEqualTo(422);
        var stranger = new Browser(product());
        stranger.get("/my");
        assertThat(form(stranger, "/my/notices", subscription("https://fcm.googleapis.com/x"))
                        .statusCode())
                .isEqualTo(401);
        var phone = subscribes(pages);
        simulated()
                .post("/sim/browsers/" + phone, "{\"status\":503,\"times\":2}")
                .good();
        clinic.coordinator().says(ana, "Hello", "notice-hello").good();
        time.pass(Duration.ofMinutes(3));
        for (int n = 0; n < 2; n++) {
            everythingSettles();
            time.pass(Duration.ofMinutes(1));
        }
        soon().untilAsserted(() -> assertThat(notices(phone)).hasSize(1));
        form(pages, "/my/notices/off", "off=yes");
        assertThat(pages.get("/my").body()).doesNotContain("Do not tell me any more");
    }

    private String subscription(String endpoint) {
        return "endpoint=" + encoded(endpoint) + "&key=" + BROWSER_KEY + "&secret=BTBZMqHH6r4Tts7J_aSIgg";
    }

    private static final String BROWSER_KEY =
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";

    /** As the page's script does, with a browser of the simulator's. @return its id there */
    private String subscribes(Browser pages) {
        Matcher key = Pattern.compile("data-key=\"([\\w-]+)\"")
                .matcher(pages.get("/my").body());
        assertThat(key.find()).isTrue();
        JsonNode made = simulated()
                .post("/sim/browsers", "{\"applicationServerKey\":\"" + key.group(1) + "\"}")
                .good();
        assertThat(form(
                                pages,
                                "/my/notices",
                                "endpoint=" + encoded(made.path("endpoint").asString()) + "&key="
                                        + made.path("key").asString() + "&secret="
                                        + made.path("secret").asString())
                        .statusCode())
                .isEqualTo(204);
        return made.path("id").asString();
    }

    private List<JsonNode> notices(String browser) {
        return simulated()
                .get("/sim/browsers/" + browser)
                .good()
                .path("items")
                .valueStream()
                .toList();
    }

    private Api simulated() {
        return new Api(simulator(), "");
    }

    /** A browser of the patient's, who has shown who they are and written a word. */
    private Browser verified(Clinic.Patient patient) {
        var browser = new Browser(product());
        browser.get("/my");
        int texts = patient.phone().texts().size();
        var asked = form(browser, "/my", "month=5&day=6&year=1970&contact=" + encoded(patient.number()));
        Matcher code = CODE.matcher(patient.phone().hasText(texts + 1));
        assertThat(code.find()).isTrue();
        form(browser, "/my/code", "token=" + hidden(asked.body(), "token") + "&code=" + code.group(1));
        if (texts == 0) {
            form(browser, "/my/messages", "key=" + hidden(browser.get("/my").body(), "key") + "&text=Hello");
            clinic.coordinator().hasTask(patient);
            everythingSettles();
            browser.get("/my"); // and has read what was answered by itself
        }
        return browser;
    }

    private String value(String query, Clinic.Patient patient) {
        return inTransaction(
                () -> jdbc.sql(query).param(patient.id()).query(String.class).single());
    }

    private static HttpResponse<String> form(Browser browser, String path, String fields) {
        return browser.send("POST", path, fields, "Content-Type", "application/x-www-form-urlencoded");
    }

    private static String hidden(String page, String name) {
        Matcher found =
                Pattern.compile("name=\"" + name + "\" value=\"([^\"]*)\"").matcher(page);
        assertThat(found.find()).as(page).isTrue();
        return found.group(1);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
