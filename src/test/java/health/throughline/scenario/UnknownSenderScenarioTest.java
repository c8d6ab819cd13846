package health.throughline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Somebody writes from a number nobody knows, or that several patients share: a person finds out who it is. */
class UnknownSenderScenarioTest extends ScenarioTest {

    @Test
    void linksANumberAndReadsWhatWaitsAnew() {
        var ana = clinic.patient("en");
        var stranger = clinic.strangersPhone();
        stranger.writes("This is Ana with a new phone. I need another time");
        var system = clinic.coordinatorOfAll();
        JsonNode sender = hasSender(system, stranger);
        assertThat(sender.path("waiting").asInt()).isEqualTo(1);
        assertThat(sender.path("sharedBy").size()).isZero();
        var coordinator = clinic.coordinator();
        assertThat(find(coordinator, stranger)).isEmpty();
        String path = "/api/v1/unknown-senders/" + sender.path("id").asString();
        assertThat(coordinator.tries(path).status()).isEqualTo(404);
        assertThat(coordinator
                        .post(path + "/link", "{\"patient\":\"" + ana.id() + "\"}")
                        .status())
                .isEqualTo(404);
        assertThat(system.get(path).path("lines").path(0).path("text").asString())
                .startsWith("This is Ana");

        for (String wrong : new String[] {"{}", "{\"patient\":\"" + UUID.randomUUID() + "\"}"}) {
            var answer = system.post(path + "/link", wrong);
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.body().path("field").asString()).isEqualTo("patient");
        }
        assertThat(system.post(path + "/link", "{\"patient\":\"" + ana.id() + "\"}")
                        .status())
                .isEqualTo(204);

        JsonNode task = coordinator.hasTask(ana);
        assertThat(task.path("reason").asString()).isEqualTo("no-open-question");
        JsonNode thread = coordinator.thread(ana);
        assertThat(thread.path("lines").path(0).path("text").asString()).startsWith("This is Ana");
        assertThat(thread.path("patient")
                        .path("phones")
                        .valueStream()
                        .map(phone -> phone.path("value").asString()))
                .contains(stranger.number(), ana.number());
        assertThat(find(system, stranger)).isEmpty();
        assertThat(system.post(path + "/link", "{\"patient\":\"" + ana.id() + "\"}")
                        .status())
                .as("again")
                .isEqualTo(404);
        String linked = inTransaction(
                () -> jdbc.sql("select actor from identity_event where patient_id = ? and kind = 'linked'")
                        .param(ana.id())
                        .query(String.class)
                        .single());
        assertThat(linked).contains(system.username());
        assertThat(auditOf("sender.link", ana.id())).isEqualTo(1);

        // and the next message is hers without anybody's help; an answer goes where she wrote from
        stranger.writes("Thank you");
        everythingSettles();
        assertThat(coordinator
                        .says(ana, "Which day suits you?", "to-the-new-phone")
                        .status())
                .isEqualTo(202);
        assertThat(stranger.hasText(1)).isEqualTo("Which day suits you?");
    }

    @Test
    void bringsATaskWhenTheAnswerToThemDoesNotArrive() {
        var stranger = clinic.strangersPhone();
        stranger.writes("Can I bring my dog?");
        var system = clinic.coordinatorOfAll();
        JsonNode sender = hasSender(system, stranger);
        everythingSettles();
        stranger.meets("failed");
        system.post(
                        "/api/v1/unknown-senders/" + sender.path("id").asString() + "/messages",
                        "{\"text\":\"Who is this?\"}",
                        "Idempotency-Key",
                        "in-vain-" + sender.path("id").asString())
                .good();
        soon().untilAsserted(() -> assertThat(system.tasksFor("answer-undelivered"))
                .anyMatch(task -> task.path("title")
                        .asString()
                        .startsWith(
                                "What " + system.username() + " wrote by text did not reach somebody we do not know")));
    }

    @Test
    void dismissesWhatIsNobodys() {
        var stranger = clinic.strangersPhone();
        stranger.writes("Cheap watches");
        var system = clinic.coordinatorOfAll();
        JsonNode sender = hasSender(system, stranger);
        String path = "/api/v1/unknown-senders/" + sender.path("id").asString();
        assertThat(system.post(path + "/nobodys", "").status()).isEqualTo(204);
        assertThat(find(system, stranger)).isEmpty();
        assertThat(system.tries(path).status()).isEqualTo(404);
        stranger.writes("Cheaper watches");
        hasSender(system, stranger);
        assertThat(system.tries("/api/v1/unknown-senders?after=x").status()).isEqualTo(422);
    }

    @Test
    void saysWhichOfThoseWhoShareAPhoneWrote() {
        var ana = clinic.patient("en");
        var luz = clinic.patientOnThePhoneOf(ana, "Luz");
        ana.phone().writes("Is the clinic open on Saturday?");
        var coordinator = clinic.coordinator();
        JsonNode sender = hasSender(coordinator, ana.phone());
        assertThat(sender.path("sharedBy").size()).isEqualTo(2);
        assertThat(find(anotherClinic().coordinator(), ana.phone())).isEmpty();
        String path = "/api/v1/unknown-senders/" + sender.path("id").asString();
        assertThat(coordinator
                        .post(path + "/link", "{\"patient\":\"" + luz.id() + "\"}")
                        .status())
                .isEqualTo(204);
        coordinator.hasTask(luz);
        assertThat(coordinator.tasks(ana, "open")).isEmpty();
        assertThat(coordinator.thread(luz).path("lines").path(0).path("text").asString())
                .contains("Saturday");
        assertThat(find(coordinator, ana.phone())).isEmpty();
    }

    private JsonNode hasSender(Coordinator coordinator, Phone phone) {
        soon().untilAsserted(() -> assertThat(find(coordinator, phone)).isPresent());
        return find(coordinator, phone).orElseThrow();
    }

    private static Optional<JsonNode> find(Coordinator coordinator, Phone phone) {
        return coordinator
                .get("/api/v1/unknown-senders?limit=100")
                .path("items")
                .valueStream()
                .filter(item -> item.path("number").asString().equals(phone.number()))
                .findFirst();
    }

    private Integer auditOf(String action, UUID patient) {
        return inTransaction(() -> jdbc.sql("select count(*) from audit where action = ? and patient_id = ?")
                .params(action, patient)
                .query(Integer.class)
                .single());
    }
}
