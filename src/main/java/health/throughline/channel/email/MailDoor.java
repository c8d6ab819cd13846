package health.throughline.channel.email;

import health.throughline.channel.Address;
import health.throughline.channel.AttemptId;
import health.throughline.channel.ChannelInbox;
import health.throughline.channel.Engagement;
import health.throughline.channel.InboundMessage;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Clock;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Conditional;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.HtmlUtils;

/**
 * Where the links of a mail lead: no sign-in, no cookie; the signed token in the path is all there is. Programs that look at mail before
 * its reader does follow every link, so a GET changes nothing (RFC 8058, 3.2); only a POST unsubscribes.
 */
@Hidden
@RestController
@Conditional(WhereMailIsServed.class)
class MailDoor {

    private static final String TOKEN = "{token:[A-Za-z0-9]{1,64}}";
    private static final String CODED = "{coded:[A-Za-z0-9_-]{1,2100}}";
    private static final byte[] POINT =
            Base64.getDecoder().decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");
    private static final Logger LOG = LoggerFactory.getLogger(MailDoor.class);

    private final MailSettings settings;
    private final MailTokens tokens;
    private final MailLinks links;
    private final ChannelInbox inbox;
    private final Clock clock;

    MailDoor(MailSettings settings, MailTokens tokens, MailLinks links, ChannelInbox inbox, Clock clock) {
        this.settings = settings;
        this.tokens = tokens;
        this.links = links;
        this.inbox = inbox;
        this.clock = clock;
    }

    @GetMapping(MailLinks.UNSUBSCRIBE + TOKEN)
    ResponseEntity<String> ask(@PathVariable String token, Locale language) {
        return tokens.read(MailTokens.Use.UNSUBSCRIBE, token).isPresent()
                ? page(HttpStatus.OK, language, "page-question", true)
                : page(HttpStatus.NOT_FOUND, language, "page-unknown", false);
    }

    @PostMapping(MailLinks.UNSUBSCRIBE + TOKEN)
    ResponseEntity<String> unsubscribe(@PathVariable String token, Locale language) {
        Optional<AttemptId> attempt = tokens.read(MailTokens.Use.UNSUBSCRIBE, token);
        if (attempt.isEmpty()) {
            return page(HttpStatus.NOT_FOUND, language, "page-unknown", false);
        }
        try {
            boolean known = left(attempt.get(), "unsubscribe");
            return known
                    ? page(HttpStatus.OK, language, "page-done", false)
                    : page(HttpStatus.NOT_FOUND, language, "page-unknown", false);
        } catch (RuntimeException e) {
            LOG.warn(
                    "An unsubscription could not be stored and was answered with 503: {}",
                    e.getClass().getSimpleName());
            return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE).build();
        }
    }

    /** Stored once for each attempt, however often the button is pressed; once more where they agreed again meanwhile. */
    private boolean left(AttemptId attempt, String how) {
        Optional<Address> address = inbox.addressOf(attempt);
        address.ifPresent(from -> inbox.received(new InboundMessage(
                SmtpEmail.PROVIDER,
                how + ":" + attempt + ":" + inbox.agreements(attempt),
                from,
                settings.sender(),
                "unsubscribe",
                how,
                clock.instant(),
                attempt,
                "opt-out",
                false)));
        return address.isPresent();
    }

    @GetMapping(MailLinks.OPENED + TOKEN)
    ResponseEntity<byte[]> opened(@PathVariable String token) {
        if (settings.tracking()) {
            tokens.read(MailTokens.Use.OPEN, token).ifPresent(attempt -> noted(attempt, Engagement.Kind.OPENED));
        }
        return ResponseEntity.ok()
                .contentType(MediaType.IMAGE_GIF)
                .cacheControl(CacheControl.noStore())
                .header("Cross-Origin-Resource-Policy", "cross-origin")
                .body(POINT);
    }

    @GetMapping(MailLinks.CLICKED + TOKEN + "/" + CODED)
    ResponseEntity<String> clicked(@PathVariable String token, @PathVariable String coded, HttpServletRequest request) {
        Optional<MailLinks.Followed> link = links.follow(token, coded);
        if (link.isEmpty()) {
            return page(HttpStatus.NOT_FOUND, request.getLocale(), "page-unknown", false);
        }
        if (settings.tracking()) {
            noted(link.get().attempt(), Engagement.Kind.CLICKED);
        }
        URI to = link.get().to();
        return ResponseEntity.status(HttpStatus.FOUND)
                .cacheControl(CacheControl.noStore())
                .header("Referrer-Policy", "no-referrer")
                .location(to)
                .build();
    }

    /** The patient gets where they wanted, whether it could be noted or not. */
    private void noted(AttemptId attempt, Engagement.Kind kind) {
        try {
            inbox.engaged(
                    new Engagement(SmtpEmail.PROVIDER, settings.messageId(attempt), attempt, kind, clock.instant()));
        } catch (RuntimeException e) {
            LOG.warn(
                    "That a mail was {} could not be stored: {}",
                    kind.code(),
                    e.getClass().getSimpleName());
        }
    }

    private ResponseEntity<String> page(HttpStatus status, Locale locale, String sentence, boolean button) {
        String language = MailLayout.speaks(locale.getLanguage()) ? locale.getLanguage() : "en";
        String form = button
                ? "<form method=\"post\"><button type=\"submit\">" + said(language, "page-button") + "</button></form>"
                : "";
        String html = """
                <!doctype html><html lang="%s"><head><meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
                <title>%s</title><style>:root { color-scheme: light dark } body { font: 18px/1.5 system-ui, sans-serif; max-width: 34rem;
                margin: 12vh auto; padding: 0 20px } button { font: inherit; padding: 10px 20px; min-height: 44px }</style></head>
                <body><main><h1>%s</h1><p>%s</p>%s</main></body></html>
                """.formatted(
                        escaped(language),
                        said(language, "page-title"),
                        escaped(settings.senderName()),
                        said(language, sentence),
                        form);
        return ResponseEntity.status(status)
                .contentType(new MediaType(MediaType.TEXT_HTML, java.nio.charset.StandardCharsets.UTF_8))
                .cacheControl(CacheControl.noStore())
                .body(html);
    }

    /** What HTML gives a meaning, and nothing else: letters with accents stay as they are. */
    private static String escaped(String text) {
        return HtmlUtils.htmlEscape(text, "UTF-8");
    }

    private static String said(String language, String name) {
        return escaped(MailLayout.onPage(language, name));
    }
}
