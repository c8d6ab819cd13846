package health.throughline.simulator;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The hospital's own web site, of another origin than the product: one script tag puts the chat on it. */
final class SitePage {

    static final String PATH = "/site";

    private static final Map<String, String> LANGUAGES = Map.of("en", "ltr", "es", "ltr", "ar-XB", "rtl");

    private SitePage() {}

    static void answer(Exchange exchange, @Nullable URI product) throws IOException {
        if (!exchange.method().equals("GET") || product == null) {
            exchange.problem(404, "There is no site.");
            return;
        }
        String asked = exchange.path().substring(PATH.length()).replace("/", "");
        String language = LANGUAGES.containsKey(asked) ? asked : "en";
        exchange.answerHeader(
                "Content-Security-Policy",
                "default-src 'self'; img-src data:; style-src 'unsafe-inline'; script-src " + product + "; frame-src "
                        + product);
        exchange.answer(200, "text/html; charset=utf-8", """
                <!doctype html>
                <html lang="%1$s" dir="%2$s">
                <head><meta charset="utf-8"><link rel="icon" href="data:,"><meta name="viewport" content="width=device-width, initial-scale=1">
                <title>Mercy Valley Hospital</title>
                <style>body { font: 18px/1.5 Georgia, serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem; color: #222 }</style>
                </head>
                <body><h1>Mercy Valley Hospital</h1>
                <p>This page plays the hospital's web site. Its address is another one than the product's; all it has of the product is
                one script tag.</p>
                <script src="%3$s/chat/widget.js" data-lang="%1$s" async></script>
                </body></html>
                """.formatted(language, LANGUAGES.get(language), product)
                .getBytes(StandardCharsets.UTF_8));
    }
}
