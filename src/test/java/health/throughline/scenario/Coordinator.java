package health.throughline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.Browser;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A coordinator signed in at the staff pages. */
public final class Coordinator {

    private final Browser browser;
    private final String username;

    Coordinator(String product, String username, String password) {
        this.username = username;
        browser = new Browser(product);
        assertThat(browser.signIn(username, password).statusCode()).isEqualTo(204);
    }

    /** The patient's tasks. @param state open or closed */
    public List<JsonNode> tasks(Clinic.Patient patient, String state) {
        var tasks = new ArrayList<JsonNode>();
        get("/api/v1/tasks?state=" + state + "&patient=" + patient.id())
                .path("items")
                .forEach(tasks::add);
        return tasks;
    }

    /** Waits for the one open task about the patient. */
    public JsonNode hasTask(Clinic.Patient patient) {
        ScenarioTest.soon()
                .untilAsserted(() -> assertThat(tasks(patient, "open")).hasSize(1));
        return open(tasks(patient, "open").getFirst());
    }

    public JsonNode open(JsonNode task) {
        return get("/api/v1/tasks/" + task.path("id").asString());
    }

    public Api.Answer takes(JsonNode task) {
        return post(task, "claim", "");
    }

    /** @param data the form's answers as JSON */
    public Api.Answer finishes(JsonNode task, String data) {
        return post(
                task,
                "complete",
                "{\"data\":" + data + ",\"version\":"
                        + open(task).path("version").asInt() + "}");
    }

    public List<JsonNode> timeline(Clinic.Patient patient) {
        var entries = new ArrayList<JsonNode>();
        get("/api/v1/patients/" + patient.id() + "/timeline").path("items").forEach(entries::add);
        return entries;
    }

    public JsonNode get(String path) {
        var answer = browser.get(path);
        return Api.Answer.of(answer.statusCode(), answer.body()).good();
    }

    public String username() {
        return username;
    }

    public Api.Answer send(String method, String path, String json) {
        var answer = browser.send(method, path, json, "Content-Type", "application/json");
        return Api.Answer.of(answer.statusCode(), answer.body());
    }

    private Api.Answer post(JsonNode task, String step, String json) {
        var answer = browser.post("/api/v1/tasks/" + task.path("id").asString() + "/" + step, json);
        return Api.Answer.of(answer.statusCode(), answer.body());
    }
}
