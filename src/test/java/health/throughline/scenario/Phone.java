package health.throughline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A patient's phone, as its owner sees it. */
public final class Phone {

    private final Api simulator;
    private final String number;

    Phone(String simulator, String number) {
        this.simulator = new Api(simulator, "");
        this.number = number;
    }

    public String number() {
        return number;
    }

    /** What came in, the oldest first. */
    public List<String> texts() {
        var texts = new ArrayList<String>();
        for (JsonNode text :
                simulator.get("/sim/phones/" + number + "/messages").good().path("items")) {
            if (!text.path("fromPatient").asBoolean()) {
                texts.add(text.path("body").asString());
            }
        }
        return texts;
    }

    /** Waits until that many texts came in all, and no more, and tells the last. */
    public String hasText(int count) {
        ScenarioTest.soon().untilAsserted(() -> assertThat(texts()).hasSize(count));
        return texts().getLast();
    }

    /** Its next text from us meets that fault of the carrier's. */
    public void meets(String fault) {
        simulator
                .post(
                        "/sim/faults",
                        "{\"match\":{\"to\":\"%s\"},\"fault\":\"%s\",\"times\":1}".formatted(number, fault))
                .good();
    }

    /** Takes its next calls so: {@code person}, {@code voicemail}, {@code relay}, {@code busy}, … @param keys pressed or said in turn */
    public void answers(String as, String... keys) {
        var json = Api.JSON.createObjectNode().put("as", as);
        var all = json.putArray("keys");
        for (String key : keys) {
            all.add(key);
        }
        simulator.post("/sim/phones/" + number + "/answering", json.toString()).good();
    }

    /** Calls us, and presses or says that in turn. */
    public void calls(String... keys) {
        var json = Api.JSON.createObjectNode().put("do", "call");
        var all = json.putArray("keys");
        for (String key : keys) {
            all.add(key);
        }
        simulator.post("/sim/phones/" + number + "/calls", json.toString()).good();
    }

    /** As {@link #calls}, from a number for which no carrier vouches: perhaps from another phone altogether. */
    public void callsUnvouchedFor(String... keys) {
        var json = Api.JSON.createObjectNode().put("do", "call").put("vouchedFor", false);
        var all = json.putArray("keys");
        for (String key : keys) {
            all.add(key);
        }
        simulator.post("/sim/phones/" + number + "/calls", json.toString()).good();
    }

    /** Waits until that many calls are over, and no more, and tells what we said in the last. */
    public String heardInCall(int count) {
        ScenarioTest.soon()
                .untilAsserted(() -> assertThat(calls())
                        .hasSize(count)
                        .allMatch(call -> call.path("over").asBoolean()));
        var said = new StringBuilder();
        for (JsonNode line : calls().getLast().path("lines")) {
            if (line.path("by").asString().equals("us")) {
                said.append(line.path("text").asString()).append('\n');
            }
        }
        return said.toString();
    }

    public List<JsonNode> calls() {
        var calls = new ArrayList<JsonNode>();
        simulator.get("/sim/phones/" + number + "/calls").good().path("items").forEach(calls::add);
        return calls;
    }

    /** @param sample {@code arm} or {@code card} @param trouble {@code none}, {@code too-large}, {@code lying-type}, {@code inside}, … */
    public void sends(String text, String sample, String trouble) {
        var json = Api.JSON.createObjectNode().put("body", text);
        json.putArray("media").addObject().put("sample", sample).put("trouble", trouble);
        simulator.post("/sim/phones/" + number + "/messages", json.toString()).good();
    }

    public void writes(String text) {
        simulator
                .post(
                        "/sim/phones/" + number + "/messages",
                        Api.JSON.createObjectNode().put("body", text).toString())
                .good();
    }
}
