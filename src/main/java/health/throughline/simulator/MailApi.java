package health.throughline.simulator;

import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code /sim/mailboxes}: the patients' mail, and what they do with it. */
final class MailApi {

    private static final int MAX_TEXT = 20_000;

    private final MailLedger ledger;
    private final @Nullable MailServer server;
    private final ProductClient product;
    private final EhrSimulator ehr;

    MailApi(MailLedger ledger, @Nullable MailServer server, ProductClient product, EhrSimulator ehr) {
        this.ledger = ledger;
        this.server = server;
        this.product = product;
        this.ehr = ehr;
    }

    /** @param path after {@code /sim/} */
    void answer(Exchange exchange, List<String> path) throws IOException, InterruptedException {
        String method = exchange.method();
        if (path.size() == 1 && method.equals("GET")) {
            exchange.json(200, Map.of("items", ledger.mailboxes(ehr.namesByEmail())));
        } else if (path.size() == 2 && path.get(1).equals("raw") && method.equals("POST")) {
            served().reachesProduct(exchange.body());
            exchange.empty(204);
        } else if (path.size() == 3 && path.get(2).equals("mails")) {
            mails(exchange, address(path.get(1)));
        } else if (path.size() == 5 && path.get(4).equals("unsubscribe") && method.equals("POST")) {
            unsubscribe(exchange, mail(path.get(3)));
        } else if (path.size() == 5 && path.get(4).equals("source") && method.equals("GET")) {
            exchange.json(200, Map.of("source", mail(path.get(3)).source()));
        } else if (path.size() == 6 && path.get(4).equals("files") && method.equals("GET")) {
            file(exchange, mail(path.get(3)), Integer.parseInt(path.get(5)));
        } else {
            exchange.problem(404, "A mailbox has mails: /sim/mailboxes/{address}/mails.");
        }
    }

    private void mails(Exchange exchange, String address) throws IOException {
        if (exchange.method().equals("POST")) {
            JsonNode written = exchange.json();
            String body = written.path("body").asString("");
            if (body.isEmpty() || body.length() > MAX_TEXT) {
                throw new Exchange.BadRequest("A mail has 1 to " + MAX_TEXT + " characters.");
            }
            if (written.path("stranger").asBoolean(false)) {
                served().strangerWritesAs(address, body);
                exchange.empty(204);
            } else {
                exchange.json(201, json(served().patientWrites(address, body)));
            }
        } else {
            exchange.json(
                    200,
                    Map.of(
                            "items",
                            ledger.mailsOf(address).stream().map(MailApi::json).toList()));
        }
    }

    /** What a mail program does behind its own "unsubscribe" (RFC 8058): one POST, no cookie, nobody signed in. */
    private void unsubscribe(Exchange exchange, SimulatedMail mail) throws IOException, InterruptedException {
        String link = mail.unsubscribe();
        if (link == null) {
            throw new Exchange.BadRequest("This mail offers no way to unsubscribe.");
        }
        exchange.json(200, Map.of("status", product.oneClick(URI.create(link)).status()));
    }

    private static void file(Exchange exchange, SimulatedMail mail, int number) throws IOException {
        if (number < 0 || number >= mail.attached().size()) {
            exchange.problem(404, "This mail has no such attachment.");
            return;
        }
        SimulatedMail.Attached file = mail.attached().get(number);
        exchange.answerHeader(
                "Content-Disposition",
                "attachment; filename=\"" + file.name().replaceAll("[^A-Za-z0-9._-]", "_") + "\"");
        exchange.answer(200, file.type(), file.content());
    }

    private static Map<String, Object> json(SimulatedMail mail) {
        var json = new LinkedHashMap<String, Object>();
        json.put("id", mail.id());
        json.put("fromPatient", mail.fromPatient());
        json.put("subject", mail.subject());
        json.put("text", mail.text());
        json.put("html", mail.html());
        json.put("at", mail.at().toString());
        json.put("unsubscribe", mail.unsubscribe());
        json.put(
                "files",
                mail.attached().stream()
                        .map(file -> Map.of("name", file.name(), "type", file.type(), "bytes", file.content().length))
                        .toList());
        return json;
    }

    private SimulatedMail mail(String id) {
        return ledger.mail(id).orElseThrow(() -> new Exchange.BadRequest("There is no such mail."));
    }

    private MailServer served() {
        if (server == null) {
            throw new Exchange.BadRequest("No mail is simulated here.");
        }
        return server;
    }

    private static String address(String address) {
        if (!address.matches("[^@\\s]{1,64}@[^@\\s]{1,255}")) {
            throw new Exchange.BadRequest("That is no mail address.");
        }
        return address.toLowerCase(java.util.Locale.ROOT);
    }
}
