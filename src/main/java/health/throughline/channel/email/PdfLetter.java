package health.throughline.channel.email;

import com.ibm.icu.util.ULocale;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import java.awt.Font;
import java.awt.FontFormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.util.HtmlUtils;

/**
 * Prints words as a tagged PDF (PDF/UA). The words are text with three marks at the start of a line: {@code # } a heading, {@code - } an
 * item of a list, an empty line between paragraphs. All else is text, whatever a patient's data holds, and nothing is fetched.
 */
@Component
class PdfLetter {

    private static final String REGULAR = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";
    private static final String USUAL_NAME = "information";
    private static final int LONGEST_NAME = 60;
    private static final Logger LOG = LoggerFactory.getLogger(PdfLetter.class);

    private final Font font = font();

    /** None where the letters of the script are not at hand. */
    Optional<byte[]> print(String title, String words, ULocale language) {
        if (font.canDisplayUpTo(words.replaceAll("\\s", " ")) >= 0 || language.isRightToLeft()) {
            LOG.info("An attachment in {} is said in the mail itself: no font here has its letters", language);
            return Optional.empty();
        }
        try (var out = new ByteArrayOutputStream()) {
            new PdfRendererBuilder()
                    .useFont(PdfLetter::fontFile, "Letter")
                    .usePdfUaAccessibility(true)
                    .useFastMode()
                    .useUriResolver((base, uri) -> null)
                    .withHtmlContent(html(title, words, language), null)
                    .toStream(out)
                    .run();
            return Optional.of(out.toByteArray());
        } catch (IOException e) {
            throw new IllegalStateException("The attachment could not be printed", e);
        }
    }

    /** Of plain letters; it comes from the wording, which knows no patient. */
    static String fileName(@Nullable String wanted) {
        String plain = wanted == null
                ? ""
                : wanted.toLowerCase(Locale.ROOT)
                        .replaceAll("\\.pdf$", "")
                        .replaceAll("[^a-z0-9-]+", "-")
                        .replaceAll("^-+|-+$", "");
        String name = plain.isEmpty() ? USUAL_NAME : plain;
        return (name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name) + ".pdf";
    }

    private static String html(String title, String words, ULocale language) {
        StringBuilder body = new StringBuilder();
        boolean inList = false;
        for (String line : words.strip().split("\\R")) {
            String text = line.strip();
            boolean item = text.startsWith("- ");
            if (item != inList) {
                body.append(item ? "<ul>" : "</ul>");
                inList = item;
            }
            if (item) {
                body.append("<li>").append(escaped(text.substring(2))).append("</li>");
            } else if (text.startsWith("# ")) {
                body.append("<h1>").append(escaped(text.substring(2))).append("</h1>");
            } else if (!text.isEmpty()) {
                body.append("<p>").append(escaped(text)).append("</p>");
            }
        }
        if (inList) {
            body.append("</ul>");
        }
        return """
                <html lang="%s"><head><title>%s</title><meta name="subject" content="%s"/><meta name="description" content="%s"/>
                <style>@page { size: letter; margin: 2cm } body { font-family: Letter; font-size: 12pt; line-height: 1.45 }
                h1 { font-size: 17pt; font-weight: normal } ul { padding-left: 18pt }</style></head><body>%s</body></html>
                """.formatted(escaped(language.toLanguageTag()), escaped(title), escaped(title), escaped(title), body);
    }

    /** For XML: by number, since named entities are HTML's. What XML cannot hold is left out. */
    private static String escaped(String text) {
        return HtmlUtils.htmlEscapeDecimal(text.replaceAll("[\\p{Cntrl}\\uFFFE\\uFFFF]", " "));
    }

    private static InputStream fontFile() {
        InputStream file = PdfLetter.class.getResourceAsStream(REGULAR);
        if (file == null) {
            throw new IllegalStateException("The font of the PDF library is missing");
        }
        return file;
    }

    private static Font font() {
        try (InputStream file = fontFile()) {
            return Font.createFont(Font.TRUETYPE_FONT, file);
        } catch (IOException | FontFormatException e) {
            throw new IllegalStateException("The font of the PDF library cannot be read", e);
        }
    }
}
