package health.throughline.simulator;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

final class EhrSimulator {
    EhrSimulator(ProductClient product, SimulatedClock clock) {}

    void seed() {}

    Map<String, String> namesByNumber() {
        return Map.of();
    }

    List<Object> patients() {
        return List.of();
    }

    List<Object> locations() {
        return List.of();
    }

    List<Object> appointments() {
        return List.of();
    }

    ProductClient.Answer book(JsonNode json) {
        return new ProductClient.Answer(0, "");
    }

    ProductClient.Answer change(String id, String what, JsonNode json) {
        return new ProductClient.Answer(0, "");
    }
}
