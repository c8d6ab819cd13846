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

    public String username() {
        return username;
    }

    /** The patient's tasks. @param state open or closed */
    public List<JsonNode> tasks(Clinic.Patient patient, String state) {
        var tasks = new ArrayList<JsonNode>();
        get("/api/v1/tasks?state=" + state + "&patient=" + patient.id())
                .path("items")
                .forEach(tasks::add);
        return tasks;
    }

    /** Open tasks of that reason, whomever they are about. */
    public List<JsonNode> tasksFor(String reason) {
        return get("/api/v1/tasks?state=open&limit=100")
                .path("items")
                .valueStream()
                .filter(task -> task.path("reason").asString().equals(reason))
                .toList();
    }

    /** Waits for the one open task about the patient. */
    public JsonNode hasTask(Clinic.Patient patient) {
        ScenarioTest.soon()
                .untilAsserted(() -> assertThat(tasks(patient, "open")).hasSize(1));
        return open(tasks(patient, "open").getFirst());
    }

    /** Waits for the open task of that reason about the patient. */
    public JsonNode hasTask(Clinic.Patient patient, String reason) {
        ScenarioTest.soon()
                .untilAsserted(() -> assertThat(tasks(patient, "open"))
                        .anyMatch(task -> task.path("reason").asString().equals(reason)));
        return open(tasks(patient, "open").stream()
                .filter(task -> task.path("reason").asString().equals(reason))
                .findFirst()
                .orElseThrow());
    }

    public JsonNode open(JsonNode task) {
        return get("/api/v1/tasks/" + task.path("id").asString());
    }

    public Api.Answer takes(JsonNode task) {
        return post(task, "claim", "");
    }

    public Api.Answer releases(JsonNode task) {
        return post(task, "release", "");
    }

    /** @param data the form's answers as JSON */
    public Api.Answer finishes(JsonNode task, String data) {
        return post(
                task,
                "complete",
                "{\"data\":" + data + ",\"version\":"
                        + open(task).path("version").asInt() + "}");
    }

    /** An act on the patient's record: merge, unmerge, freeze, settle, contact-points. */
    public Api.Answer does(Clinic.Patient patient, String act, String json) {
        var answer = browser.post("/api/v1/patients/" + patient.id() + "/" + act, json);
        return Api.Answer.of(answer.statusCode(), answer.body());
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

    /** A picture or a file, with what stands in front of it. */
    public java.net.http.HttpResponse<String> opens(String path) {
        return browser.get(path);
    }

    /** Whatever comes of it. */
    public Api.Answer tries(String path) {
        var answer = browser.get(path);
        return Api.Answer.of(answer.statusCode(), answer.body());
    }

    /** @param headers of the request, besides its type: name, value, and so on */
    public Api.Answer post(String path, String json, String... headers) {
        String[] all = java.util.Arrays.copyOf(headers, headers.length + 2);
        all[headers.length] = "Content-Type";
        all[headers.length + 1] = "application/json";
        var answer = browser.send("POST", path, json, all);
        return Api.Answer.of(answer.statusCode(), answer.body());
    }

    /** Texts the patient in the coordinator's own words. @param key of this message */
    public Api.Answer says(Clinic.Patient patient, String text, String key) {
        return post(
                "/api/v1/conversations/" + patient.id() + "/messages",
                Api.JSON.createObjectNode().put("text", text).toString(),
                "Idempotency-Key",
                key);
    }

    /** What would become of such a text. */
    public JsonNode foresees(Clinic.Patient patient, String text) {
        return post(
                        "/api/v1/conversations/" + patient.id() + "/preview",
                        Api.JSON.createObjectNode().put("text", text).toString())
                .good();
    }

    public Api.Answer takesOver(Clinic.Patient patient) {
        return post("/api/v1/conversations/" + patient.id() + "/takeover", "");
    }

    public Api.Answer handsBack(Clinic.Patient patient) {
        return post("/api/v1/conversations/" + patient.id() + "/return", "");
    }

    public JsonNode thread(Clinic.Patient patient) {
        return get("/api/v1/conversations/" + patient.id());
    }

    /** Whether the inbox lists the patient. @param show needs-person, mine or all */
    public boolean lists(Clinic.Patient patient, String show) {
        return get("/api/v1/conversations?show=" + show)
                .path("items")
                .valueStream()
                .anyMatch(item -> item.path("patient")
                        .path("id")
                        .asString()
                        .equals(patient.id().toString()));
    }

    public Api.Answer calls(JsonNode task) {
        return post(task, "call", "");
    }

    /** @param end the outcome, and whatever belongs to it, as JSON */
    public Api.Answer ends(JsonNode call, String end) {
        return post("/api/v1/calls/" + call.path("id").asString() + "/outcome", end);
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
