package health.throughline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Patients send pictures: somebody looks at them, and what comes with words goes the words' way besides. */
class PictureScenarioTest extends ScenarioTest {

    @Test
    void bringsAPictureWithoutWordsToAPersonWhoOpensIt() {
        var ana = clinic.patient("en");
        clinic.books(ana, time.inDays(1, 15, 30));
        time.laterToday(10, 0);
        ana.phone().hasText(1);

        ana.phone().sends("", "arm", "none");

        var coordinator = clinic.coordinator();
        JsonNode task = coordinator.hasTask(ana);
        assertThat(task.path("reason").asString()).isEqualTo("picture");
        assertThat(journeyOf(ana).state()).as("nobody guessed what it says").isEqualTo("active");
        JsonNode picture = hasAttachment(coordinator, ana, "kept");
        assertThat(picture.path("type").asString()).isEqualTo("image/png");
        assertThat(picture.path("shown").asBoolean()).isTrue();
        assertThat(coordinator.timeline(ana).stream()
                        .filter(entry -> entry.path("kind").asString().equals("reply"))
                        .map(entry -> entry.path("title").asString() + " "
                                + entry.path("attachments")
                                        .path(0)
                                        .path("state")
                                        .asString()))
                .containsExactly("Patient sent a picture kept");

        String url = picture.path("url").asString();
        HttpResponse<String> opened = coordinator.opens(url);
        assertThat(opened.statusCode()).isEqualTo(200);
        assertThat(opened.headers().map())
                .containsEntry("content-type", List.of("image/png"))
                .containsEntry("x-content-type-options", List.of("nosniff"))
                .containsEntry("content-length", List.of(picture.path("bytes").asString()));
        assertThat(opened.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("sandbox", "default-src 'none'");
        assertThat(opened.headers().firstValue("Content-Disposition").orElse(""))
                .contains("inline", "picture.png");
        assertThat(opened.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
        assertThat(audited("attachment.open", picture, coordinator)).isEqualTo(1);

        var stranger = anotherClinic().coordinator();
        assertThat(stranger.opens(url).statusCode()).isEqualTo(404);
        assertThat(audited("access.not_found", picture, stranger)).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "K3: STOP with a picture is STOP; chest pain with a picture is a red flag; either way somebody sees the picture")
    void hearsTheWordsThatComeWithAPicture() {
        var ana = clinic.patient("en");
        ana.phone().sends("STOP", "card", "none");
        var coordinator = clinic.coordinator();
        assertThat(coordinator.hasTask(ana).path("reason").asString()).isEqualTo("picture");
        assertThat(inTransaction(
                        () -> jdbc.sql("""
                                select count(*) from consent_event e join contact_point c on c.address_id = e.address_id
                                where c.patient_id = ? and e.action = 'revoke'
                                """).param(ana.id()).query(Integer.class).single()))
                .isEqualTo(1);

        var luz = clinic.patient("en");
        luz.phone().sends("chest pain and I can not breathe", "arm", "none");
        assertThat(coordinator.hasTask(luz).path("reason").asString()).isEqualTo("red-flag");
        hasAttachment(coordinator, luz, "kept");
    }

    @Test
    void saysInTheThreadWhatWasNotKeptAndWhy() {
        var ana = clinic.patient("en");
        var coordinator = clinic.coordinator();
        ana.phone().sends("look", "arm", "too-large");
        assertThat(hasAttachment(coordinator, ana, "not-kept").path("why").asString())
                .isEqualTo("A picture of 12 MB was not kept: larger than 10 MB.");
        ana.phone().sends("and this", "arm", "lying-type");
        soon().untilAsserted(() -> assertThat(
                        attachment(coordinator, ana).path("why").asString())
                .startsWith("A picture was not kept: it is not what it says"));
        ana.phone().sends("and this", "arm", "inside");
        soon().untilAsserted(() -> assertThat(
                        attachment(coordinator, ana).path("why").asString())
                .contains("led to a place that is not the carrier's"));
        assertThat(coordinator
                        .opens("/api/v1/attachments/"
                                + attachment(coordinator, ana).path("id").asString())
                        .statusCode())
                .isEqualTo(409);
    }

    private JsonNode hasAttachment(Coordinator coordinator, Clinic.Patient patient, String state) {
        soon().untilAsserted(() -> assertThat(
                        attachment(coordinator, patient).path("state").asString())
                .isEqualTo(state));
        return attachment(coordinator, patient);
    }

    /** The newest in the thread. */
    private static JsonNode attachment(Coordinator coordinator, Clinic.Patient patient) {
        return coordinator
                .thread(patient)
                .path("lines")
                .valueStream()
                .filter(line -> line.path("kind").asString().equals("reply"))
                .findFirst()
                .map(line -> line.path("attachments").path(0))
                .orElse(Api.JSON.createObjectNode());
    }

    private int audited(String action, JsonNode attachment, Coordinator by) {
        return inTransaction(
                () -> jdbc.sql("select count(*) from audit where action = ? and entity_id = ? and actor like '%' || ?")
                        .params(action, attachment.path("id").asString(), by.username())
                        .query(Integer.class)
                        .single());
    }
}
