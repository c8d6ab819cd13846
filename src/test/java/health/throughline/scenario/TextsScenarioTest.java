package health.throughline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.icu.text.DateFormat;
import com.ibm.icu.util.TimeZone;
import com.ibm.icu.util.ULocale;
import health.throughline.access.Role;
import health.throughline.conversation.template.Wording;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What is said to patients: nothing that gives health away, changed by two people, and all of it in the files of texts. */
class TextsScenarioTest extends ScenarioTest {

    private static final String REMINDER = "/api/v1/templates/appointment-reminder";
    private static final String PSEUDO = "en-XA";

    @AfterEach
    void sayWhatTheFilesSay() {
        asOwner().sql("""
            update template_in_force f set version_id = v.id from template_version v
            where v.key = f.key and v.channel = f.channel and v.locale = f.locale and v.origin = 'file'
                and v.version = (select max(w.version) from template_version w where w.key = f.key
                    and w.channel = f.channel and w.locale = f.locale and w.origin = 'file' and w.version < 1000)
            """).update();
        asOwner()
                .sql("delete from template_in_force where locale = ?")
                .param(PSEUDO)
                .update();
    }

    @Test
    @DisplayName("K12: the name of a place gives health away, so nothing goes and a coordinator is told why")
    void whatAPlacesNameGivesAwayBecomesATask() {
        clinic.callsItsPlace("Lakeside Cardiology");
        var ana = clinic.patient("en");
        clinic.books(ana, time.inDays(1, 15, 30));
        time.laterToday(10, 0);
        JsonNode task = clinic.coordinator().hasTask(ana);
        assertThat(task.path("tried").toString()).contains("named something about health");
        everythingSettles();
        assertThat(ana.phone().texts()).isEmpty();
    }

    @Test
    @DisplayName("K12: a person's own words are held to the same, before and when they are sent")
    void aPersonsWordsAreHeldToTheSame() {
        var ana = clinic.patient("en");
        var coordinator = clinic.coordinator();
        JsonNode foreseen = coordinator.foresees(ana, "Your Metformin is ready.");
        assertThat(foreseen.path("reason").asString()).isEqualTo("K12.phi");
        assertThat(foreseen.path("sentence").asString()).contains("\"Metformin\"", "a medicine");
        assertThat(coordinator
                        .says(ana, "Your Metformin is ready.", UUID.randomUUID().toString())
                        .status())
                .isEqualTo(409);
        everythingSettles();
        assertThat(ana.phone().texts()).isEmpty();
    }

    @Test
    void anEmergencyEditNeedsASecondPersonHoldsFromTheNextMessageAndCanBeTakenBack() {
        var ada = clinic.staff(Role.ADMINISTRATOR);
        var ben = clinic.staff(Role.ADMINISTRATOR);
        var ana = clinic.patient("en");
        clinic.books(ana, time.inDays(1, 15, 30));
        String before = wording(ada.get(REMINDER)).path("version").asString();

        assertThat(edit(ada, "{provider}: Hello {givenName}, your colonoscopy is soon. Text STOP or HELP.")
                        .status())
                .as("K12")
                .isEqualTo(422);
        assertThat(edit(ada, "{provider}: Hello {name}. Text STOP to end, HELP for help.")
                        .body()
                        .toString())
                .contains("{name}".replace("{", "").replace("}", ""), "is not declared");
        String id = edit(
                        ada,
                        "{provider}: Hi {givenName}, come on {visit, date, ::EEEEMMMMd} by the west door. Text STOP to"
                                + " end, HELP for help.")
                .good()
                .path("id")
                .asString();
        assertThat(ada.send("POST", "/api/v1/templates/edits/" + id + "/approve", "{}")
                        .status())
                .as("nobody approves their own words")
                .isEqualTo(422);
        assertThat(edit(ben, "{provider}: Hi. Text STOP to end, HELP for help.").status())
                .as("one change at a time")
                .isEqualTo(422);
        ben.send("POST", "/api/v1/templates/edits/" + id + "/approve", "{}").good();

        time.laterToday(10, 0);
        assertThat(ana.phone().hasText(1))
                .startsWith("Mercy Valley: Hi Ana, come on")
                .contains("by the west door");
        JsonNode now = ada.get(REMINDER);
        assertThat(wording(now).path("origin").asString()).isEqualTo("edit");
        assertThat(wording(now).path("releaseDiffers").asBoolean()).isTrue();
        assertThat(wording(now).path("reviewer").asString()).isEqualTo(ben.username());

        ada.send(
                        "POST",
                        REMINDER + "/roll-back",
                        "{\"version\":\"" + before + "\",\"reason\":\"the door is open again\"}")
                .good();
        var eva = clinic.patient("en");
        clinic.books(eva, time.inDays(1, 16, 30));
        assertThat(eva.phone().hasText(1)).contains("your visit is on").doesNotContain("west door");
        assertThat(ana.phone().texts()).as("said once").hasSize(1);
        assertThat(ada.get(REMINDER)
                        .path("history")
                        .valueStream()
                        .map(event -> event.path("kind").asString())
                        .toList())
                .startsWith("rolled_back", "approved", "proposed");
        assertThat(inTransaction(() -> jdbc.sql(
                                "select action from audit where entity_type = 'template' and entity_id in (?, ?) order"
                                        + " by at, id")
                        .params(id, before)
                        .query(String.class)
                        .list()))
                .containsExactly("template.propose", "template.approve", "template.roll-back");
    }

    @Test
    @DisplayName("K14: a text past its day is not said; a coordinator is told")
    void anExpiredTextBecomesATask() {
        UUID expired = UUID.randomUUID();
        asOwner().sql("""
            insert into template_version (id, key, version, channel, locale, purpose, body, variables, content_hash, review, owner,
                expires_on, recorded_at)
            select ?, key, 2000, channel, locale, purpose, body, variables, ?, review, owner, date '2026-01-01', recorded_at
            from template_version where id = (select version_id from template_in_force
                where key = 'appointment-reminder' and channel = 'sms' and locale = 'es')
            """).params(expired, expired.toString()).update();
        asOwner()
                .sql("update template_in_force set version_id = ? where key = 'appointment-reminder' and channel ="
                        + " 'sms' and locale = 'es'")
                .param(expired)
                .update();
        try {
            var ana = clinic.patient("es");
            clinic.books(ana, time.inDays(1, 15, 30));
            time.laterToday(10, 0);
            assertThat(clinic.coordinator().hasTask(ana).path("tried").toString())
                    .contains("The text has expired");
            assertThat(ana.phone().texts()).isEmpty();
            assertThat(clinic.staff(Role.ADMINISTRATOR)
                            .get(REMINDER)
                            .path("summary")
                            .path("state")
                            .asString())
                    .isEqualTo("expired");
        } finally {
            asOwner()
                    .sql("delete from template_in_force where version_id = ?")
                    .param(expired)
                    .update();
            asOwner().sql("""
                insert into template_in_force (key, channel, locale, version_id, since)
                select key, channel, locale, id, recorded_at from template_version
                where key = 'appointment-reminder' and channel = 'sms' and locale = 'es' and version < 1000 and origin = 'file'
                order by version desc limit 1
                """).update();
        }
    }

    @Test
    @DisplayName("K17: a preview counts segments and names the price and what makes it dear")
    void aPreviewCountsAndNamesThePrice() {
        var ada = clinic.staff(Role.ADMINISTRATOR);
        JsonNode plain = preview(ada, "Hello {givenName}, see you soon.");
        assertThat(plain.path("parts").path("text").asString()).isEqualTo("Hello Ana, see you soon.");
        assertThat(plain.path("units").asInt()).isEqualTo(1);
        assertThat(plain.path("encoding").asString()).isEqualTo("GSM-7");
        assertThat(plain.path("price").asString()).isEqualTo("0.0145");
        assertThat(plain.path("fitsExemption").asBoolean()).isTrue();
        assertThat(plain.path("grade").asDouble()).isLessThan(6);
        JsonNode dear = preview(
                ada, "Hello {givenName}, \u201csee you\u201d soon at the north door of the house, as we said to you.");
        assertThat(dear.path("encoding").asString()).isEqualTo("UCS-2");
        assertThat(dear.path("units").asInt()).isEqualTo(2);
        assertThat(dear.path("costly").toString()).contains("\u201c", "\u201d");
        JsonNode list = ada.get("/api/v1/templates").path("items");
        assertThat(list.valueStream()
                        .filter(text -> text.path("key").asString().equals("appointment-reminder"))
                        .findFirst()
                        .orElseThrow()
                        .path("usedBy")
                        .toString())
                .contains("Before the visit");
        assertThat(list.valueStream()
                        .filter(text -> text.path("usedBy").isEmpty())
                        .map(text -> text.path("key").asString()))
                .as("said by nobody")
                .isEmpty();
    }

    @Test
    @DisplayName("K14: in a language made of accents no word comes from anywhere but the texts")
    void noWordIsHardCoded() {
        sayEverythingInAccents();
        var ana = clinic.patient(PSEUDO);
        var first = clinic.books(ana, time.inDays(1, 15, 30));
        time.laterToday(10, 0);
        accented(ana.phone().hasText(1), first);
        var second = clinic.books(ana, time.inDays(1, 16, 45));
        // what another journey says comes hours later
        time.pass(Duration.ofHours(4));
        accented(ana.phone().hasText(2), second);
        ana.phone().writes("yes");
        accented(ana.phone().hasText(3), first, second);
        ana.phone().writes("1");
        accented(ana.phone().hasText(4), first, second);
        ana.phone().writes("I want to kill myself");
        accented(ana.phone().hasText(5), first, second);
    }

    /** Every wording once more, in a language of its own: each letter of it with an accent. */
    private void sayEverythingInAccents() {
        record Row(UUID id, String key, String channel, String body) {}
        List<Row> rows = asOwner()
                .sql("""
                    select v.id, v.key, v.channel, v.body from template_in_force f join template_version v on v.id = f.version_id
                    where f.locale = 'en'
                    """)
                .query((row, n) ->
                        new Row(row.getObject(1, UUID.class), row.getString(2), row.getString(3), row.getString(4)))
                .list();
        rows.forEach(row -> {
            UUID id = UUID.randomUUID();
            asOwner()
                    .sql("""
                        insert into template_version (id, key, version, channel, locale, purpose, body, parts, variables, content_hash,
                            review, owner, recorded_at)
                        select ?, key, 1000 + (select count(*) from template_version w where w.key = v.key and w.locale = ?), channel, ?,
                            purpose, ?, parts, variables, ?, 'reviewed', owner, recorded_at
                        from template_version v where id = ?
                        """)
                    .params(
                            id,
                            PSEUDO,
                            PSEUDO,
                            new Wording(row.body()).written(TextsScenarioTest::accent),
                            id.toString(),
                            row.id())
                    .update();
            asOwner()
                    .sql("insert into template_in_force (key, channel, locale, version_id, since) values (?, ?, ?,"
                            + " ?, now())")
                    .params(row.key(), row.channel(), PSEUDO, id)
                    .update();
        });
    }

    private static int accent(int letter) {
        int at = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".indexOf(letter);
        return at < 0
                ? letter
                : "\u00e1\u0180\u0107\u010f\u00e9\u0192\u01f5\u0125\u00ed\u0135\u0137\u013a\u1e3f\u0144\u00f3\u1e55\u02a0\u0155\u015b\u0165\u00fa\u1e7d\u0175\u1e8b\u00fd\u017a\u00c1\u0181\u0106\u010e\u00c9\u0191\u01f4\u0124\u00cd\u0134\u0136\u0139\u1e3e\u0143\u00d3\u1e54\u024a\u0154\u015a\u0164\u00da\u1e7c\u0174\u1e8a\u00dd\u0179"
                        .charAt(at);
    }

    /** No unaccented letter but those of names, places, numbers and the visit's own day and hour. */
    private static void accented(String text, Clinic.Visit... visits) {
        String rest = text.replace("Mercy Valley", "")
                .replace("East Building, floor 3", "")
                .replace("100 Example Avenue, Denver", "")
                .replace("Garage B", "")
                .replaceAll("\\bAna\\b", "")
                .replaceAll("\\bA\\.,", "");
        for (Clinic.Visit visit : visits) {
            for (String skeleton : List.of("EEEEMMMMd", "EEEMMMdjmm", "jmm")) {
                DateFormat format = DateFormat.getInstanceForSkeleton(skeleton, ULocale.forLanguageTag(PSEUDO));
                format.setTimeZone(TimeZone.getTimeZone("America/Denver"));
                rest = rest.replace(
                        format.format(Date.from(visit.start().toInstant()))
                                .replace('\u202f', ' ')
                                .replace('\u00a0', ' '),
                        "");
            }
        }
        assertThat(rest).as(text).doesNotContainPattern("[A-Za-z]{2,}");
        assertThat(rest).as(text).containsPattern("[\u00e1\u00e9\u00ed\u00f3\u00fa]");
    }

    private Api.Answer edit(Coordinator who, String wording) {
        return who.send(
                "POST",
                REMINDER + "/edits",
                Api.JSON.writeValueAsString(Map.of(
                        "channel",
                        "sms",
                        "locale",
                        "en",
                        "parts",
                        Map.of("text", wording),
                        "reason",
                        "the main door is shut")));
    }

    private static JsonNode preview(Coordinator who, String wording) {
        return who.send(
                        "POST",
                        REMINDER + "/preview",
                        Api.JSON.writeValueAsString(
                                Map.of("channel", "sms", "locale", "en", "parts", Map.of("text", wording))))
                .good();
    }

    private static JsonNode wording(JsonNode detail) {
        return detail.path("wordings")
                .valueStream()
                .filter(one -> one.path("locale").asString().equals("en")
                        && one.path("channel").asString().equals("sms"))
                .findFirst()
                .orElseThrow();
    }
}
