package health.throughline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.Browser;
import health.throughline.conversation.Links;
import health.throughline.conversation.MessageId;
import health.throughline.encryption.KeyedHash;
import health.throughline.patient.PatientId;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Behind a short link: a date of birth, a code, the visit, and an answer with a button; then the inbox. No script anywhere. */
class OwnPagesScenarioTest extends ScenarioTest {

    private static final Pattern CODE = Pattern.compile("\\b(\\d{6})\\b");
    private static final String BORN = "month=5&day=6&year=1970";

    @Autowired
    private Links links;

    @Autowired
    private KeyedHash hash;

    @Test
    @DisplayName("K12: detail stands behind a verified link, and the answer pressed there is the patient's answer")
    void opensTheVisitAfterDateOfBirthAndCodeAndTakesTheAnswer() {
        var ana = clinic.patient("en");
        var visit = clinic.books(ana, time.inDays(1, 15, 30));
        time.laterToday(10, 0);
        ana.phone().hasText(1);
        String link = linkTo(ana, visit);
        var browser = new Browser(product());

        var asked = browser.get(link);
        assertThat(asked.body()).contains("Date of birth").doesNotContain("Ana", "East Building", "<script");
        assertThat(asked.headers().firstValue("Cache-Control"))
                .hasValueSatisfying(value -> assertThat(value).contains("no-store"));

        var wrong = form(browser, link, "month=5&day=7&year=1970");
        var right = form(browser, link, BORN);
        assertThat(withoutTokens(wrong.body()))
                .as("wrong and right look the same")
                .isEqualTo(withoutTokens(right.body()));
        assertThat(withoutTokens(form(browser, "/v/AAAAAAAAAAAAAAAA", BORN).body())
                        .replace("/v/AAAAAAAAAAAAAAAA", link))
                .as("and so does an unknown link")
                .isEqualTo(withoutTokens(right.body()));
        String text = ana.phone().hasText(2);
        assertThat(text).startsWith("Mercy Valley: ").contains("is your code");
        String code = code(text);
        String token = hidden(right.body(), "token");
        assertThat(form(browser, link + "/code", "token=" + token + "&code=" + (code.equals("000000") ? "1" : "000000"))
                        .body())
                .contains("That did not work");
        assertThat(browser.get(link).body()).contains("Date of birth");
        assertThat(form(browser, link + "/code", "token=" + token + "&code=" + code)
                        .statusCode())
                .isEqualTo(303);

        var page = browser.get(link);
        assertThat(page.body())
                .contains(
                        "Hello Ana",
                        "3:30",
                        "East Building, floor 3",
                        "100 Example Avenue",
                        "Garage B",
                        "Bring a photo ID")
                .contains("+1 303 555 0100", "Yes, I will come", "I cannot come")
                .doesNotContain("Cardiology", "<script");
        assertThat(browser.get(link + "?lang=es").body()).contains("Hola Ana", "Sí, voy a ir", "lang=\"es\"");
        assertThat(browser.get(link + "?lang=ar-XB").body()).contains("dir=\"rtl\"");

        String answer = "choice=confirm&key=" + hidden(page.body(), "key");
        var told = form(browser, link + "/answer", answer);
        form(browser, link + "/answer", answer); // pressed twice
        assertThat(browser.get(told.headers().firstValue("Location").orElseThrow())
                        .body())
                .contains("We noted that you will come");
        journeyEnds(ana, "completed", "Confirmed");
        assertThat(answerTo(visit)).isEqualTo("confirmed");
        var timeline = clinic.coordinator().timeline(ana);
        assertThat(timeline)
                .as("once")
                .filteredOn(entry -> entry.path("kind").asString().equals("reply"))
                .hasSize(1)
                .allSatisfy(
                        entry -> assertThat(entry.path("channel").asString()).isEqualTo("portal"));
        assertThat(timeline).noneMatch(entry -> entry.path("text").asString().contains(code));
        assertThat(audits("page.visit", ana)).isGreaterThanOrEqualTo(2);
        assertThat(new Browser(product()).get(link).body())
                .as("another browser")
                .contains("Date of birth");
        assertThat(browser.send(
                                "POST",
                                link + "/answer",
                                answer,
                                "Content-Type",
                                "application/x-www-form-urlencoded",
                                "X-XSRF-TOKEN",
                                "forged")
                        .statusCode())
                .as("R26: a form of another site")
                .isEqualTo(403);
    }

    @Test
    @DisplayName("K12: tries are limited, the right date of birth included")
    void asksToWaitAfterManyTries() {
        var ana = clinic.patient("en");
        var visit = clinic.books(ana, time.inDays(1, 15, 30));
        time.laterToday(10, 0);
        ana.phone().hasText(1);
        String link = linkTo(ana, visit);
        var browser = new Browser(product());
        browser.get(link);
        for (int n = 1; n <= 8; n++) {
            assertThat(form(browser, link, "month=1&day=" + n + "&year=1990").statusCode())
                    .isEqualTo(200);
        }
        var locked = form(browser, link, BORN);
        assertThat(locked.statusCode()).isEqualTo(429);
        assertThat(locked.body()).contains("Please wait a little", "call 911").doesNotContain("Ana");
        everythingSettles();
        assertThat(ana.phone().texts()).as("no code went").hasSize(1);
    }

    @Test
    @DisplayName("K12: another way to write the number is the same number, and only so many codes go to one patient")
    void countsTheNumberHoweverItIsWritten() {
        var ana = clinic.patient("en");
        String digits = ana.number().substring(2);
        String[] parts = {digits.substring(0, 3), digits.substring(3, 6), digits.substring(6)};
        var browser = new Browser(product());
        browser.get("/my");
        for (String form : List.of(
                "+1%s%s%s",
                "%s%s%s", "(%s) %s-%s", "(%s) %s.%s", "%s.%s.%s", "1-%s-%s-%s", "+1 %s %s %s", "%s %s-%s")) {
            assertThat(claims(browser, form.formatted((Object[]) parts)).statusCode())
                    .isEqualTo(200);
        }
        assertThat(claims(browser, "%s-%s%s".formatted((Object[]) parts)).statusCode())
                .isEqualTo(429);
        everythingSettles();
        assertThat(ana.phone().texts()).as("codes within the hour").hasSize(5);
    }

    @Test
    @DisplayName(
            "K9, K12: behind a link that went to a number since replaced, no code goes there; the new number gets it")
    void aReplacedNumberGetsNoCode() {
        var ana = clinic.patient("en");
        var visit = clinic.books(ana, time.inDays(1, 15, 30));
        time.laterToday(10, 0);
        ana.phone().hasText(1);
        String link = linkTo(ana, visit);
        var browser = new Browser(product());
        browser.get(link);
        var before = form(browser, link, BORN);
        ana.phone().hasText(2);
        var anas = clinic.phone();
        clinic.coordinator()
                .does(
                        ana,
                        "contact-points",
                        "{\"system\":\"phone\",\"value\":\"" + anas.number() + "\",\"use\":\"mobile\"}")
                .good();

        var after = form(browser, link, BORN);

        assertThat(withoutTokens(after.body())).as("the page is the same").isEqualTo(withoutTokens(before.body()));
        assertThat(code(anas.hasText(1))).as("who has the new number notices").isNotEmpty();
        everythingSettles();
        assertThat(ana.phone().texts()).as("nothing more to the old one").hasSize(2);
    }

    @Test
    @DisplayName(
            "K8, K9, K12: what was open closes with a freeze, a confidential address or a number replaced; others stay")
    void whatWasOpenClosesWhenWhoseRecordItIsIsInDoubt() {
        var coordinator = clinic.coordinator();
        var ana = clinic.patient("en");
        var ben = clinic.patient("en");
        var eva = clinic.patient("en");
        var zoe = clinic.patient("en");
        var untouched = clinic.patient("en");
        var anas = verified(ana);
        var bens = verified(ben);
        var evas = verified(eva);
        var zoes = verified(zoe);
        var others = verified(untouched);
        var codeOut = new Browser(product());
        codeOut.get("/my");
        var asked = claims(codeOut, ben.number());
        String code = code(ben.phone().hasText(2));

        coordinator.does(ana, "freeze", "{\"reason\":\"wrong-person-linked\"}").good();
        coordinator
                .does(
                        ben,
                        "contact-points",
                        "{\"system\":\"phone\",\"value\":\"" + clinic.phone().number() + "\"}")
                .good();
        coordinator
                .does(eva, "confidential", "{\"value\":\"" + eva.number() + "\"}")
                .good();

        coordinator.does(zoe, "consents-alone", "{\"alone\":true}").good();

        assertThat(zoes.get("/my").body()).as("who may be told").contains("Date of birth");
        assertThat(anas.get("/my").body()).as("frozen").contains("Date of birth");
        assertThat(bens.get("/my").body()).as("replaced").contains("Date of birth");
        assertThat(form(codeOut, "/my/code", "token=" + hidden(asked.body(), "token") + "&code=" + code)
                        .body())
                .as("a code that was out already")
                .contains("That did not work");
        assertThat(evas.get("/my").body()).as("confidential").contains("Date of birth");
        assertThat(others.get("/my").body()).as("somebody else's").contains("No messages yet");
        coordinator.does(ana, "settle", "{\"reason\":\"checked\"}").good();
        assertThat(anas.get("/my").body()).as("settled").contains("Date of birth");
        assertThat(verified(eva).get("/my").body())
                .as("whoever it is shows it again")
                .contains("No messages yet");
    }

    @Test
    @DisplayName(
            "K12: only so many codes go by day and by night; the page stays the same, and the patient's own link opens")
    void sendsOnlySoManyCodesADayAndANight() {
        var ana = clinic.patient("en");
        var browser = new Browser(product());
        browser.get("/my");
        String shown = "";
        for (int codes = 5; codes <= 10; codes += 5) {
            for (int n = 0; n < 5; n++) {
                shown = claims(browser, ana.number()).body();
            }
            ana.phone().hasText(codes);
            time.pass(Duration.ofMinutes(61));
        }
        assertThat(withoutTokens(claims(browser, ana.number()).body()))
                .as("the eleventh")
                .isEqualTo(withoutTokens(shown));
        everythingSettles();
        assertThat(ana.phone().texts()).hasSize(10);

        String link = linkToInbox(ana);
        time.laterToday(21, 5);
        for (int n = 1; n <= 4; n++) {
            assertThat(withoutTokens(form(browser, link, BORN).body()).replace(link, "/my"))
                    .isEqualTo(withoutTokens(shown));
        }
        everythingSettles();
        assertThat(ana.phone().texts()).as("at night").hasSize(13);
    }

    @Test
    @DisplayName("K12: wrong codes are in the audit; after many of them no code goes, and a person is asked to call")
    void asksAPersonAfterManyWrongCodes() {
        var ana = clinic.patient("en");
        var browser = new Browser(product());
        browser.get("/my");
        for (int codes = 1; codes <= 3; codes++) {
            String token = hidden(claims(browser, ana.number()).body(), "token");
            String wrong = code(ana.phone().hasText(codes)).equals("000000") ? "000001" : "000000";
            for (int n = 0; n < 5; n++) {
                assertThat(form(browser, "/my/code", "token=" + token + "&code=" + wrong)
                                .body())
                        .contains("That did not work");
            }
        }
        assertThat(audits("page.code-wrong", ana)).isEqualTo(15);
        clinic.coordinator().hasTask(ana, "codes-guessed");
        assertThat(claims(browser, ana.number()).body())
                .as("the page is the same")
                .contains("name=\"code\"");
        everythingSettles();
        assertThat(ana.phone().texts()).hasSize(3);
        String link = linkToInbox(ana);
        form(browser, link, BORN);
        assertThat(ana.phone().hasText(4)).as("their own link still opens").contains("is your code");
    }

    @Test
    @DisplayName("K12, R8: dozens of tries at once that wait for each other leave the database to others")
    void staysOpenToOthersWhileTriesWait() throws Exception {
        String from = "127.0.0.7";
        var ana = clinic.patient("en");
        var coordinator = clinic.coordinator();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        try (var client = HttpClient.newBuilder()
                .localAddress(InetAddress.getByName(from))
                .build()) {
            HttpRequest tries = tries(client);
            inTransaction(() -> {
                // whoever counts a try from there waits for this transaction
                jdbc.sql("""
                                insert into page_try (key_hash, tries, since) values (?, 1, ?)
                                on conflict (key_hash) do update set tries = page_try.tries
                                """)
                        .params(
                                hash.of("page_try.network", from),
                                clock.instant().atOffset(ZoneOffset.UTC))
                        .update();
                String mine = jdbc.sql("select pg_current_xact_id()::text")
                        .query(String.class)
                        .single();
                for (int n = 0; n < 60; n++) {
                    answers.add(client.sendAsync(tries, BodyHandlers.ofString()));
                }
                soon().untilAsserted(() -> assertThat(waitingFor(mine)).isGreaterThanOrEqualTo(6));
                ana.phone().writes("Where do I park?");
                coordinator.hasTask(ana);
                assertThat(waitingFor(mine)).as("of 24 connections").isLessThanOrEqualTo(6);
                return true;
            });
            assertThat(answers.stream().map(CompletableFuture::join).map(HttpResponse::statusCode))
                    .as("the one address tries, or is told to wait")
                    .allMatch(status -> status == 200 || status == 429);
        }
        assertThat(verified(clinic.patient("en"))).as("another address").isNotNull();
    }

    private static HttpRequest tries(HttpClient client) throws Exception {
        URI pages = URI.create(product().replace("localhost", "127.0.0.1") + "/my");
        String cookie = client
                .send(HttpRequest.newBuilder(pages).build(), BodyHandlers.ofString())
                .headers()
                .allValues("Set-Cookie")
                .stream()
                .filter(one -> one.startsWith("XSRF-TOKEN="))
                .map(one -> one.split(";", 2)[0])
                .findFirst()
                .orElseThrow();
        return HttpRequest.newBuilder(pages)
                .header("Cookie", cookie)
                .header("X-XSRF-TOKEN", cookie.substring("XSRF-TOKEN=".length()))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(BORN + "&contact=nobody%40nowhere.example"))
                .build();
    }

    /** Connections that wait for the transaction. */
    private int waitingFor(String transaction) {
        return asOwner().sql("""
                        select count(distinct pid) from pg_locks where not granted
                          and (transactionid::text = ? or locktype = 'tuple' and relation = 'page_try'::regclass)
                        """).param(transaction).query(Integer.class).single();
    }

    private static Browser verified(Clinic.Patient patient) {
        var browser = new Browser(product());
        browser.get("/my");
        int texts = patient.phone().texts().size();
        var asked = claims(browser, patient.number());
        form(
                browser,
                "/my/code",
                "token=" + hidden(asked.body(), "token") + "&code="
                        + code(patient.phone().hasText(texts + 1)));
        assertThat(browser.get("/my").body()).contains("No messages yet");
        return browser;
    }

    private static HttpResponse<String> claims(Browser browser, String contact) {
        return form(browser, "/my", BORN + "&contact=" + URLEncoder.encode(contact, StandardCharsets.UTF_8));
    }

    @Test
    void letsThePatientWriteAndReadInTheInbox() {
        var ana = clinic.patient("en");
        var browser = new Browser(product());
        assertThat(browser.get("/my").body()).contains("Your mobile number or e-mail");
        var asked = form(browser, "/my", BORN + "&contact=" + URLEncoder.encode(ana.number(), StandardCharsets.UTF_8));
        String code = code(ana.phone().hasText(1));
        form(browser, "/my/code", "token=" + hidden(asked.body(), "token") + "&code=" + code);
        var inbox = browser.get("/my");
        assertThat(inbox.body()).contains("No messages yet", "A person answers");

        String attack = "<script>alert(1)</script> Where do I park?";
        form(
                browser,
                "/my/messages",
                "key=" + hidden(inbox.body(), "key") + "&text=" + URLEncoder.encode(attack, StandardCharsets.UTF_8));
        assertThat(browser.get("/my").body())
                .as("R24")
                .contains("&lt;script&gt;alert(1)&lt;/script&gt; Where do I park?")
                .doesNotContain("<script>");
        var coordinator = clinic.coordinator();
        coordinator.hasTask(ana);
        assertThat(coordinator.thread(ana).path("lines").path(0).path("channel").asString())
                .isEqualTo("portal");
        coordinator.says(ana, "In Garage B, level 2", "parking-answer").good();
        soon().untilAsserted(() -> assertThat(browser.get("/my").body()).contains("In Garage B, level 2"));
        soon().untilAsserted(() -> assertThat(coordinator.timeline(ana))
                .anyMatch(entry -> entry.path("text").asString().equals("In Garage B, level 2")
                        && entry.path("state").asString().equals("read")));

        time.pass(Duration.ofHours(1));
        coordinator.says(ana, "It opens at seven", "parking-more").good();
        soon().untilAsserted(() -> assertThat(ana.phone().texts())
                .as("A5: who has gone is written to where they are reached")
                .anyMatch(text -> text.contains("It opens at seven")));
        assertThat(browser.get("/my").body())
                .as("idle")
                .contains("Date of birth")
                .doesNotContain("Garage B");
        assertThat(form(browser, "/my/leave", "leave=yes").body()).contains("You have left");
    }

    private String linkToInbox(Clinic.Patient patient) {
        return inTransaction(() -> link(patient, null, time.inDays(1, 15, 30)));
    }

    private String link(Clinic.Patient patient, @Nullable UUID visit, ZonedDateTime until) {
        UUID message = jdbc.sql("select id from message where patient_id = ? order by created_at desc limit 1")
                .param(patient.id())
                .query(UUID.class)
                .single();
        Links.Link link = links.make();
        links.keep(
                link,
                new Links.Target(
                        new MessageId(message),
                        new PatientId(patient.id()),
                        visit == null ? null : "Appointment",
                        visit,
                        until.toInstant()));
        return link.url().substring(link.url().indexOf("/v/"));
    }

    private String linkTo(Clinic.Patient patient, Clinic.Visit visit) {
        return inTransaction(() -> {
            UUID appointment = jdbc.sql("select id from appointment where external_id = ?")
                    .param(visit.id())
                    .query(UUID.class)
                    .single();
            return link(patient, appointment, visit.start());
        });
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

    private static String withoutTokens(String page) {
        return page.replaceAll("value=\"[^\"]*\"", "");
    }

    private static String code(String text) {
        Matcher found = CODE.matcher(text);
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    private int audits(String action, Clinic.Patient patient) {
        return inTransaction(() -> jdbc.sql("select count(*) from audit where action = ? and patient_id = ?")
                .params(action, patient.id())
                .query(Integer.class)
                .single());
    }
}
