package health.throughline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** K3, K5, K6, K8: what a patient says to a nurse holds as if they had written it. */
class ToldToStaffScenarioTest extends ScenarioTest {

    @Test
    void k5AWordToANurseEndsMessagesAndLeavesThePersonsCall() {
        var ana = clinic.patient("en");
        var coordinator = clinic.coordinator();
        assertThat(foreseen(coordinator, ana)).isEqualTo("may");

        coordinator
                .does(ana, "revocations", "{\"words\":\"no more texts please\"}")
                .good();

        assertThat(coordinator.foresees(ana, "Hello").path("reason").asString()).isEqualTo("K3.revoked");
        assertThat(coordinator.foresees(ana, "Hello").path("sentence").asString())
                .contains("in a talk with staff");
        assertThat(coordinator
                        .get("/api/v1/patients/" + ana.id() + "/consent")
                        .path("statements")
                        .path(0)
                        .path("how")
                        .asString())
                .isEqualTo("staff");
    }

    @Test
    void k6ARefusalIsLiftedByWhatNamesIt() {
        var ana = clinic.patient("en");
        var coordinator = clinic.coordinator();
        ana.phone().writes("STOP");
        everythingSettles();
        ana.phone().writes("START");
        everythingSettles();
        assertThat(foreseen(coordinator, ana)).isEqualTo("may-not");
        coordinator.does(ana, "grants", "{\"words\":\"texts are fine again\"}").good();
        assertThat(foreseen(coordinator, ana)).isEqualTo("may-not");
        coordinator
                .does(ana, "grants", "{\"words\":\"text this number again\",\"phone\":\"" + ana.number() + "\"}")
                .good();
        assertThat(foreseen(coordinator, ana)).isEqualTo("may");
    }

    @Test
    void k8AConfidentialAddressIsTheOnlyOne() {
        var ana = clinic.patient("en");
        var coordinator = clinic.coordinator();
        coordinator
                .does(ana, "contact-points", "{\"system\":\"email\",\"value\":\"ana@example.org\",\"use\":\"home\"}")
                .good();
        coordinator.does(ana, "confidential", "{\"value\":\"ana@example.org\"}").good();
        assertThat(coordinator.foresees(ana, "Hello").path("to").asString()).isNotEqualTo(ana.number());
        coordinator.does(ana, "confidential", "{\"value\":null}").good();
        assertThat(foreseen(coordinator, ana)).isEqualTo("may");
    }

    @Test
    void k6TheFirstTextNamesTheSenderAndHowToStopAlsoWhereAPersonWroteIt() {
        var ana = clinic.patient("en");
        var coordinator = clinic.coordinator();
        assertThat(coordinator
                        .says(ana, "Your letter is ready.", "first-words-1")
                        .status())
                .isEqualTo(202);
        assertThat(ana.phone().hasText(1))
                .isEqualTo("Your letter is ready.\nFrom Mercy Valley. Text STOP to end, HELP for help.");
        assertThat(coordinator
                        .says(ana, "Your letter is ready.", "first-words-1")
                        .status())
                .as("pressed again")
                .isEqualTo(202);
        assertThat(coordinator.says(ana, "Bring it along.", "second-words").status())
                .isEqualTo(202);
        assertThat(ana.phone().hasText(2)).isEqualTo("Mercy Valley: Bring it along.");
    }

    @Test
    void saysWhatIsWrong() {
        var ana = clinic.patient("en");
        var coordinator = clinic.coordinator();
        assertThat(field(coordinator.does(ana, "revocations", "{}"))).isEqualTo("words");
        assertThat(field(coordinator.does(ana, "revocations", "{\"words\":\"x\",\"purpose\":\"spam\"}")))
                .isEqualTo("purpose");
        assertThat(field(coordinator.does(ana, "revocations", "{\"words\":\"x\",\"channels\":[\"fax\"]}")))
                .isEqualTo("channels");
        assertThat(field(coordinator.does(ana, "grants", "{\"words\":\"x\",\"phone\":\"+13035550199\"}")))
                .isEqualTo("phone");
        assertThat(field(coordinator.does(ana, "consents-alone", "{}"))).isEqualTo("alone");
        assertThat(field(coordinator.does(ana, "confidential", "{\"value\":\"nobody@example.org\"}")))
                .isEqualTo("value");
    }

    private static String foreseen(Coordinator coordinator, Clinic.Patient patient) {
        return coordinator.foresees(patient, "Hello").path("outcome").asString();
    }

    private static String field(Api.Answer answer) {
        assertThat(answer.status()).isEqualTo(422);
        return answer.body().path("field").asString();
    }
}
