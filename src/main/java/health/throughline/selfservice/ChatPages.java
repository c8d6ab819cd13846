package health.throughline.selfservice;

import health.throughline.access.AccessScope;
import health.throughline.audit.Actor;
import health.throughline.channel.Address;
import health.throughline.channel.ChatUnits;
import health.throughline.channel.ChatVisitors;
import health.throughline.conversation.UnknownSenders;
import health.throughline.organization.Coverage;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.Organization;
import health.throughline.patient.AddressId;
import health.throughline.patient.PatientId;
import health.throughline.patient.Patients;
import health.throughline.selfservice.Phrases.In;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import tools.jackson.databind.json.JsonMapper;

/**
 * The page inside the chat's frame, and how a visitor shows there who they are. The frame is of our own origin: the site around it sees
 * nothing of what is said. Only configured sites may hold it.
 */
@Hidden
@Controller
@RequestMapping("/chat")
class ChatPages implements ChatUnits {

    private static final String ROOT = "/all/";
    private static final String TOKEN = "X-Chat-Visitor";
    private static final String WIDGET_WORDS = "{/* words of the button */}";
    private static final Duration WIDGET_KEPT = Duration.ofHours(1);
    private static final JsonMapper JSON = new JsonMapper();
    private static final Logger LOG = LoggerFactory.getLogger(ChatPages.class);

    private final AtomicBoolean told = new AtomicBoolean();
    private final Phrases phrases = Phrases.load("chat");
    private final String widget = widget(phrases);
    private final ChatSites sites;
    private final Proofs proofs;
    private final ChatVisitors visitors;
    private final UnknownSenders senders;
    private final Patients patients;
    private final Organization organization;
    private final Coverage coverage;
    private final TransactionTemplate transaction;
    private final Clock clock;

    ChatPages(
            ChatSites sites,
            Proofs proofs,
            ChatVisitors visitors,
            UnknownSenders senders,
            Patients patients,
            Organization organization,
            Coverage coverage,
            TransactionTemplate transaction,
            Clock clock) {
        this.sites = sites;
        this.proofs = proofs;
        this.visitors = visitors;
        this.senders = senders;
        this.patients = patients;
        this.organization = organization;
        this.coverage = coverage;
        this.transaction = transaction;
        this.clock = clock;
    }

    @GetMapping("/frame")
    ResponseEntity<String> frame(HttpServletRequest request) {
        In in = phrases.in(request.getParameter("lang"), request.getLocale().toLanguageTag());
        Optional<String> phone = phone();
        if (phone.isEmpty()) {
            return notOpen(in);
        }
        Map<String, String> words = new LinkedHashMap<>();
        Map<String, Object> values = Map.of("phone", phone.get(), "provider", provider());
        phrases.keys().forEach(key -> words.put(key, in.say(key, values)));
        String html = """
                <!doctype html>
                <html lang="%s" dir="%s">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="robots" content="noindex">
                <title>%s</title>
                <link rel="stylesheet" href="/chat/frame.css">
                <script type="module" src="/chat/frame.js"></script>
                </head>
                <body data-words="%s" data-open="%s" data-site="%s"></body>
                </html>
                """.formatted(
                        in.language().equals(Phrases.MIRRORED) ? "ar" : in.language(),
                        in.direction(),
                        Page.encoded(in.say("title")),
                        Page.encoded(JSON.writeValueAsString(words)),
                        open(),
                        Page.encoded(site(request)));
        return ResponseEntity.ok()
                .contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
                .cacheControl(CacheControl.noStore())
                .header("Content-Security-Policy", sites.contentPolicy())
                .body(html);
    }

    /** The origin of the page around, as the browser says where it may; empty for any other. */
    private String site(HttpServletRequest request) {
        String referrer = Objects.requireNonNullElse(request.getHeader("Referer"), "");
        return sites.origins().stream()
                .map(URI::toString)
                .filter(origin -> referrer.equals(origin) || referrer.startsWith(origin + "/"))
                .findFirst()
                .orElse("");
    }

    @Override
    public Optional<UUID> of(String site) {
        Optional<String> path = sites.unitOf(site);
        Optional<UUID> unit =
                path.flatMap(organization::findByPath).map(found -> found.id().value());
        if (path.isPresent() && unit.isEmpty()) {
            LOG.warn("THROUGHLINE_CHAT_UNITS names a unit that is not there; those of the whole system see the chat");
        }
        return unit;
    }

    /** The button on a site, with its words from the wordings. */
    @GetMapping("/widget.js")
    ResponseEntity<String> widget() {
        return ResponseEntity.ok()
                .contentType(new MediaType("text", "javascript", StandardCharsets.UTF_8))
                .cacheControl(CacheControl.maxAge(WIDGET_KEPT).cachePublic())
                .header("X-Content-Type-Options", "nosniff")
                .body(widget);
    }

    private static String widget(Phrases phrases) {
        Map<String, Map<String, String>> words = new LinkedHashMap<>();
        phrases.languagesAndMirrored().forEach(language -> {
            In in = phrases.in(language);
            words.put(language, Map.of("open", in.say("open"), "close", in.say("close")));
        });
        try (InputStream script = new ClassPathResource("static/chat/widget.js").getInputStream()) {
            String whole = new String(script.readAllBytes(), StandardCharsets.UTF_8);
            if (!whole.contains(WIDGET_WORDS)) {
                throw new IllegalStateException("the chat's button has no place for its words");
            }
            return whole.replace(WIDGET_WORDS, JSON.writeValueAsString(words));
        } catch (IOException e) {
            throw new IllegalStateException("the chat's button cannot be read", e);
        }
    }

    private boolean open() {
        return Objects.requireNonNull(AccessScope.system()
                .run(() -> transaction.execute(status -> {
                    Instant now = clock.instant();
                    return organization
                            .findByPath(ROOT)
                            .map(root -> !coverage.after(root.id(), now, Duration.ZERO)
                                    .isAfter(now))
                            .orElse(true);
                })));
    }

    private String provider() {
        return hospital().map(OrgUnit::patientSafeName).orElse("");
    }

    /** How to reach a person, always (K15). */
    private Optional<String> phone() {
        return hospital().map(OrgUnit::phone).filter(phone -> !phone.isBlank());
    }

    /** Nobody talks with a machine here without being told how to reach a person. */
    private ResponseEntity<String> notOpen(In in) {
        if (!told.getAndSet(true)) {
            LOG.error("The chat does not open: it has no phone number to show (K15)."
                    + " Set THROUGHLINE_CHAT_HOSPITAL_PATH to the path of a hospital that has one.");
        }
        ResponseEntity<String> page = new Page(in, in.say("title"))
                .heading(in.say("title"))
                .says(in.say("unavailable"))
                .says(in.say("emergency"))
                .answer(HttpStatus.SERVICE_UNAVAILABLE);
        return ResponseEntity.status(page.getStatusCode())
                .headers(page.getHeaders())
                .header("Content-Security-Policy", sites.contentPolicy())
                .body(page.getBody());
    }

    private Optional<OrgUnit> hospital() {
        List<OrgUnit> all = organization.all().stream()
                .filter(unit -> unit.kind() == OrgUnit.Kind.HOSPITAL)
                .limit(2)
                .toList();
        return sites.hospital()
                .flatMap(organization::findByPath)
                .or(() -> all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty());
    }

    record Claim(@Nullable String contact, @Nullable String birthDate) {}

    record Code(@Nullable String token, @Nullable String code) {}

    @PostMapping("/api/verify")
    ResponseEntity<Map<String, Object>> verify(
            @RequestHeader(name = TOKEN, defaultValue = "") String token,
            @RequestBody Claim claim,
            HttpServletRequest request) {
        if (visitors.of(token).isEmpty()) {
            return ResponseEntity.status(HttpStatus.UNAUTHORIZED).build();
        }
        LocalDate born = date(claim.birthDate());
        String contact = claim.contact();
        if (born == null || contact == null || contact.isBlank() || contact.length() > 120) {
            return ResponseEntity.badRequest().build();
        }
        return answer(proofs.ofContact(contact, born, request.getRemoteAddr()));
    }

    @PostMapping("/api/verify/code")
    ResponseEntity<Map<String, Object>> code(
            @RequestHeader(name = TOKEN, defaultValue = "") String token,
            @RequestBody Code code,
            HttpServletRequest request) {
        Optional<Address> visitor = visitors.of(token);
        if (visitor.isEmpty()) {
            return ResponseEntity.status(HttpStatus.UNAUTHORIZED).build();
        }
        String typed = Objects.requireNonNullElse(code.code(), "").replaceAll("\\D", "");
        String asked = Objects.requireNonNullElse(code.token(), "");
        if (asked.length() > 100 || typed.length() > 12) {
            return ResponseEntity.badRequest().build();
        }
        Proofs.Step step = proofs.withCode(asked, typed, request.getRemoteAddr());
        if (step instanceof Proofs.Proven proven) {
            proofs.leave(proven.session());
            return ResponseEntity.ok(Map.of("verified", true, "token", link(visitor.get(), proven.patient())));
        }
        return answer(step);
    }

    /**
     * From now on what is said in this chat is part of the patient's one conversation. Where it was somebody else's, a new chat begins:
     * nothing said there is shown any more, and nothing said here is taken for theirs.
     *
     * @return the only token that counts from now on
     */
    private String link(Address visitor, PatientId patient) {
        return Objects.requireNonNull(AccessScope.system()
                .run(() -> new Actor(Actor.Kind.PATIENT, patient.toString())
                        .run(() -> transaction.execute(status -> {
                            List<PatientId> linked = patients.reachedAt(addressOf(visitor));
                            boolean theirs = linked.equals(List.of(patients.surviving(patient)));
                            ChatVisitors.Verified fresh = visitors.verified(visitor, !theirs && !linked.isEmpty());
                            if (!theirs) {
                                senders.link(addressOf(fresh.visitor()), patient, "patient");
                            }
                            return fresh.token();
                        }))));
    }

    private AddressId addressOf(Address visitor) {
        return patients.addressOfSender(visitor.channel(), visitor.value());
    }

    private static ResponseEntity<Map<String, Object>> answer(Proofs.Step step) {
        return switch (step) {
            case Proofs.CodeAsked asked -> ResponseEntity.accepted().body(Map.of("token", asked.token()));
            case Proofs.TooMany many ->
                ResponseEntity.status(HttpStatus.TOO_MANY_REQUESTS)
                        .header("Retry-After", String.valueOf(many.rest().toSeconds()))
                        .build();
            case Proofs.Proven proven -> ResponseEntity.ok(Map.of("verified", true));
            case Proofs.NotProven no ->
                ResponseEntity.status(HttpStatus.UNPROCESSABLE_CONTENT).build();
        };
    }

    private static @Nullable LocalDate date(@Nullable String text) {
        try {
            return text == null ? null : LocalDate.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
