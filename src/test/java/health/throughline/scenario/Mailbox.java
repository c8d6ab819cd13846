package health.throughline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A patient's mailbox, as its owner sees it. */
public final class Mailbox {

    private final Api simulator;
    private final String base;
    private final String address;

    Mailbox(String simulator, String address) {
        this.simulator = new Api(simulator, "");
        this.base = simulator;
        this.address = address;
    }

    /** What came in, the oldest first. */
    public List<JsonNode> mails() {
        return simulator
                .get("/sim/mailboxes/" + address + "/mails")
                .good()
                .path("items")
                .valueStream()
                .filter(mail -> !mail.path("fromPatient").asBoolean())
                .toList();
    }

    /** Waits until that many mails came in all, and no more, and tells the last. */
    public JsonNode hasMail(int count) {
        ScenarioTest.soon().untilAsserted(() -> assertThat(mails()).hasSize(count));
        return mails().getLast();
    }

    /** One of the files that came with a mail. */
    public byte[] file(JsonNode mail, int number) {
        var request = HttpRequest.newBuilder(URI.create(base + "/sim/mailboxes/" + address + "/mails/"
                        + mail.path("id").asString() + "/files/" + number))
                .build();
        try {
            return HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofByteArray())
                    .body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public void answers(String text) {
        simulator
                .post(
                        "/sim/mailboxes/" + address + "/mails",
                        Api.JSON.createObjectNode().put("body", text).toString())
                .good();
    }

    /** Somebody else writes under this address. */
    public void isWrittenFromByAStranger(String text) {
        simulator
                .post(
                        "/sim/mailboxes/" + address + "/mails",
                        Api.JSON
                                .createObjectNode()
                                .put("body", text)
                                .put("stranger", true)
                                .toString())
                .good();
    }

    public String address() {
        return address;
    }

    /** The signed address that mail asks to be answered at. */
    public String answerAddress(JsonNode mail) {
        return addressIn(mail, "(?m)^Reply-To: .*?([^\\s<>]+@[^\\s<>]+)");
    }

    /** The signed address that ends all mail. */
    public String leaveAddress(JsonNode mail) {
        return addressIn(mail, "(?m)^List-Unsubscribe: .*?mailto:([^\\s<>?]+@[^\\s<>?]+)");
    }

    private String addressIn(JsonNode mail, String header) {
        String source = simulator
                .get("/sim/mailboxes/" + address + "/mails/" + mail.path("id").asString() + "/source")
                .good()
                .path("source")
                .asString()
                .replaceAll("\\r?\\n[ \\t]+", " ");
        var found = java.util.regex.Pattern.compile(header).matcher(source);
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    /** Whatever mail reaches the product, from wherever. */
    public void reachesProduct(String source) {
        simulator.post("/sim/mailboxes/raw", source).good();
    }

    /** Presses the mail program's own "unsubscribe". @return what the product answered */
    public int unsubscribes(JsonNode mail) {
        return simulator
                .post("/sim/mailboxes/" + address + "/mails/" + mail.path("id").asString() + "/unsubscribe", "{}")
                .good()
                .path("status")
                .asInt();
    }
}
