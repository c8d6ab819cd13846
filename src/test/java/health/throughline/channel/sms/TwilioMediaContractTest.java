package health.throughline.channel.sms;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import health.throughline.FaultTest;
import health.throughline.channel.Attached;
import health.throughline.channel.AttachmentSource.Fetched;
import health.throughline.channel.AttachmentStore;
import health.throughline.channel.twilio.FormParameters;
import health.throughline.channel.twilio.FormParameters.Parameter;
import health.throughline.channel.twilio.TwilioSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.apache.hc.client5.http.DnsResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a picture that a carrier tells of, whatever its servers do, over loopback. */
@DisplayName("R27: media addresses that point elsewhere or inside are not followed")
@FaultTest
class TwilioMediaContractTest {

    private static final String ACCOUNT = "AC" + "0123456789abcdef".repeat(2);
    private static final String MESSAGE = "MM" + "0123456789abcdef".repeat(2);
    private static final String MEDIUM = "ME" + "0123456789abcdef".repeat(2);
    private static final String API = "/2010-04-01/Accounts/" + ACCOUNT + "/Messages/" + MESSAGE + "/Media/" + MEDIUM;
    private static final byte[] PICTURE = "\u0089PNG\r\n\u001a\n a picture".getBytes(StandardCharsets.ISO_8859_1);
    private static final int MOST = 1000;
    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final Duration HASTY = Duration.ofMillis(1500);

    private record Asked(String path, String authorization) {}

    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final List<TwilioMedia> open = new ArrayList<>();
    private HttpServer carrier;

    @BeforeEach
    void start() throws IOException {
        carrier = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        carrier.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        carrier.start();
    }

    @AfterEach
    void stop() throws IOException {
        for (TwilioMedia each : open) {
            each.close();
        }
        carrier.stop(0);
    }

    private interface Answer {
        void to(HttpExchange exchange) throws IOException, InterruptedException;
    }

    /** @param expected how it ends @param requests that were made */
    private record Case(String name, Answer api, Answer server, Class<? extends Fetched> expected, int requests) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        Answer nothing = exchange -> exchange.close();
        Answer picture = exchange -> say(exchange, 200, "image/png", PICTURE);
        return Stream.of(
                new Case("bytes at once", picture, nothing, Fetched.Got.class, 1),
                new Case("the redirect to its media server", to("/bytes"), picture, Fetched.Got.class, 2),
                new Case("a second redirect", to("/bytes"), to("/bytes2"), Fetched.LedAstray.class, 2),
                new Case("elsewhere", to("https://evil.example/x"), picture, Fetched.LedAstray.class, 1),
                new Case(
                        "a name that only ends like theirs",
                        to("https://mms.twiliocdn.com.evil.example/x"),
                        picture,
                        Fetched.LedAstray.class,
                        1),
                new Case("in the clear", to("http://mms.twiliocdn.com/x"), picture, Fetched.LedAstray.class, 1),
                new Case("another port", to("https://mms.twiliocdn.com:8443/x"), picture, Fetched.LedAstray.class, 1),
                new Case(
                        "a user in front",
                        to("https://mms.twiliocdn.com@evil.example/x"),
                        picture,
                        Fetched.LedAstray.class,
                        1),
                new Case(
                        "the metadata service",
                        to("http://169.254.169.254/latest/"),
                        picture,
                        Fetched.LedAstray.class,
                        1),
                new Case("this machine", to("http://127.0.0.1:1/x"), picture, Fetched.LedAstray.class, 1),
                new Case("a file", to("file:///etc/passwd"), picture, Fetched.LedAstray.class, 1),
                new Case("no address at all", to("http://[broken"), picture, Fetched.LedAstray.class, 1),
                new Case(
                        "a name of theirs that means this machine",
                        to("https://mms.twiliocdn.com/x"),
                        picture,
                        Fetched.LedAstray.class,
                        1),
                new Case("too large, and says so", to("/bytes"), large(true), Fetched.TooLarge.class, 2),
                new Case("too large, and does not say", to("/bytes"), large(false), Fetched.TooLarge.class, 2),
                new Case(
                        "not there",
                        exchange -> say(exchange, 404, "application/json", new byte[0]),
                        nothing,
                        Fetched.NotNow.class,
                        1),
                new Case(
                        "a fault",
                        to("/bytes"),
                        exchange -> say(exchange, 500, "text/plain", new byte[0]),
                        Fetched.NotNow.class,
                        2),
                new Case("hangs up", to("/bytes"), nothing, Fetched.NotNow.class, 2),
                new Case("slow", to("/bytes"), TwilioMediaContractTest::trickle, Fetched.NotNow.class, 2));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void fetches(Case one) {
        carrier.createContext("/", exchange -> {
            asked.add(new Asked(
                    exchange.getRequestURI().getPath(),
                    String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))));
            try {
                (exchange.getRequestURI().getPath().equals(API) ? one.api() : one.server()).to(exchange);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                exchange.close();
            }
        });
        long from = System.nanoTime();

        Fetched fetched = media(one.toString().equals("slow") ? HASTY : PATIENT).fetch(MESSAGE + "/" + MEDIUM, MOST);

        assertThat(fetched).isInstanceOf(one.expected());
        assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(PATIENT);
        assertThat(asked).as("requests on the wire").hasSize(one.requests());
        assertThat(asked.getFirst())
                .isEqualTo(new Asked(
                        API,
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString((ACCOUNT + ":secret").getBytes(StandardCharsets.UTF_8))));
        assertThat(asked.stream().skip(1).map(Asked::authorization))
                .as("our credentials are for the API only")
                .allMatch("null"::equals);
        if (fetched instanceof Fetched.Got got) {
            assertThat(got.content()).isEqualTo(PICTURE);
        }
    }

    @Test
    void namesNoMediumButByItsIds() {
        for (String reference : List.of(
                "", "http://evil.example/", MESSAGE, MESSAGE + "/../" + MEDIUM, MESSAGE + "/" + MEDIUM + "?x")) {
            assertThat(media(PATIENT).fetch(reference, MOST)).isInstanceOf(Fetched.LedAstray.class);
        }
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.twilio.com{path}, true",
        "https://api.dublin.ie1.twilio.com{path}, true",
        "https://evil.example{path}, false",
        "https://api.twilio.com.evil.example{path}, false",
        "https://api.twilio.com@evil.example{path}, false",
        "https://api.twilio.com{path}/../../x, false",
        "https://api.twilio.com{path}?x=1, false",
        "ftp://api.twilio.com{path}, false",
        "'', false"
    })
    void takesOnlyIdsOutOfAnAddressOfTheirs(String address, boolean taken) {
        List<Attached> found =
                TwilioMedia.of(settings(), MESSAGE, callback(1, address.replace("{path}", API), "image/jpeg"));

        assertThat(found)
                .containsExactly(
                        taken
                                ? new Attached.ToFetch(MESSAGE + "/" + MEDIUM, Attached.Kind.PICTURE)
                                : new Attached.NotKept(
                                        "",
                                        Attached.Kind.PICTURE,
                                        "A picture was not kept: its address is not one of the carrier's."));
    }

    @Test
    void takesNothingOfAnotherAccountOrAnotherMessage() {
        String address = "https://api.twilio.com" + API;
        for (String other : List.of(address.replace("AC0", "AC1"), address.replace("MM0", "MM1"))) {
            assertThat(TwilioMedia.of(settings(), MESSAGE, callback(1, other, "image/png")))
                    .singleElement()
                    .isInstanceOf(Attached.NotKept.class);
        }
    }

    @Test
    void takesTenAndSaysHowManyMoreThereWere() {
        List<Attached> found = TwilioMedia.of(settings(), MESSAGE, callback(12, "https://api.twilio.com" + API, ""));
        assertThat(found).hasSize(11);
        assertThat(found.getLast())
                .isEqualTo(new Attached.NotKept(
                        "", Attached.Kind.FILE, "2 more were not kept: no more than 10 of a message are."));
        assertThat(TwilioMedia.of(settings(), MESSAGE, FormParameters.parse("NumMedia=-1")))
                .isEmpty();
        assertThat(TwilioMedia.of(settings(), MESSAGE, FormParameters.parse("Body=x")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "::1",
                "::",
                "fc00::1",
                "fd12::1",
                "fe80::1",
                "::ffff:10.0.0.1",
                "64:ff9b::a00:1",
                "2002:a00:1::1",
                "2001:0:1::1",
                "ff02::1"
            })
    void knowsAnInsideAddress(String address) throws UnknownHostException {
        assertThat(OutsideAddresses.isInside(InetAddress.getByName(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.8.8.8", "54.172.60.1", "100.128.0.1", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"})
    void knowsAnOutsideAddress(String address) throws UnknownHostException {
        assertThat(OutsideAddresses.isInside(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\\x89PNG\\r\\n\\x1a\\n     | image/png",
                "\\xff\\xd8\\xff\\xe0          | image/jpeg",
                "GIF89a                        | image/gif",
                "RIFF1234WEBPVP8               | image/webp",
                "1234ftypheic                  | image/heic",
                "%PDF-1.7                      | application/pdf",
                "#!AMR\\n                      | audio/amr",
                "1234ftypM4A x                 | audio/mp4",
                "<svg onload=alert(1)>         |",
                "<!doctype html>               |",
                "1234ftypisom                  |",
                "PK\\x03\\x04                  |",
                "GIF                           |",
                "RIFF1234WAVE                  |"
            })
    void tellsATypeByTheFirstBytes(String written, String type) {
        StringBuilder start = new StringBuilder();
        for (int i = 0; i < written.length(); i++) {
            if (written.startsWith("\\x", i)) {
                start.append((char) Integer.parseInt(written.substring(i + 2, i + 4), 16));
                i += 3;
            } else if (written.startsWith("\\n", i) || written.startsWith("\\r", i)) {
                start.append(written.charAt(i + 1) == 'n' ? '\n' : '\r');
                i++;
            } else {
                start.append(written.charAt(i));
            }
        }
        assertThat(AttachmentStore.type(start.toString().getBytes(StandardCharsets.ISO_8859_1))
                        .orElse(null))
                .isEqualTo(type);
    }

    private static FormParameters callback(int count, String address, String type) {
        var all = new ArrayList<Parameter>();
        all.add(new Parameter("NumMedia", String.valueOf(count)));
        for (int i = 0; i < count; i++) {
            all.add(new Parameter("MediaUrl" + i, address));
            all.add(new Parameter("MediaContentType" + i, type));
        }
        return new FormParameters(all);
    }

    private TwilioMedia media(Duration timeout) {
        var media = new TwilioMedia(
                settings(),
                new TwilioMediaSettings(List.of("mms.twiliocdn.com"), timeout),
                new Names(Map.of("mms.twiliocdn.com", "127.0.0.1")));
        open.add(media);
        return media;
    }

    /** Names that mean what somebody else says they mean. */
    private record Names(Map<String, String> addresses) implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            return new InetAddress[] {InetAddress.getByName(addresses.getOrDefault(host, host))};
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }

    private TwilioSettings settings() {
        return new TwilioSettings(
                URI.create("http://127.0.0.1:" + carrier.getAddress().getPort()),
                ACCOUNT,
                "secret",
                null,
                "+13035550100",
                null,
                8,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(20),
                true);
    }

    private static Answer to(String location) {
        return exchange -> {
            exchange.getResponseHeaders().set("Location", location);
            exchange.sendResponseHeaders(307, -1);
        };
    }

    private static Answer large(boolean says) {
        return exchange -> {
            byte[] much = new byte[MOST * 50];
            exchange.sendResponseHeaders(200, says ? much.length : 0);
            exchange.getResponseBody().write(much);
        };
    }

    /** A byte now and then, for ever. */
    private static void trickle(HttpExchange exchange) throws IOException, InterruptedException {
        exchange.sendResponseHeaders(200, 0);
        for (int i = 0; i < 200; i++) {
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush();
            Thread.sleep(100);
        }
    }

    private static void say(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }
}
