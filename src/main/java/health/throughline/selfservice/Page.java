package health.throughline.selfservice;

import health.throughline.selfservice.Phrases.In;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.util.HtmlUtils;

/** One page for a patient: one style sheet of ours, everything in it encoded. */
final class Page {

    private static final MediaType HTML = new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8);

    private final In words;
    private final String title;
    private final StringBuilder body = new StringBuilder();

    Page(In words, String title) {
        this.words = words;
        this.title = title;
    }

    static String encoded(@Nullable String text) {
        return text == null ? "" : HtmlUtils.htmlEscape(text, "UTF-8");
    }

    Page heading(String text) {
        body.append("<h1>").append(encoded(text)).append("</h1>\n");
        return this;
    }

    Page says(String text) {
        return says(text, "");
    }

    Page says(String text, String kind) {
        body.append("<p class=\"")
                .append(kind)
                .append("\"")
                .append(kind.equals("problem") ? " role=\"alert\"" : kind.equals("told") ? " role=\"status\"" : "")
                .append(">")
                .append(encoded(text))
                .append("</p>\n");
        return this;
    }

    Page link(String address, String text) {
        body.append("<p><a href=\"")
                .append(encoded(address))
                .append("\">")
                .append(encoded(text))
                .append("</a></p>\n");
        return this;
    }

    /** Written by us, its values encoded already. */
    Page raw(String html) {
        body.append(html);
        return this;
    }

    /** @param inside written by us, its values encoded already */
    Page form(HttpServletRequest request, String action, String inside) {
        body.append("<form method=\"post\" action=\"")
                .append(encoded(action))
                .append("\">")
                .append(hidden("_csrf", token(request)))
                .append(hidden("lang", words.language()))
                .append(inside)
                .append("</form>\n");
        return this;
    }

    static String hidden(String name, String value) {
        return "<input type=\"hidden\" name=\"" + encoded(name) + "\" value=\"" + encoded(value) + "\">";
    }

    static String button(String name, String value, String text, String kind) {
        return "<button class=\"" + kind + "\" name=\"" + encoded(name) + "\" value=\"" + encoded(value) + "\">"
                + encoded(text) + "</button>\n";
    }

    private static String token(HttpServletRequest request) {
        return request.getAttribute(CsrfToken.class.getName()) instanceof CsrfToken token ? token.getToken() : "";
    }

    /** What was written so far, to stand in another page. */
    String body() {
        return body.toString();
    }

    ResponseEntity<String> answer() {
        return answer(HttpStatus.OK);
    }

    ResponseEntity<String> answer(HttpStatus status) {
        String html = """
                <!doctype html>
                <html lang="%s" dir="%s">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="robots" content="noindex">
                <title>%s</title>
                <link rel="stylesheet" href="/pages/patient.css">
                </head>
                <body>
                <main>
                %s</main>
                </body>
                </html>
                """.formatted(
                        encoded(words.language().equals(Phrases.MIRRORED) ? "ar" : words.language()),
                        words.direction(),
                        encoded(title),
                        body);
        return ResponseEntity.status(status)
                .contentType(HTML)
                .cacheControl(CacheControl.noStore())
                .header("X-Robots-Tag", "noindex")
                .body(html);
    }
}
