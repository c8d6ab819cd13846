package health.throughline.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.ibm.icu.text.MessageFormat;
import health.throughline.Browser;
import health.throughline.FaultReport;
import health.throughline.FaultTest;
import health.throughline.patient.PatientId;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** R21 and R24: bodies without end or sense, and texts that mean to be code. */
@FaultTest
class HostileInputTest extends TextingTest {

    /** Control characters, and marks that turn the direction of writing: nobody sees them, and they make one text look like another. */
    private static final String NOT_KEPT = "[\\u001b\\u0007\\u202a-\\u202e\\u2066-\\u2069]";

    private static final FaultReport.Row BODIES = FaultReport.row("R21", "bodies: 1 GB, slow, zip bomb, deep JSON");
    private static final FaultReport.Row INJECTION =
            FaultReport.row("R24", "SQL, XSS, template, CSV, header, log injection in inbound text");
    private static final JsonMapper JSON = new JsonMapper();
    private static final int SLOW_CLIENTS = FaultReport.form(50, 400);
    private static final int DEEP = 200_000;
    private static final int HELD = 30;
    private static final int OF_A_STRING = 32 << 20;
    private static final long TAKEN_AT_MOST = 16L << 20;
    private static final long TAKEN_OF_A_FEED = 96L << 20;
    private static final String MARK = "zqinjectqz";

    /** Each says what it would do if anything took it for code. */
    private static final List<String> TEXTS = List.of(
            MARK + "'); drop table inbound_work; --",
            MARK + "' or '1'='1",
            MARK + "<script>alert(1)</script><img src=x onerror=alert(1)>",
            MARK + "\"><svg/onload=alert(1)>",
            MARK + " ${7*7} #{7*7} {{7*7}} <%= 7*7 %> ${T(java.lang.Runtime).getRuntime()}",
            MARK + " {0,number} {givenName} {count, plural, other{#}} '{' {",
            "=cmd|' /C calc'!A0 " + MARK,
            "@SUM(1+1)*cmd|'' " + MARK,
            MARK + "\r\nX-Injected: yes\r\nSet-Cookie: a=b",
            MARK + "\n2026-01-01T00:00:00Z ERROR forged log line",
            MARK + "\u001b[31mred\u001b[0m \u202Egnp.exe",
            MARK + " ${jndi:ldap://127.0.0.1:1/a}",
            MARK + " %s %n %x \\u0000 \\' ; --",
            MARK + " ../../etc/passwd file:///etc/passwd http://169.254.169.254/");

    @Test
    void takesTextsThatMeanToBeCodeAsTextOnly() {
        String number = aNumber();
        PatientId patient = aPatient(number);
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        List<String> sids = new ArrayList<>();
        long serverFaults = 0;
        try {
            for (String text : TEXTS) {
                String sid = aSid();
                HttpResponse<String> answer = inbound(number, sid, text);
                serverFaults += answer.statusCode() >= 500 ? 1 : 0;
                assertThat(answer.statusCode()).as(text).isEqualTo(200);
                assertThat(answer.headers().firstValue("X-Injected")).isEmpty();
                sids.add(sid);
            }
            // what a stranger writes comes to other pages
            assertThat(inbound("+19705559871", aSid(), TEXTS.get(2)).statusCode())
                    .isEqualTo(200);
            await().atMost(Duration.ofSeconds(60)).until(() -> count("""
                            select count(*) from inbound_work w join inbound_key k on k.inbound_id = w.inbound_id
                            where k.provider_id = any(?) and w.state = 'received'
                            """, (Object) sids.toArray(String[]::new)) == 0);
        } finally {
            root.detachAppender(log);
        }
        Browser coordinator = signedIn("coordinator");
        HttpResponse<String> timeline = coordinator.get("/api/v1/patients/" + patient.value() + "/timeline?limit=100");
        assertThat(timeline.headers().firstValue("Content-Type").orElse("")).contains("application/json");
        assertThat(timeline.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        List<String> read = JSON.readTree(timeline.body())
                .path("items")
                .valueStream()
                .map(item -> item.path("text").asString(""))
                .toList();
        for (String text : TEXTS) {
            assertThat(read)
                    .as("read back as it was written")
                    .contains(text.replace("\r\n", "\n").replaceAll(NOT_KEPT, ""));
        }
        assertThat(log.list)
                .noneMatch(event -> event.getFormattedMessage().contains(MARK)
                        || event.getFormattedMessage().contains("forged log line"));
        assertThat(requestsTo(number))
                .noneMatch(sent -> sent.body().contains(MARK) || sent.body().contains("49"));
        assertThat(count("select count(*) from act_ru_variable where text_ like '%" + MARK + "%'"))
                .isZero();
        assertThat(count("select count(*) from inbound_work")).isPositive();

        // controls: the same texts where they are taken for a pattern, and put into a page as they are
        boolean asPattern = TEXTS.stream()
                .anyMatch(text -> catchThrowable(() -> new MessageFormat(text).format(new Object[] {1})) != null
                        || !new MessageFormat(text).format(new Object[] {1}).equals(text));
        boolean asPage = TEXTS.stream().map(text -> "<p>" + text + "</p>").anyMatch(page -> page.contains("<script>"));
        INJECTION
                .count(FaultReport.FUZZ, TEXTS.size())
                .count(FaultReport.SERVER_FAULTS, serverFaults)
                .count(
                        FaultReport.INBOUND_LOST,
                        TEXTS.size()
                                - read.stream()
                                        .filter(text -> text.contains(MARK))
                                        .count())
                .control("the text taken for a template", asPattern)
                .control("the text put into a page as it is", asPage);
        assertThat(asPattern && asPage).isTrue();
    }

    private record Answered(int status, long written) {}

    @Test
    void refusesBodiesWithoutEndBeforeTheyFillTheHeap() throws Exception {
        Map<String, Answered> answers = new HashMap<>();
        String key = "Authorization: Bearer " + setting("throughline.simulator.api-key") + "\r\n";
        String form = "Content-Type: application/x-www-form-urlencoded\r\n";
        String fhir = key + "Content-Type: application/fhir+json\r\n";
        for (var door : Map.of(
                        "/webhooks/twilio/inbound", form,
                        "/fhir", fhir,
                        "/api/v1/journeys/pre-visit/instances", "Content-Type: application/json\r\n")
                .entrySet()) {
            answers.put("1 GB to " + door.getKey(), pour(door.getKey(), door.getValue(), 1L << 30));
            answers.put("endless to " + door.getKey(), pour(door.getKey(), door.getValue(), -1));
        }
        answers.forEach((name, answer) -> {
            assertThat(answer.status()).as(name).isIn(400, 401, 403, 413);
            assertThat(answer.written()).as(name).isLessThan(name.endsWith("/fhir") ? TAKEN_OF_A_FEED : TAKEN_AT_MOST);
        });
        BODIES.count(FaultReport.FUZZ, answers.size())
                .count(
                        FaultReport.SERVER_FAULTS,
                        answers.values().stream().filter(a -> a.status() >= 500).count())
                .figure(
                        "most bytes taken of an endless body",
                        answers.values().stream()
                                .mapToLong(Answered::written)
                                .max()
                                .orElse(0));
    }

    /** Who sends it is not known yet: a form is read for its token against forgery, a line of the chat before its visitor is looked up. */
    @Test
    void refusesWhatAnybodyMaySendAboveTheBoundOfItsPlace() throws Exception {
        String form = "Content-Type: application/x-www-form-urlencoded\r\n";
        String json = "Content-Type: application/json\r\n";
        String line = "{\"key\":\"12345678\",\"text\":\"";
        Map<String, Answered> answers = new HashMap<>();
        for (long length : new long[] {1L << 30, -1}) {
            for (String door : List.of("/chat/api/messages", "/chat/api/verify", "/chat/api/verify/code")) {
                answers.put(door + " " + length, pour("POST", door, json, line, length));
            }
            for (String door : List.of("/my", "/my/messages", "/v/AAAAAAAAAAAAAAAA", "/e/u/none", "/api/v1/session")) {
                answers.put(door + " " + length, pour("POST", door, form, "text=", length));
            }
            answers.put("PUT /my " + length, pour("PUT", "/my", form, "text=", length));
            answers.put("PUT /fhir " + length, pour("PUT", "/fhir/Patient/none", form, "text=", length));
        }
        answers.forEach((name, answer) -> {
            assertThat(answer.status()).as(name).isIn(name.startsWith("PUT") ? List.of(401, 403, 413) : List.of(413));
            assertThat(answer.written()).as(name).isLessThan(TAKEN_AT_MOST);
        });
        HttpResponse<String> problem =
                new Browser(product()).post("/chat/api/messages", line + "a".repeat(70_000) + "\"}");
        assertThat(problem.statusCode()).isEqualTo(413);
        assertThat(problem.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(problem.body()).contains("more than 64 KB");
        byte[] start = ("{\"patient\":{\"id\":\"" + "a".repeat(2 << 20) + "\"}}").getBytes(StandardCharsets.UTF_8);
        assertThat(post("/api/v1/journeys/pre-visit/instances", "application/json", null, start))
                .as("1 MB for those we know")
                .isEqualTo(413);

        List<Socket> held = new ArrayList<>();
        int refused = 0;
        try {
            for (int n = 0; n < HELD; n++) {
                held.add(holds("/chat/api/messages", json, line, 192 << 10));
            }
            for (Socket socket : held) {
                refused += status(socket) == 413 ? 1 : 0;
            }
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
        assertThat(refused).as("answered, though they hold on").isEqualTo(HELD);

        // control: the string that is refused above, read without a bound
        boolean red = JSON.readTree(line + "a".repeat(OF_A_STRING) + "\"}")
                        .path("text")
                        .asString()
                        .length()
                == OF_A_STRING;
        BODIES.count(FaultReport.FUZZ, answers.size() + HELD)
                .count(
                        FaultReport.SERVER_FAULTS,
                        answers.values().stream().filter(a -> a.status() >= 500).count())
                .control("no bound of the body", red);
        assertThat(red).isTrue();
    }

    /** A body in one chunk, and no end. */
    private static Socket holds(String path, String headers, String prefix, int more) throws IOException {
        Socket socket = connected();
        byte[] body = (prefix + "a".repeat(more)).getBytes(StandardCharsets.UTF_8);
        OutputStream out = socket.getOutputStream();
        out.write(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "Transfer-Encoding: chunked\r\n\r\n"
                        + Integer.toHexString(body.length) + "\r\n")
                .getBytes(StandardCharsets.UTF_8));
        try {
            out.write(body);
            out.flush();
        } catch (IOException e) {
            // answered before it had read everything
        }
        return socket;
    }

    @Test
    void refusesBombsAndDepthWithAnAnswer() throws Exception {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (OutputStream zip = new GZIPOutputStream(bomb)) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                zip.write(zeros);
            }
        }
        String deep = "[".repeat(DEEP) + "]".repeat(DEEP);
        String deepObject = "{\"resourceType\":\"Bundle\",\"a\":".repeat(20_000) + "1" + "}".repeat(20_000);
        List<Integer> answers = new ArrayList<>();
        for (String path :
                List.of("/fhir", "/fhir/Patient", "/webhooks/twilio/inbound", "/api/v1/journeys/pre-visit/instances")) {
            answers.add(post(path, "application/fhir+json", "gzip", bomb.toByteArray()));
            answers.add(post(path, "application/json", null, deep.getBytes(StandardCharsets.UTF_8)));
            answers.add(post(path, "application/fhir+json", null, deepObject.getBytes(StandardCharsets.UTF_8)));
            answers.add(post(path, "application/json", null, "{\"a\":1e999999999}".getBytes(StandardCharsets.UTF_8)));
            answers.add(post(path, "application/json", null, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 0}));
        }
        // control: the same depth, read without a bound and then walked
        JsonMapper unbound = new JsonMapper(JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(Integer.MAX_VALUE)
                        .build())
                .build());
        boolean red = catchThrowable(() -> unbound.readTree(deep).toString()) != null;
        BODIES.count(FaultReport.FUZZ, answers.size())
                .count(
                        FaultReport.SERVER_FAULTS,
                        answers.stream().filter(status -> status >= 500).count())
                .control("no bound of depth", red)
                .figure("peak heap MB of the test's JVM", FaultReport.peakHeapMegabytes());
        assertThat(answers).allMatch(status -> status >= 400 && status < 500, "4xx");
        assertThat(red).isTrue();
    }

    @Test
    void answersOthersWhileManySendAByteNowAndThen() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < SLOW_CLIENTS; i++) {
                Socket socket = connected();
                socket.getOutputStream()
                        .write(("POST /webhooks/twilio/inbound HTTP/1.1\r\n"
                                        + "Host: localhost\r\n"
                                        + "Content-Type: application/x-www-form-urlencoded\r\n"
                                        + "Content-Length: 5000\r\n\r\n"
                                        + "B")
                                .getBytes(StandardCharsets.UTF_8));
                socket.getOutputStream().flush();
                slow.add(socket);
            }
            String number = aNumber();
            List<Duration> took = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                long began = System.nanoTime();
                assertThat(inbound(number, aSid(), "ok").statusCode()).isEqualTo(200);
                took.add(Duration.ofNanos(System.nanoTime() - began));
            }
            BODIES.figure("slow clients", SLOW_CLIENTS).times("others meanwhile", took);
            assertThat(FaultReport.percentile(took, 100)).isLessThan(20_000);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    private static Socket connected() throws IOException {
        URI product = URI.create(product());
        Socket socket = new Socket(product.getHost(), product.getPort());
        socket.setSoTimeout(30_000);
        return socket;
    }

    /** Writes until the server answers or hangs up. @param length -1 for chunks without end */
    private static Answered pour(String path, String headers, long length) throws IOException {
        return pour("POST", path, headers, "", length);
    }

    private static Answered pour(String method, String path, String headers, String prefix, long length)
            throws IOException {
        try (Socket socket = connected()) {
            OutputStream out = socket.getOutputStream();
            out.write((method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers
                            + (length < 0 ? "Transfer-Encoding: chunked" : "Content-Length: " + length) + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.flush();
            byte[] part = new byte[64 << 10];
            java.util.Arrays.fill(part, (byte) 'a');
            System.arraycopy(prefix.getBytes(StandardCharsets.UTF_8), 0, part, 0, prefix.length());
            byte[] size = (Integer.toHexString(part.length) + "\r\n").getBytes(StandardCharsets.UTF_8);
            long written = 0;
            try {
                while (written < 2 * TAKEN_OF_A_FEED && socket.getInputStream().available() == 0) {
                    if (length < 0) {
                        out.write(size);
                    }
                    out.write(part);
                    if (length < 0) {
                        out.write("\r\n".getBytes(StandardCharsets.UTF_8));
                    }
                    out.flush();
                    written += part.length;
                    java.util.Arrays.fill(part, 0, prefix.length(), (byte) 'a');
                }
            } catch (IOException e) {
                // hung up on, as it should be
            }
            return new Answered(status(socket), written);
        }
    }

    /** 413 where the connection was cut before the answer could be read. */
    private static int status(Socket socket) {
        try {
            String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            return line == null ? 413 : Integer.parseInt(line.split(" ")[1]);
        } catch (IOException e) {
            return 413;
        }
    }

    private int post(String path, String type, @org.jspecify.annotations.Nullable String encoding, byte[] body)
            throws IOException {
        try (Socket socket = connected()) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: " + type
                            + "\r\nAuthorization: Bearer " + setting("throughline.simulator.api-key")
                            + "\r\nIdempotency-Key: hostile\r\n"
                            + (encoding == null ? "" : "Content-Encoding: " + encoding + "\r\n") + "Content-Length: "
                            + body.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            try {
                out.write(body);
                out.flush();
            } catch (IOException e) {
                // answered before it had read everything
            }
            return status(socket);
        }
    }

    private Browser signedIn(String role) {
        try {
            JsonNode user = JSON.readTree(
                            Files.readString(Path.of(setting("throughline.local.directory"), "credentials.json")))
                    .path("users")
                    .valueStream()
                    .filter(each -> each.path("role").asString("").equals(role))
                    .findFirst()
                    .orElseThrow();
            Browser browser = new Browser(product());
            browser.signIn(
                    user.path("username").asString(), user.path("password").asString());
            return browser;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
