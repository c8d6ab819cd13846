package health.throughline.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The simulator over HTTP, with a stand-in for the product that keeps what it is told. */
class CarrierSimulatorTest {

    private static final String PHONE = "+17205550123";

    private record Heard(
            String method, String path, @Nullable String authorization, String body) {}

    private final List<Heard> heard = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpServer product = product();
    private final CarrierSimulator simulator = new CarrierSimulator(new SimulatorSettings(
            0,
            URI.create("http://127.0.0.1:" + product.getAddress().getPort()),
            "AC1",
            "token",
            "+13035550100",
            "tl_test_key",
            true,
            Duration.ofMillis(5),
            Duration.ofMillis(100),
            Duration.ofMillis(100),
            100,
            Duration.ofMillis(50),
            Duration.ofSeconds(2),
            false));

    private HttpServer product() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
            server.createContext("/", exchange -> {
                heard.add(new Heard(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().getPath(),
                        exchange.getRequestHeaders().getFirst("Authorization"),
                        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
                byte[] answer =
                        "{\"now\":\"2030-01-02T03:04:05Z\",\"offset\":\"PT12H\"}".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
                exchange.close();
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @BeforeEach
    void start() {
        simulator.start();
    }

    @AfterEach
    void stop() {
        simulator.close();
        product.stop(0);
        client.close();
    }

    @Test
    void letsAPatientWriteFromTheirPhone() throws Exception {
        assertThat(send("POST", "/sim/phones/%2B17205550123/messages", "{\"body\":\"sí\"}")
                        .statusCode())
                .isEqualTo(201);

        assertThat(send("GET", "/sim/phones", null).body()).contains(PHONE).contains("\"lastText\":\"sí\"");
        assertThat(send("GET", "/sim/phones/" + PHONE + "/messages", null).body())
                .contains("\"fromPatient\":true");
        await().untilAsserted(() -> assertThat(heard)
                .filteredOn(call -> call.path().equals("/webhooks/twilio/inbound"))
                .singleElement()
                .satisfies(
                        call -> assertThat(call.body()).contains("Body=s%C3%AD").contains("AccountSid=AC1")));
    }

    @Test
    void movesTheClockOfTheProductAndItsOwn() throws Exception {
        HttpResponse<String> answer = send("POST", "/sim/clock", "{\"forward\":\"PT12H\"}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(heard).singleElement().satisfies(call -> {
            assertThat(call.path()).isEqualTo("/local/clock");
            assertThat(call.authorization()).isEqualTo("Bearer tl_test_key");
        });
        send("POST", "/sim/phones/" + PHONE + "/messages", "{\"body\":\"hi\"}");
        assertThat(send("GET", "/sim/phones", null).body()).contains("2030-01-02T03:04");
    }

    @Test
    void namesWhatIsWrongWithAFault() throws Exception {
        assertThat(send("POST", "/sim/faults", "{\"match\":{\"all\":true},\"fault\":\"nonsense\"}")
                        .body())
                .contains("nonsense")
                .contains("error-after");
        assertThat(send("POST", "/sim/faults", "{\"fault\":\"silent\"}").statusCode())
                .isEqualTo(400);
        assertThat(send("POST", "/sim/faults", "not json").statusCode()).isEqualTo(400);
        assertThat(send("POST", "/sim/faults", "{\"match\":{\"all\":true},\"fault\":\"silent\",\"times\":2}")
                        .statusCode())
                .isEqualTo(204);
        assertThat(send("DELETE", "/sim/faults", null).statusCode()).isEqualTo(204);
    }

    @Test
    void documentsItsMagicNumbers() throws Exception {
        assertThat(send("GET", "/sim/magic", null).body()).contains("0151").contains("0164");
    }

    @Test
    void answersAPageInEveryBuild() throws Exception {
        assertThat(send("GET", "/", null).statusCode()).isEqualTo(200);
        assertThat(send("GET", "/../application.yaml", null).statusCode()).isEqualTo(404);
        assertThat(send("GET", "/assets/none.js", null).statusCode()).isEqualTo(404);
    }

    @Test
    void answersOnlyPagesOfItsOwnAndOfTheProduct() throws Exception {
        assertThat(withOrigin("http://evil.example").statusCode()).isEqualTo(403);
        assertThat(withOrigin("http://127.0.0.1:" + product.getAddress().getPort())
                        .statusCode())
                .isEqualTo(200);
        assertThat(withOrigin("http://localhost:" + simulator.port()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void tellsTheProductOfVisits() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(
                CarrierSimulator.class.getResource("/demo/hospital.json") != null, "The demo hospital is not there");
        HttpResponse<String> booked = send(
                "POST",
                "/sim/ehr/appointments",
                "{\"id\":\"v1\",\"patientId\":\"demo-01\",\"start\":\"2030-03-05T09:30\",\"visitType\":\"CARD-FU\"}");

        assertThat(booked.statusCode()).isEqualTo(200);
        assertThat(heard.getLast().body())
                .contains(
                        "\"start\":\"2030-03-05T16:30:00Z\"", "Patient/demo-01", "Location/loc-cardiology", "CARD-FU");
        assertThat(send("POST", "/sim/ehr/appointments/v1/arrive", "").statusCode())
                .isEqualTo(200);
        assertThat(heard.getLast().body()).contains("\"resourceType\":\"Encounter\"", "Appointment/v1");
        assertThat(send("POST", "/sim/ehr/appointments/v1/cancel", "").statusCode())
                .isEqualTo(200);
        assertThat(heard.getLast().body()).contains("\"status\":\"cancelled\"");
        assertThat(send("POST", "/sim/ehr/appointments/none/cancel", "").statusCode())
                .isEqualTo(404);
        assertThat(send("POST", "/sim/ehr/appointments/v1/move", "{\"start\":\"soon\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(send("GET", "/sim/ehr/patients", null).body()).contains("demo-01", "loc-cardiology");
    }

    private HttpResponse<String> withOrigin(String origin) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(simulator.url() + "/sim/phones"))
                        .header("Origin", origin)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> send(String method, String path, @Nullable String body)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(simulator.url() + path))
                        .method(
                                method,
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
