package health.throughline.channel.app;

import health.throughline.channel.Address;
import health.throughline.channel.Channel;
import health.throughline.channel.ChannelAdapter;
import health.throughline.channel.InboundMessage;
import health.throughline.channel.OutboundMessage;
import health.throughline.channel.RetryAfter;
import health.throughline.channel.SendOutcome;
import health.throughline.channel.SendOutcome.Accepted;
import health.throughline.channel.SendOutcome.Rejected;
import health.throughline.channel.SendOutcome.Retry;
import health.throughline.channel.SendOutcome.Then;
import health.throughline.channel.SendOutcome.Unknown;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.springframework.context.annotation.Conditional;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One signed POST for each attempt, to the configured address only; its id is the attempt's, so that the app shows it once. */
@Component
@Conditional(AppConfigured.class)
class HospitalApp implements ChannelAdapter {

    static final Channel APP = new Channel("app");
    static final String PROVIDER = "app";

    private static final int MAX_ANSWER_BYTES = 256 * 1024;
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(10);
    private static final Duration USUAL_RETRY = Duration.ofMinutes(1);
    private static final JsonMapper JSON = new JsonMapper();

    private final AppSettings settings;
    private final URI url;
    private final String secret;
    /** A lease ends, and a signature grows old, by the clock of the machine, whatever time the product plays. */
    private final InstantSource machineClock = InstantSource.system();

    private final HttpClient client;

    HospitalApp(AppSettings settings) {
        this.settings = settings;
        this.url = Objects.requireNonNull(settings.url());
        this.secret = Objects.requireNonNull(settings.secret());
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.connectTimeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    @Override
    public Channel channel() {
        return APP;
    }

    @Override
    public String provider() {
        return PROVIDER;
    }

    @Override
    public String sender() {
        return "app";
    }

    @Override
    public SendOutcome send(OutboundMessage message) {
        if (!machineClock.instant().isBefore(message.deadline())) {
            return new Retry(null, "lease-ended", "The time reserved for this attempt was over before it began.");
        }
        byte[] body = JSON.writeValueAsBytes(Map.of(
                "id", message.attempt().toString(),
                "recipient", message.to().value(),
                "locale", message.locale(),
                "body", message.body(),
                "validSeconds", message.validity().toSeconds()));
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(settings.answerTimeout())
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", message.attempt().toString())
                .header(AppSignature.HEADER, AppSignature.of(secret, body, machineClock.instant()))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        try {
            return outcome(message, client.send(request, HttpResponse.BodyHandlers.ofInputStream()));
        } catch (ConnectException | HttpConnectTimeoutException e) {
            return Retry.ofAll("not-connected", "The app's server could not be reached; nothing was sent.");
        } catch (IOException e) {
            return new Unknown("no-answer", "The answer of the app's server was lost; it may have taken the message.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Unknown("no-answer", "The answer of the app's server was lost; it may have taken the message.");
        }
    }

    /** The evidence table of the reliability rules. */
    private SendOutcome outcome(OutboundMessage message, HttpResponse<InputStream> answer) throws IOException {
        answer.body().close();
        int status = answer.statusCode();
        if (status >= 200 && status < 300) {
            return new Accepted(message.attempt().toString());
        }
        if (status == 429) {
            return new Retry(retryAfter(answer), "http-429", "The app's server asks us to wait.", true);
        }
        if (status == 401) {
            return Retry.ofAll(
                    "http-401", "The app's server refused our signature; an administrator has to check its secret.");
        }
        if (status == 404 || status == 410) {
            return new Rejected(Then.NEXT_CHANNEL, "http-" + status, "The app does not know this person any more.");
        }
        if (status >= 300 && status < 500) {
            return new Rejected(Then.GIVE_UP, "http-" + status, "The app's server refused it (answer " + status + ").");
        }
        return new Unknown(
                "http-" + status,
                "The app's server had a fault (answer " + status + "); it may have taken the message.");
    }

    private Duration retryAfter(HttpResponse<?> answer) {
        Duration asked =
                RetryAfter.parse(answer.headers().firstValue("Retry-After").orElse("1"), machineClock.instant());
        return asked == null ? USUAL_RETRY : asked.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : asked;
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            // it is closed all the same
        }
    }

    @Override
    public List<ListedMessage> listSent(Address to, Instant since) {
        String query = "?recipient=" + URLEncoder.encode(to.value(), StandardCharsets.UTF_8) + "&since="
                + URLEncoder.encode(since.toString(), StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + query))
                .timeout(settings.answerTimeout())
                .header(
                        AppSignature.HEADER,
                        AppSignature.of(secret, query.getBytes(StandardCharsets.UTF_8), machineClock.instant()))
                .build();
        try {
            HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                if (answer.statusCode() != 200) {
                    throw new ProviderUnavailable("The app's server answered " + answer.statusCode());
                }
                // the request's own time ends with the headers
                var late = CompletableFuture.delayedExecutor(
                        settings.answerTimeout().toMillis(), TimeUnit.MILLISECONDS);
                var watch = CompletableFuture.runAsync(() -> close(body), late);
                byte[] bytes = body.readNBytes(MAX_ANSWER_BYTES);
                watch.cancel(false);
                return listed(JSON.readTree(bytes));
            }
        } catch (IOException | JacksonException | IllegalArgumentException | java.time.DateTimeException e) {
            throw new ProviderUnavailable("The app's server gave no answer that can be read");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProviderUnavailable("The app's server was not asked to the end");
        }
    }

    private static List<ListedMessage> listed(JsonNode answer) {
        var listed = new ArrayList<ListedMessage>();
        for (JsonNode item : answer.path("items")) {
            listed.add(new ListedMessage(
                    item.path("id").asString(),
                    item.path("body").asString(),
                    "accepted",
                    Instant.parse(item.path("at").asString())));
        }
        return listed;
    }

    /** The app brings everything itself, and repeats it until it was taken. */
    @Override
    public List<InboundMessage> listReceived(Instant since) {
        return List.of();
    }

    @Override
    public int units(String body) {
        return 1;
    }

    @Override
    public int precedence() {
        return 30;
    }
}
