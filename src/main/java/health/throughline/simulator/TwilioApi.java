package health.throughline.simulator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers where Twilio's {@code Messages} and {@code Calls} resources would. */
final class TwilioApi {

    static final String PREFIX = "/2010-04-01/";

    private static final Pattern PATH =
            Pattern.compile("/2010-04-01/Accounts/([A-Za-z0-9]+)/(Messages|Calls)(?:/([A-Za-z0-9]+))?\\.json");
    private static final Pattern MEDIA = Pattern.compile(
            "/2010-04-01/Accounts/([A-Za-z0-9]+)/Messages/([A-Za-z0-9]+)/Media(?:\\.json|/([A-Za-z0-9]+))");

    private final SimulatorSettings settings;
    private final CarrierLedger ledger;
    private final MessageCreation creation;
    private final MessageList list;
    private final CallApi callApi;
    private final SimulatedMedia media;

    TwilioApi(
            SimulatorSettings settings,
            CarrierLedger ledger,
            MessageCreation creation,
            CallApi callApi,
            SimulatedMedia media) {
        this.media = media;
        this.callApi = callApi;
        this.settings = settings;
        this.ledger = ledger;
        this.creation = creation;
        this.list = new MessageList(ledger);
    }

    void answer(Exchange exchange) throws IOException, InterruptedException {
        Matcher medium = MEDIA.matcher(exchange.path());
        if (medium.matches()) {
            media(exchange, medium);
            return;
        }
        Matcher path = PATH.matcher(exchange.path());
        if (!path.matches()) {
            error(exchange, 404, 20404, "The requested resource was not found");
            return;
        }
        String account = path.group(1);
        if (!account.equals(settings.accountSid()) || !authorized(exchange)) {
            error(exchange, 401, 20003, "Authenticate");
            return;
        }
        String sid = path.group(3);
        boolean calls = path.group(2).equals("Calls");
        boolean reads = exchange.method().equals("GET");
        if (calls && sid == null && exchange.method().equals("POST")) {
            callApi.create(exchange, account);
        } else if (calls && reads && sid == null) {
            callApi.list(exchange, account);
        } else if (calls && reads) {
            callApi.fetch(exchange, account, sid);
        } else if (calls) {
            error(exchange, 405, 20004, "Method not allowed");
        } else if (sid == null && exchange.method().equals("POST")) {
            creation.answer(exchange, account);
        } else if (sid == null && reads) {
            list.answer(exchange, account);
        } else if (reads) {
            var message = ledger.message(sid);
            if (message.isPresent()) {
                exchange.json(200, MessageJson.of(account, message.get()));
            } else {
                error(exchange, 404, 20404, "The requested resource was not found");
            }
        } else {
            error(exchange, 405, 20004, "Method not allowed");
        }
    }

    private void media(Exchange exchange, Matcher path) throws IOException {
        var message = ledger.message(path.group(2));
        if (!path.group(1).equals(settings.accountSid()) || !authorized(exchange)) {
            error(exchange, 401, 20003, "Authenticate");
        } else if (!exchange.method().equals("GET")) {
            error(exchange, 405, 20004, "Method not allowed");
        } else if (message.isEmpty()) {
            error(exchange, 404, 20404, "The requested resource was not found");
        } else if (path.group(3) == null) {
            SimulatedMedia.list(exchange, path.group(1), message.get());
        } else {
            media.redirect(exchange, message.get(), path.group(3));
        }
    }

    static void error(Exchange exchange, int status, int code, String message) throws IOException {
        exchange.json(status, MessageJson.error(status, code, message));
    }

    private boolean authorized(Exchange exchange) {
        String expected = settings.accountSid() + ":" + settings.authToken();
        return ("Basic " + Base64.getEncoder().encodeToString(expected.getBytes(StandardCharsets.UTF_8)))
                .equals(exchange.header("Authorization"));
    }
}
