package health.throughline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.Browser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Somebody writes on the hospital's site, is answered there, shows who they are, and is written to by text when they have gone. */
class ChatScenarioTest extends ScenarioTest {

    private static final Pattern CODE = Pattern.compile("\\b(\\d{6})\\b");
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @Test
    @DisplayName("A4, A5: what began on the chat is in the patient's one conversation, and goes on by text")
    void talksWithAVisitorWhoThenShowsWhoTheyAre() throws IOException {
        var ana = clinic.patient("en");
        var visitor = new Visitor();
        visitor.says("Do you have parking? <img src=x onerror=alert(1)>").good();
        List<JsonNode> seen = visitor.listens();
        soon().untilAsserted(() -> assertThat(seen).hasSize(1));
        assertThat(seen.getFirst().path("text").asString())
                .as("R24: text stays text")
                .contains("<img src=x");

        var system = clinic.coordinatorOfAll();
        String path = "/api/v1/unknown-senders/" + waiting(system, "Do you have parking?");
        assertThat(system.get(path).path("channel").asString()).isEqualTo("chat");
        var answer = system.post(path + "/messages", "{\"text\":\"Yes, Garage B\"}", "Idempotency-Key", "answer-one");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
        soon().untilAsserted(() -> assertThat(seen)
                .anyMatch(line -> line.path("text").asString().equals("Yes, Garage B")
                        && line.path("ours").asBoolean()
                        && line.path("byPerson").asBoolean()));
        visitor.post("seen", "{}").good();

        var wrong = visitor.post("verify", claim(ana, "1971-05-06")).good();
        var right = visitor.post("verify", claim(ana, "1970-05-06")).good();
        String code = code(ana.phone().hasText(1));
        assertThat(visitor.post("verify/code", proof(wrong, code)).status()).isEqualTo(422);
        var verified = new Visitor(visitor.post("verify/code", proof(right, code))
                .good()
                .path("token")
                .asString());
        assertThat(verified.post("verify/code", proof(right, code)).status())
                .as("once")
                .isEqualTo(422);
        assertThat(visitor.says("Me again").status()).as("the token of before").isEqualTo(401);
        List<JsonNode> seenSince = verified.listens();

        var coordinator = clinic.coordinator();
        coordinator.hasTask(ana);
        soon().untilAsserted(() -> assertThat(coordinator.timeline(ana))
                .filteredOn(entry -> entry.path("channel").asString("").equals("chat"))
                .extracting(entry -> entry.path("text").asString())
                .anyMatch(text -> text.startsWith("Do you have parking?"))
                .contains("Yes, Garage B"));
        coordinator.says(ana, "Shall I book you in?", "book-you-in").good();
        soon().untilAsserted(() -> assertThat(seenSince)
                .anyMatch(line -> line.path("text").asString().equals("Shall I book you in?")));
        assertThat(ana.phone().texts()).as("not by text too").hasSize(1);

        assertThat(new Visitor(verified.token).listens())
                .as("resumes")
                .satisfies(again -> soon().untilAsserted(() -> assertThat(again).hasSize(3)));
        time.pass(Duration.ofHours(1));
        coordinator.says(ana, "You are booked", "booked-you-in").good();
        assertThat(ana.phone().hasText(2)).isEqualTo("Mercy Valley: You are booked");
    }

    @Test
    @DisplayName("K12: on a shared computer nobody sees or says anything as the one who sat there before")
    void keepsApartThoseWhoShareAComputer() throws IOException {
        var ana = clinic.patient("en");
        var ben = clinic.patient("en");
        var anas = new Visitor().proves(ana, 1);
        anas.says("Only for my eyes").good();
        var bens = new Visitor(anas.token).proves(ben, 1);
        List<JsonNode> seen = bens.listens();
        bens.says("Please cancel my visit").good();
        soon().untilAsserted(() -> assertThat(seen)
                .extracting(line -> line.path("text").asString())
                .containsExactly("Please cancel my visit"));
        assertThat(anas.says("Hello?").status()).isEqualTo(401);
        var coordinator = clinic.coordinator();
        soon().untilAsserted(() -> assertThat(coordinator.timeline(ben))
                .extracting(entry -> entry.path("text").asString(""))
                .contains("Please cancel my visit")
                .doesNotContain("Only for my eyes"));
        assertThat(coordinator.timeline(ana))
                .extracting(entry -> entry.path("text").asString(""))
                .contains("Only for my eyes")
                .doesNotContain("Please cancel my visit");

        bens.post("leave", "{}").good();
        assertThat(bens.says("Hello?").status()).as("left").isEqualTo(401);
        var left = new Visitor();
        var idle = new Visitor().proves(ben, 2);
        time.pass(Duration.ofMinutes(16));
        assertThat(idle.post("seen", "{}").status()).as("left alone").isEqualTo(401);
        assertThat(left.says("Hello?").status()).as("nobody they know").isEqualTo(202);
    }

    @Test
    @DisplayName("K12: a chat whose visitor showed who they are ends where it is in doubt whose record it is")
    void endsTheChatOfAFrozenRecord() throws IOException, InterruptedException {
        var ana = clinic.patient("en");
        var anas = new Visitor().proves(ana, 1);
        anas.says("It is me").good();
        clinic.coordinator()
                .does(ana, "freeze", "{\"reason\":\"wrong-person-linked\"}")
                .good();
        assertThat(anas.says("Hello?").status()).isEqualTo(401);
        assertThat(CLIENT.send(
                                HttpRequest.newBuilder(URI.create(product() + "/chat/api/events"))
                                        .header("X-Chat-Visitor", anas.token)
                                        .build(),
                                BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(401);
        assertThat(new Visitor().says("Hello?").status())
                .as("anybody may still ask")
                .isEqualTo(202);
    }

    @Test
    void stopsAndHoldsLimits() throws IOException {
        var visitor = new Visitor();
        assertThat(visitor.says("x".repeat(1001)).status()).isEqualTo(413);
        assertThat(visitor.says(" ").status()).isEqualTo(400);
        assertThat(visitor.says("Once", "same-key-1").status()).isEqualTo(202);
        assertThat(visitor.says("Once", "same-key-1").status()).isEqualTo(202);
        List<JsonNode> seen = visitor.listens();
        soon().untilAsserted(() -> assertThat(seen).hasSize(1));
        for (int n = 0; n < 18; n++) {
            assertThat(visitor.says("Line " + n).status()).isEqualTo(202);
        }
        assertThat(visitor.says("One too many").status()).isEqualTo(429);
        assertThat(new Visitor("no-such-token").says("Hello").status()).isEqualTo(401);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @DisplayName("R26: another site's page is refused, event streams included; no answer ever allows another origin")
    @CsvSource({"Origin, https://evil.test", "Sec-Fetch-Site, cross-site", "Origin, null"})
    void refusesOtherSites(String header, String value) throws IOException, InterruptedException {
        var visitor = new Visitor();
        assertThat(visitor.post("messages", "{\"key\":\"key-12345\",\"text\":\"x\"}", header, value)
                        .status())
                .isEqualTo(403);
        var events = CLIENT.send(
                HttpRequest.newBuilder(URI.create(product() + "/chat/api/events"))
                        .header("X-Chat-Visitor", visitor.token)
                        .header(header, value)
                        .build(),
                BodyHandlers.ofString());
        assertThat(events.statusCode()).isEqualTo(403);
        assertThat(events.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void letsOnlyConfiguredSitesHoldTheFrame() {
        var frame = new Browser(product()).get("/chat/frame?lang=es");
        assertThat(frame.headers().firstValue("Content-Security-Policy").orElseThrow())
                .endsWith("frame-ancestors 'self' " + simulator());
        assertThat(frame.headers().firstValue("X-Frame-Options")).isEmpty();
        assertThat(frame.body())
                .as("K15")
                .contains("lang=\"es\"", "Una computadora lee primero", "llame al +1 303 555 0100");
        assertThat(new Browser(product()).get("/chat/frame?lang=ar-XB").body()).contains("dir=\"rtl\"");
        assertThat(new Browser(product()).get("/sign-in").headers().firstValue("X-Frame-Options"))
                .contains("DENY");
    }

    @Test
    void bringsWhatIsWrittenOnASiteToTheCoordinatorsOfItsUnit() {
        var visitor = new Visitor();
        // as THROUGHLINE_CHAT_UNITS sets it for a site when the chat is opened there
        inTransaction(() -> jdbc.sql("""
                        update chat_visitor set org_unit_id = ? where id = (select id from chat_visitor order by created_at desc, id desc limit 1)
                        """).param(clinic.hospital().id().value()).update());
        visitor.says("Are you open at Easter?").good();
        var coordinator = clinic.coordinator();
        String sender = waiting(coordinator, "Are you open at Easter?");
        String path = "/api/v1/unknown-senders/" + sender;
        assertThat(coordinator.tasksFor("unknown-sender")).hasSize(1);
        assertThat(anotherClinic().coordinator().tries(path).status()).isEqualTo(404);

        coordinator
                .post(path + "/messages", "{\"text\":\"Yes, from ten\"}", "Idempotency-Key", "open-at-easter")
                .good();
        assertThat(coordinator
                        .get(path)
                        .path("lines")
                        .valueStream()
                        .map(line -> line.path("text").asString()))
                .as("their own answer stands there")
                .contains("Yes, from ten");
        assertThat(coordinator.post(path + "/nobodys", "").status()).isEqualTo(204);
        assertThat(coordinator.tries(path).status()).isEqualTo(404);
    }

    @Test
    void tellsTheFrameTheSiteAroundItAndTheButtonItsWords() {
        var browser = new Browser(product());
        assertThat(browser.get("/chat/frame", "Referer", simulator() + "/site").body())
                .contains("data-site=\"" + simulator() + "\"");
        assertThat(browser.get("/chat/frame", "Referer", "https://evil.test/").body())
                .contains("data-site=\"\"");
        var widget = browser.get("/chat/widget.js");
        assertThat(widget.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/javascript");
        assertThat(widget.body())
                .contains("\"open\":\"Chat with us\"", "\"close\":\"Cerrar el chat\"", "\"ar-XB\"", "[Chat with us]")
                .doesNotContain("words of the button");
    }

    private static String claim(Clinic.Patient patient, String born) {
        return Api.JSON
                .createObjectNode()
                .put("contact", patient.number())
                .put("birthDate", born)
                .toString();
    }

    private static String proof(JsonNode asked, String code) {
        return Api.JSON
                .createObjectNode()
                .put("token", asked.path("token").asString())
                .put("code", code)
                .toString();
    }

    private static String code(String text) {
        Matcher found = CODE.matcher(text);
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    private static String waiting(Coordinator system, String text) {
        var found = new CopyOnWriteArrayList<String>();
        soon().untilAsserted(() -> {
            for (JsonNode sender :
                    system.get("/api/v1/unknown-senders?limit=100").path("items")) {
                String id = sender.path("id").asString();
                if (sender.path("channel").asString().equals("chat")
                        && system.get("/api/v1/unknown-senders/" + id)
                                .toString()
                                .contains(text)) {
                    found.add(id);
                }
            }
            assertThat(found).isNotEmpty();
        });
        return found.getFirst();
    }

    /** A browser with the chat open. */
    private static final class Visitor {

        private final Api api = new Api(product(), "");
        private final String token;

        Visitor() {
            this(new Api(product(), "")
                    .post("/chat/api/visitors", "{}")
                    .good()
                    .path("token")
                    .asString());
        }

        Visitor(String token) {
            this.token = token;
        }

        /** @param texts on the patient's phone, with the one that brings the code */
        Visitor proves(Clinic.Patient patient, int texts) {
            var asked = post("verify", claim(patient, "1970-05-06")).good();
            return new Visitor(post(
                            "verify/code", proof(asked, code(patient.phone().hasText(texts))))
                    .good()
                    .path("token")
                    .asString());
        }

        Api.Answer says(String text) {
            return says(text, UUID.randomUUID().toString());
        }

        Api.Answer says(String text, String key) {
            return post(
                    "messages",
                    Api.JSON
                            .createObjectNode()
                            .put("key", key)
                            .put("text", text)
                            .toString());
        }

        Api.Answer post(String path, String json, String... headers) {
            String[] all = java.util.Arrays.copyOf(headers, headers.length + 2);
            all[headers.length] = "X-Chat-Visitor";
            all[headers.length + 1] = token;
            return api.post("/chat/api/" + path, json, all);
        }

        /** What comes over the event stream, as it comes. */
        List<JsonNode> listens() throws IOException {
            var lines = new CopyOnWriteArrayList<JsonNode>();
            Thread.ofVirtual().start(() -> {
                try (InputStream stream = CLIENT.send(
                                HttpRequest.newBuilder(URI.create(product() + "/chat/api/events"))
                                        .header("X-Chat-Visitor", token)
                                        .build(),
                                BodyHandlers.ofInputStream())
                        .body()) {
                    new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))
                            .lines()
                            .filter(line -> line.startsWith("data:"))
                            .forEach(line -> lines.add(Api.JSON.readTree(line.substring(5))));
                } catch (IOException | UncheckedIOException | InterruptedException over) {
                    Thread.currentThread().interrupt();
                }
            });
            return lines;
        }
    }
}
