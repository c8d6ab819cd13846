package health.throughline.selfservice;

import health.throughline.access.AccessScope;
import health.throughline.care.Appointment;
import health.throughline.patient.PatientId;
import health.throughline.selfservice.Phrases.In;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** Behind the short link of a message: who is there, and then the visit it is about, with what can be answered to it. No script. */
@Hidden
@Controller
@RequestMapping("/v/{code:[A-Za-z0-9]{8,40}}")
class LinkPages {

    private static final Set<String> CHOICES = Set.of("confirm", "move", "cancel");

    private final ProofPages asking;
    private final Proofs proofs;
    private final JdbcLinks links;
    private final Visits visits;
    private final OwnWords words;
    private final TransactionTemplate transaction;
    private final Clock clock;

    LinkPages(
            ProofPages asking,
            Proofs proofs,
            JdbcLinks links,
            Visits visits,
            OwnWords words,
            TransactionTemplate transaction,
            Clock clock) {
        this.asking = asking;
        this.proofs = proofs;
        this.links = links;
        this.visits = visits;
        this.words = words;
        this.transaction = transaction;
        this.clock = clock;
    }

    @GetMapping
    ResponseEntity<String> open(@PathVariable String code, HttpServletRequest request) {
        In in = asking.words(request);
        return ofVerified(code, request, link -> show(code, link, request))
                .orElseGet(() -> asking.who(request, in, "/v/" + code, false, null));
    }

    @PostMapping
    ResponseEntity<String> birthDate(@PathVariable String code, HttpServletRequest request) {
        In in = asking.words(request);
        return ProofPages.birthDate(request)
                .map(date ->
                        asking.after(request, in, proofs.ofLink(code, date, request.getRemoteAddr()), "/v/" + code))
                .orElseGet(() -> asking.who(request, in, "/v/" + code, false, in.say("who.incomplete")));
    }

    @PostMapping("/code")
    ResponseEntity<String> code(@PathVariable String code, HttpServletRequest request) {
        In in = asking.words(request);
        String typed = ProofPages.parameter(request, "code").replaceAll("\\D", "");
        var step = proofs.withCode(ProofPages.parameter(request, "token"), typed, request.getRemoteAddr());
        return asking.after(request, in, step, "/v/" + code);
    }

    @PostMapping("/answer")
    ResponseEntity<String> answer(@PathVariable String code, HttpServletRequest request) {
        In in = asking.words(request);
        String choice = ProofPages.parameter(request, "choice");
        String key = ProofPages.parameter(request, "key");
        if (!CHOICES.contains(choice) || key.isEmpty()) {
            return ResponseEntity.badRequest().build();
        }
        return ofVerified(code, request, link -> {
                    UUID visit = link.visit();
                    if (visit == null
                            || visits.look(link.patient(), visit, in.language()).isEmpty()) {
                        return back(code, in, "");
                    }
                    words.say(
                            link.patient(),
                            link.id() + ":" + key,
                            in.say("said." + choice),
                            choice,
                            links.attemptOf(link));
                    return back(code, in, "&told=" + choice);
                })
                .orElseGet(() -> back(code, in, ""));
    }

    private static ResponseEntity<String> back(String code, In in, String more) {
        return ResponseEntity.status(HttpStatus.SEE_OTHER)
                .location(URI.create("/v/" + code + "?lang=" + in.language() + more))
                .build();
    }

    private interface Work {
        ResponseEntity<String> of(JdbcLinks.Opened link);
    }

    /** Only for whose link it is, in a session of theirs; with the product's own rights, in one transaction. */
    private Optional<ResponseEntity<String>> ofVerified(String code, HttpServletRequest request, Work work) {
        Optional<PatientId> known = proofs.known(ProofPages.session(request));
        if (known.isEmpty()) {
            return Optional.empty();
        }
        return Objects.requireNonNull(AccessScope.system()
                .run(() -> transaction.execute(status -> links.open(code, clock.instant())
                        .filter(link -> link.patient().equals(known.get()))
                        .map(work::of))));
    }

    private ResponseEntity<String> show(String code, JdbcLinks.Opened link, HttpServletRequest request) {
        UUID appointment = link.visit();
        if (appointment == null) {
            return ResponseEntity.status(HttpStatus.SEE_OTHER)
                    .location(URI.create("/my"))
                    .build();
        }
        In in = asking.words(request);
        Optional<Visits.Visit> found = visits.look(link.patient(), appointment, in.language());
        if (found.isEmpty()) {
            return new Page(in, in.say("title"))
                    .heading(in.say("title"))
                    .says(in.say("over"))
                    .says(in.say("person"), "quiet")
                    .answer();
        }
        Visits.Visit visit = found.get();
        Page page = new Page(in, in.say("title")).heading(in.say("greeting", Map.of("givenName", visit.givenName())));
        String told = told(request, visit.answer());
        if (told != null) {
            page.says(in.say("told." + told), "told");
        }
        page.raw(details(in, visit));
        page.raw("<h2>" + Page.encoded(in.say(told == null ? "ask" : "change")) + "</h2>\n");
        page.form(
                request,
                "/v/" + code + "/answer",
                Page.hidden("key", Secrets.token())
                        + ("confirm".equals(told) ? "" : Page.button("choice", "confirm", in.say("confirm"), "main"))
                        + ("move".equals(told) ? "" : Page.button("choice", "move", in.say("move"), "other"))
                        + ("cancel".equals(told) ? "" : Page.button("choice", "cancel", in.say("cancel"), "other")));
        if (visit.phone() != null) {
            page.raw("<p class=\"quiet\"><a href=\"tel:"
                    + Page.encoded(visit.phone().replaceAll("[^+0-9]", "")) + "\">"
                    + Page.encoded(in.say("call", Map.of("phone", visit.phone()))) + "</a></p>\n");
        }
        return page.link("/my?lang=" + in.language(), in.say("inbox.open"))
                .link("/v/" + code + "?lang=" + (in.language().equals("es") ? "en" : "es"), in.say("language"))
                .form(request, "/my/leave", Page.button("leave", "yes", in.say("out"), "quiet"))
                .answer();
    }

    /** What was pressed just now; else what the record says. */
    private static @Nullable String told(HttpServletRequest request, Appointment.@Nullable Answer answer) {
        String pressed = ProofPages.parameter(request, "told");
        if (CHOICES.contains(pressed)) {
            return pressed;
        }
        return switch (answer) {
            case CONFIRMED -> "confirm";
            case MOVE_REQUESTED -> "move";
            case CANCEL_REQUESTED -> "cancel";
            case null -> null;
        };
    }

    private String details(In in, Visits.Visit visit) {
        String prepare = "prepare." + visit.preparation();
        var list = new StringBuilder("<dl>\n");
        line(list, in.say("what"), visit.what() == null ? in.say("visit") : visit.what(), visit.provider());
        line(list, in.say("when"), in.say("at", Map.of("visit", visit.when())), null);
        line(list, in.say("where"), visit.place(), visit.address());
        line(list, in.say("parking"), visit.parking(), null);
        line(list, in.say("ready"), in.say(asking.phrases().has(prepare) ? prepare : "prepare.standard"), null);
        return list.append("</dl>\n").toString();
    }

    private static void line(StringBuilder list, String term, @Nullable String first, @Nullable String second) {
        if (first != null && !first.isBlank()) {
            String name = first.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + first.substring(1);
            list.append("<dt>").append(Page.encoded(term)).append("</dt><dd>").append(Page.encoded(name));
            if (second != null && !second.isBlank()) {
                list.append("<br>").append(Page.encoded(second));
            }
            list.append("</dd>\n");
        }
    }
}
