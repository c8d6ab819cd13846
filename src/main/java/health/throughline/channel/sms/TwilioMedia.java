package health.throughline.channel.sms;

import health.throughline.channel.Attached;
import health.throughline.channel.AttachmentSource;
import health.throughline.channel.twilio.FormParameters;
import health.throughline.channel.twilio.TwilioSettings;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Fetches what came with a text message. The address is built of our account and two ids; the address in the message is only read for those
 * ids. Twilio's API answers with the bytes or with one redirect to its media servers, to which our credentials never go.
 */
@Component
class TwilioMedia implements AttachmentSource {

    /** As many as a message may bring (twilio.com/docs/messaging/api/media-resource). */
    static final int MOST = 10;

    private static final int CONNECTIONS = 8;
    private static final String SID = "[0-9a-fA-F]{32}";
    private static final Pattern ADDRESS =
            Pattern.compile("https?://([A-Za-z0-9.-]{1,253})(?::\\d{1,5})?/2010-04-01/Accounts/(AC" + SID
                    + ")/Messages/((?:MM|SM)" + SID + ")/Media/(ME" + SID + ")");
    private static final Pattern REFERENCE = Pattern.compile("((?:MM|SM)" + SID + ")/(ME" + SID + ")");

    private final TwilioSettings settings;
    private final TwilioMediaSettings media;
    private final CloseableHttpClient client;
    private final ScheduledExecutorService timeouts = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("media-timeouts").factory());

    @Autowired
    TwilioMedia(TwilioSettings settings, TwilioMediaSettings media) {
        this(settings, media, SystemDefaultDnsResolver.INSTANCE);
    }

    TwilioMedia(TwilioSettings settings, TwilioMediaSettings media, DnsResolver names) {
        this.settings = settings;
        this.media = media;
        this.client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(
                                new OutsideAddresses(names, settings.baseUrl().getHost()))
                        .setMaxConnTotal(CONNECTIONS)
                        .setMaxConnPerRoute(CONNECTIONS)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.of(settings.connectTimeout()))
                                .setSocketTimeout(Timeout.of(settings.answerTimeout()))
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(Timeout.of(settings.connectTimeout()))
                        .setResponseTimeout(Timeout.of(settings.answerTimeout()))
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .build();
    }

    /** What a callback says came with the message. */
    static List<Attached> of(TwilioSettings settings, String message, FormParameters parameters) {
        String told = parameters.value("NumMedia");
        int count = told.matches("\\d{1,4}") ? Integer.parseInt(told) : 0;
        List<Attached> all = new ArrayList<>();
        for (int i = 0; i < Math.min(count, MOST); i++) {
            Attached.Kind kind = Attached.Kind.ofType(parameters.value("MediaContentType" + i));
            all.add(reference(settings, message, parameters.value("MediaUrl" + i))
                    .<Attached>map(reference -> new Attached.ToFetch(reference, kind))
                    .orElseGet(() -> new Attached.NotKept(
                            "", kind, kind.words() + " was not kept: its address is not one of the carrier's.")));
        }
        if (count > MOST) {
            all.add(new Attached.NotKept(
                    "",
                    Attached.Kind.FILE,
                    count - MOST + " more were not kept: no more than " + MOST + " of a message are."));
        }
        return all;
    }

    static String reference(String message, String medium) {
        return message + "/" + medium;
    }

    private static Optional<String> reference(TwilioSettings settings, String message, String address) {
        Matcher parts = ADDRESS.matcher(address);
        if (!parts.matches()
                || !parts.group(2).equals(settings.accountSid())
                || !parts.group(3).equals(message)) {
            return Optional.empty();
        }
        String host = parts.group(1).toLowerCase(Locale.ROOT);
        boolean theirs = host.equals(settings.baseUrl().getHost()) || host.endsWith(".twilio.com");
        return theirs ? Optional.of(reference(message, parts.group(4))) : Optional.empty();
    }

    @Override
    public String provider() {
        return TwilioSms.PROVIDER;
    }

    @Override
    public Fetched fetch(String reference, long most) {
        Matcher ids = REFERENCE.matcher(reference);
        if (!ids.matches()) {
            return new Fetched.LedAstray("no-reference");
        }
        URI api = URI.create(settings.baseUrl().toString().replaceAll("/+$", "") + "/2010-04-01/Accounts/"
                + settings.accountSid() + "/Messages/" + ids.group(1) + "/Media/" + ids.group(2));
        long until = System.nanoTime() + media.timeout().toNanos();
        Answer first = get(api, credentials(), most, until);
        if (!(first instanceof Elsewhere elsewhere)) {
            return ((Ended) first).fetched();
        }
        Optional<URI> place = place(api, elsewhere.location());
        if (place.isEmpty()) {
            return new Fetched.LedAstray("redirect-elsewhere");
        }
        return switch (get(place.get(), null, most, until)) {
            case Ended ended -> ended.fetched();
            case Elsewhere again -> new Fetched.LedAstray("second-redirect");
        };
    }

    /** Where the redirect leads, if that is a place of the carrier's. */
    private Optional<URI> place(URI api, String location) {
        URI to;
        try {
            to = api.resolve(location);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        String host = to.getHost();
        if (host == null || to.getUserInfo() != null) {
            return Optional.empty();
        }
        boolean carriers = "https".equals(to.getScheme())
                && (to.getPort() == -1 || to.getPort() == 443)
                && media.hosts().contains(host.toLowerCase(Locale.ROOT));
        // where the whole carrier is played on this machine, it serves its media itself
        boolean played = api.getHost().matches("localhost|127\\.[0-9.]+|\\[::1]")
                && api.getScheme().equals(to.getScheme())
                && api.getAuthority().equals(to.getAuthority());
        return carriers || played ? Optional.of(to) : Optional.empty();
    }

    private sealed interface Answer {}

    private record Elsewhere(String location) implements Answer {}

    private record Ended(Fetched fetched) implements Answer {}

    /** Leaves an answer unread: the connection is closed, not drained. */
    private static final class Unread extends IOException {
        private final transient Answer answer;

        Unread(Answer answer) {
            super("not read further");
            this.answer = answer;
        }
    }

    private Answer get(URI address, @Nullable String authorization, long most, long until) {
        var request = new HttpUriRequestBase("GET", address);
        request.setHeader(HttpHeaders.USER_AGENT, "throughline");
        if (authorization != null) {
            request.setHeader(HttpHeaders.AUTHORIZATION, authorization);
        }
        ScheduledFuture<?> timeout =
                timeouts.schedule(request::cancel, until - System.nanoTime(), TimeUnit.NANOSECONDS);
        try {
            return client.execute(request, answer -> read(answer, most));
        } catch (Unread e) {
            return e.answer;
        } catch (OutsideAddresses.Inside e) {
            return new Ended(new Fetched.LedAstray("inside-address"));
        } catch (IOException e) {
            return notNow("no-answer");
        } finally {
            timeout.cancel(false);
        }
    }

    private static Answer read(ClassicHttpResponse answer, long most) throws IOException {
        int status = answer.getCode();
        if (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) {
            Header location = answer.getFirstHeader(HttpHeaders.LOCATION);
            throw new Unread(location == null ? notNow("http-" + status) : new Elsewhere(location.getValue()));
        }
        HttpEntity entity = answer.getEntity();
        if (status != 200 || entity == null) {
            throw new Unread(notNow("http-" + status));
        }
        if (entity.getContentLength() > most) {
            throw new Unread(new Ended(new Fetched.TooLarge(entity.getContentLength())));
        }
        byte[] content = entity.getContent().readNBytes((int) Math.min(most, Integer.MAX_VALUE - 8) + 1);
        if (content.length > most) {
            throw new Unread(new Ended(new Fetched.TooLarge(null)));
        }
        return new Ended(new Fetched.Got(content));
    }

    private static Answer notNow(String code) {
        return new Ended(new Fetched.NotNow(code));
    }

    private String credentials() {
        String both = settings.accountSid() + ":" + settings.authToken();
        return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    }

    @PreDestroy
    void close() throws IOException {
        timeouts.shutdownNow();
        client.close();
    }
}
