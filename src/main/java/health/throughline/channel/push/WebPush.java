package health.throughline.channel.push;

import health.throughline.channel.Address;
import health.throughline.channel.BrowserSubscriptions;
import health.throughline.channel.Channel;
import health.throughline.channel.ChannelAdapter;
import health.throughline.channel.InboundMessage;
import health.throughline.channel.OutboundMessage;
import health.throughline.channel.SendOutcome;
import health.throughline.channel.SendOutcome.Accepted;
import health.throughline.channel.SendOutcome.Rejected;
import health.throughline.channel.SendOutcome.Retry;
import health.throughline.channel.SendOutcome.Then;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * One request to a browser's push service for each attempt (RFC 8030). What was perhaps taken may be tried again: a second notice of the
 * same topic takes the first one's place, at the push service as in the browser, and a push service lists nothing that could tell.
 */
@Component
@Conditional(PushConfigured.class)
class WebPush implements ChannelAdapter, BrowserSubscriptions {

    static final String PROVIDER = "web-push";

    /** Of what waits in the inbox: one notice stands for all of it. */
    private static final String TOPIC = "inbox";

    private static final String TITLE = "title";
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(10);
    private static final Duration SHORTEST_RETRY = Duration.ofSeconds(1);
    private static final JsonMapper JSON = new JsonMapper();

    private final PushSettings settings;
    private final PushServices services;
    private final Vapid vapid;
    /** A lease ends, and a token grows old, by the clock of the machine, whatever time the product plays. */
    private final InstantSource machineClock = InstantSource.system();

    private final HttpClient client;

    @Autowired
    WebPush(PushSettings settings, Environment environment) {
        this(settings, environment.acceptsProfiles(Profiles.of("local")));
    }

    WebPush(PushSettings settings, boolean local) {
        this.settings = settings;
        this.services = new PushServices(settings.hosts(), local);
        this.vapid = new Vapid(
                KeyPair256.of(
                        Objects.requireNonNull(settings.publicKey()), Objects.requireNonNull(settings.privateKey())),
                Objects.requireNonNull(settings.contact()));
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.connectTimeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    @Override
    public String publicKey() {
        return vapid.publicKey();
    }

    @Override
    public Address address(String endpoint, String key, String secret) {
        return new Address(
                PUSH,
                Subscription.of(services.allowed(endpoint.strip()).toString(), key, secret)
                        .kept());
    }

    @Override
    public Channel channel() {
        return PUSH;
    }

    @Override
    public String provider() {
        return PROVIDER;
    }

    @Override
    public String sender() {
        return "push";
    }

    @Override
    public SendOutcome send(OutboundMessage message) {
        if (!machineClock.instant().isBefore(message.deadline())) {
            return new Retry(
                    null, FAILED + "lease-ended", "The time reserved for this attempt was over before it began.");
        }
        Subscription browser;
        URI endpoint;
        try {
            browser = Subscription.ofKept(message.to().value());
            endpoint = services.allowed(browser.endpoint());
            if (services.liesInside(endpoint)) {
                return notAllowed();
            }
        } catch (IllegalArgumentException e) {
            return notAllowed();
        } catch (IOException e) {
            return new Retry(null, FAILED + "not-found", "The push service's name is not known just now.");
        }
        HttpRequest request = HttpRequest.newBuilder(endpoint)
                .timeout(settings.answerTimeout())
                .header("Content-Type", "application/octet-stream")
                .header("Content-Encoding", "aes128gcm")
                .header("TTL", String.valueOf(keptFor(message).toSeconds()))
                .header("Topic", TOPIC)
                .header("Authorization", vapid.authorization(endpoint, machineClock.instant()))
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        SealedNotice.of(notice(message), browser.key(), browser.secret())))
                .build();
        try {
            HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            answer.body().close(); // whatever it says more is not read
            return outcome(message, answer);
        } catch (IOException e) {
            return new Retry(null, FAILED + "no-answer", "The browser's push service did not answer.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Retry(null, FAILED + "no-answer", "The product was stopped while it asked the push service.");
        }
    }

    private static SendOutcome notAllowed() {
        return new Rejected(
                Then.NEXT_CHANNEL, FAILED + "not-allowed", "The browser's push service is none that may be asked.");
    }

    private Duration keptFor(OutboundMessage message) {
        return message.validity().compareTo(settings.longestWait()) < 0 ? message.validity() : settings.longestWait();
    }

    /** Who speaks, and that something waits; nothing of what (K12). */
    private static byte[] notice(OutboundMessage message) {
        Map<String, String> notice = new LinkedHashMap<>();
        notice.put(TITLE, message.parts().getOrDefault(TITLE, ""));
        notice.put("body", message.body());
        notice.put("lang", message.locale());
        return JSON.writeValueAsBytes(notice);
    }

    private SendOutcome outcome(OutboundMessage message, HttpResponse<?> answer) {
        int status = answer.statusCode();
        if (status >= 200 && status < 300) {
            return new Accepted(message.attempt().toString());
        }
        if (status == 404 || status == 410) {
            return new Rejected(
                    Then.NEXT_CHANNEL, GONE, "The browser does not take notices any more; it was forgotten.");
        }
        if (status == 429 || status >= 500) {
            return new Retry(
                    retryAfter(answer),
                    FAILED + "http-" + status,
                    "The browser's push service cannot take it just now.");
        }
        return new Rejected(
                Then.NEXT_CHANNEL,
                FAILED + "http-" + status,
                "The browser's push service refused it with " + status + ".");
    }

    private static Duration retryAfter(HttpResponse<?> answer) {
        String asked = answer.headers().firstValue("Retry-After").orElse("");
        if (!asked.matches("\\d{1,9}")) {
            return SHORTEST_RETRY;
        }
        Duration wait = Duration.ofSeconds(Long.parseLong(asked));
        return wait.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : wait;
    }

    /** A push service lists nothing. */
    @Override
    public List<ListedMessage> listSent(Address to, Instant since) {
        return List.of();
    }

    /** Nobody answers a notice. */
    @Override
    public List<InboundMessage> listReceived(Instant since) {
        return List.of();
    }

    @Override
    public int units(String body) {
        return 1;
    }

    @Override
    public boolean carriesWords() {
        return false;
    }

    @Override
    public boolean onlyTells() {
        return true;
    }
}
