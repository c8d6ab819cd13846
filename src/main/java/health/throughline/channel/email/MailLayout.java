package health.throughline.channel.email;

import com.ibm.icu.util.ULocale;
import health.throughline.channel.AttemptId;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.context.annotation.Conditional;
import org.springframework.stereotype.Component;
import org.springframework.web.util.HtmlUtils;

/**
 * One text, laid out as plain text and as HTML that follows the reader's dark mode, reads in order by a screen reader, runs from right to
 * left where the language does, and loads nothing from afar but, where opens are noted, one point.
 */
@Component
@Conditional(WhereMailIsServed.class)
class MailLayout {

    private static final String FRAME = read("/email/layout.html");
    private static final Properties WORDS = words();
    private static final String FALLBACK = "en";
    private static final Pattern LINK = Pattern.compile("https?://[^\\s<>\"]+[^\\s<>\".,;:!?)'\\]]");
    private static final Pattern HOLE = Pattern.compile("\\{\\{([a-z-]+)}}");

    private final MailSettings settings;
    private final MailLinks links;

    MailLayout(MailSettings settings, MailLinks links) {
        this.settings = settings;
        this.links = links;
    }

    record Written(String text, String html) {}

    String subjectOfNone(ULocale language, String sender) {
        return word(language, "subject").replace("{sender}", sender);
    }

    Written write(
            AttemptId attempt, String subject, String body, ULocale language, String sender, String postalAddress) {
        String leave = links.unsubscribe(attempt);
        String text = body.strip() + "\n\n-- \n" + word(language, "automatic") + "\n" + sender + ", " + postalAddress
                + "\n" + word(language, "unsubscribe") + ": " + leave + "\n";
        Map<String, String> holes = new LinkedHashMap<>();
        holes.put("language", escaped(language.toLanguageTag()));
        holes.put("direction", language.isRightToLeft() ? "rtl" : "ltr");
        holes.put("subject", escaped(subject));
        holes.put("body", paragraphs(attempt, body));
        holes.put("automatic", escaped(word(language, "automatic")));
        holes.put("sender", escaped(sender));
        holes.put("postal-address", escaped(postalAddress));
        holes.put("unsubscribe-link", escaped(leave));
        holes.put("unsubscribe", escaped(word(language, "unsubscribe")));
        holes.put("point", settings.tracking() ? point(attempt) : "");
        return new Written(text, fill(holes));
    }

    private String point(AttemptId attempt) {
        return "<img src=\"" + escaped(links.opened(attempt))
                + "\" width=\"1\" height=\"1\" alt=\"\" role=\"presentation\" style=\"border:0\">";
    }

    private String paragraphs(AttemptId attempt, String body) {
        StringBuilder html = new StringBuilder();
        for (String line : body.strip().split("\\R")) {
            if (!line.isBlank()) {
                html.append("<p>").append(linked(attempt, line.strip())).append("</p>\n");
            }
        }
        return html.toString();
    }

    /** Escapes the words and makes what looks like a web address one to press. */
    private String linked(AttemptId attempt, String line) {
        StringBuilder html = new StringBuilder();
        Matcher link = LINK.matcher(line);
        int from = 0;
        while (link.find()) {
            String to = link.group();
            html.append(escaped(line.substring(from, link.start())))
                    .append("<a href=\"")
                    .append(escaped(settings.tracking() ? links.clicked(attempt, to) : to))
                    .append("\">")
                    .append(escaped(to))
                    .append("</a>");
            from = link.end();
        }
        return html.append(escaped(line.substring(from))).toString();
    }

    /** What HTML gives a meaning, and nothing else: letters with accents stay as they are. */
    private static String escaped(String text) {
        return HtmlUtils.htmlEscape(text, "UTF-8");
    }

    private static String fill(Map<String, String> holes) {
        return HOLE.matcher(FRAME).replaceAll(hole -> Matcher.quoteReplacement(holes.getOrDefault(hole.group(1), "")));
    }

    private static String word(ULocale language, String name) {
        String own = WORDS.getProperty(language.getLanguage() + "." + name);
        return own == null ? WORDS.getProperty(FALLBACK + "." + name, "") : own;
    }

    static boolean speaks(String language) {
        return WORDS.containsKey(language + ".page-title");
    }

    /** In the reader's language; what we say on the page behind a link. */
    static String onPage(String language, String name) {
        return word(ULocale.forLanguageTag(language), name);
    }

    private static Properties words() {
        Properties words = new Properties();
        try (InputStream file = opened("/email/words.properties");
                InputStreamReader reader = new InputStreamReader(file, StandardCharsets.UTF_8)) {
            words.load(reader);
            return words;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(String path) {
        try (InputStream file = opened(path)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream opened(String path) {
        InputStream file = MailLayout.class.getResourceAsStream(path);
        if (file == null) {
            throw new IllegalStateException("The resource " + path + " is missing");
        }
        return file;
    }
}
