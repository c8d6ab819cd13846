package health.throughline.channel.twilio;

import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.io.HttpClientResponseHandler;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.springframework.stereotype.Component;

/**
 * The connections to Twilio. Neither retries nor redirects are followed: what a caller asks for is on the wire once. An idle connection
 * is checked before it is used, since one that the other side closed would otherwise end as an outcome nobody knows.
 */
@Component
public class TwilioConnections {

    private static final String REQUEST = "throughline.single-request";

    private final URI baseUrl;
    private final long totalMillis;
    private final CloseableHttpClient client;
    private final ScheduledExecutorService timeouts = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("twilio-timeouts").factory());

    public TwilioConnections(TwilioSettings settings) {
        this.baseUrl = settings.baseUrl();
        this.totalMillis = settings.totalTimeout().toMillis();
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnTotal(settings.maxConnections())
                .setMaxConnPerRoute(settings.maxConnections())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(settings.connectTimeout()))
                        .setSocketTimeout(Timeout.of(settings.answerTimeout()))
                        .setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS)
                        .build())
                .build();
        this.client = HttpClients.custom()
                .setConnectionManager(connections)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(Timeout.of(settings.connectTimeout()))
                        .setResponseTimeout(Timeout.of(settings.answerTimeout()))
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .addExecInterceptorBefore(ChainElement.MAIN_TRANSPORT.name(), "first-byte", (request, scope, chain) -> {
                    // Connected, and nothing written yet: from here on the outcome of a failure is unknown.
                    if (scope.clientContext.getAttribute(REQUEST) instanceof SingleRequest single) {
                        single.aboutToWrite();
                    }
                    return chain.proceed(request, scope);
                })
                .build();
        timeouts.submit(() -> {}); // starts the thread
    }

    /** Where the path of an SDK request leads: the SDK itself knows no base URL. */
    public URI address(String pathAndQuery) {
        return URI.create(baseUrl.toString().replaceAll("/+$", "") + pathAndQuery);
    }

    public <T> T execute(HttpUriRequestBase request, SingleRequest owner, HttpClientResponseHandler<T> handler)
            throws IOException {
        HttpClientContext context = HttpClientContext.create();
        context.setAttribute(REQUEST, owner);
        ScheduledFuture<?> timeout = timeouts.schedule(request::cancel, totalMillis, TimeUnit.MILLISECONDS);
        try {
            return client.execute(request, context, handler);
        } finally {
            timeout.cancel(false);
        }
    }

    @PreDestroy
    public void close() throws IOException {
        timeouts.shutdownNow();
        client.close();
    }
}
