package health.throughline.simulator;

import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.JsonNode;

/** The carrier's clock: the machine's, moved as the local product's is, so that the dates it lists agree with the product's. */
final class SimulatedClock {

    private static final String PATH = "/local/clock";

    private final ProductClient product;
    private volatile Duration offset = Duration.ZERO;
    private volatile boolean learned;

    SimulatedClock(ProductClient product) {
        this.product = product;
        this.learned = !product.hasApiKey();
    }

    Instant now() {
        return Instant.now().plus(offset);
    }

    /** Before the first message: a product that starts again keeps the time it was moved to. */
    void learnOnce() throws InterruptedException {
        if (!learned) {
            learn(product.get(PATH));
        }
    }

    ProductClient.Answer read() throws InterruptedException {
        return learn(product.get(PATH));
    }

    ProductClient.Answer move(String json) throws InterruptedException {
        return learn(product.send("POST", PATH, "application/json", json));
    }

    private ProductClient.Answer learn(ProductClient.Answer answer) {
        if (answer.good()) {
            JsonNode now = Json.read(answer.body()).path("now");
            offset = Duration.between(Instant.now(), Instant.parse(now.asString()));
            learned = true;
        }
        return answer;
    }
}
