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

    public void writes(String text) {
        simulator
                .post(
                        "/sim/phones/" + number + "/messages",
                        Api.JSON.createObjectNode().put("body", text).toString())
                .good();
    }
}
