package health.throughline.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The page with the patients' phones, as the web build made it. */
final class PhonePage {

    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:%s; "
                    + "font-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon",
            "woff2", "font/woff2",
            "json", "application/json");

    private static final String WITHOUT_BUILD = """
            <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Phones</title></head>
            <body style="font-family: system-ui; max-width: 44rem; margin: 3rem auto">
            <h1>The simulator runs</h1>
            <p>The page with the phones is made by the web build, which was skipped. What it shows can be read at
            <a href="/sim/phones">/sim/phones</a>, <a href="/sim/ledger">/sim/ledger</a>, <a href="/sim/magic">/sim/magic</a>
            and <a href="/sim/ehr/patients">/sim/ehr/patients</a>.</p></body></html>
            """;

    private PhonePage() {}

    /** @param product whose mails may show what they load from it */
    static void answer(Exchange exchange, @Nullable URI product) throws IOException {
        if (!exchange.method().equals("GET")) {
            exchange.problem(405, "Only GET is possible here.");
            return;
        }
        String images = product == null ? "" : " " + product.getScheme() + "://" + product.getRawAuthority();
        exchange.answerHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY.formatted(images));
        exchange.answerHeader("X-Content-Type-Options", "nosniff");
        String path = exchange.path();
        boolean page = path.equals("/") || path.equals("/index.html") || path.equals("/phone.html");
        if (!page && !path.matches("/(assets/)?[A-Za-z0-9_][A-Za-z0-9_.-]*")) {
            exchange.problem(404, "There is no such page.");
            return;
        }
        try (InputStream file = PhonePage.class.getResourceAsStream("/static" + (page ? "/phone.html" : path))) {
            if (file != null) {
                String type = TYPES.get(page ? "html" : path.substring(path.lastIndexOf('.') + 1));
                exchange.answer(200, type == null ? "application/octet-stream" : type, file.readAllBytes());
            } else if (page) {
                exchange.answer(200, "text/html; charset=utf-8", WITHOUT_BUILD.getBytes(StandardCharsets.UTF_8));
            } else {
                exchange.problem(404, "There is no such file.");
            }
        }
    }
}
