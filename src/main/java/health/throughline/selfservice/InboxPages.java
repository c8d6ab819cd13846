package health.throughline.selfservice;

import health.throughline.access.AccessScope;
import health.throughline.audit.Actor;
import health.throughline.audit.Audit;
import health.throughline.channel.ChannelInbox;
import health.throughline.channel.DeliveryReport;
import health.throughline.channel.PlainText;
import health.throughline.channel.Transcript;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import health.throughline.selfservice.Phrases.In;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** The patient's own inbox: what we wrote there, what they write back. What is shown is reported as read. Works without script. */
@Hidden
@Controller
@RequestMapping("/my")
class InboxPages {

    static final int LONGEST = 1600;

    private static final int SHOWN = 100;
    private static final String HERE = "/my";

    private final ProofPages asking;
    private final Proofs proofs;
    private final Transcript transcript;
    private final ChannelInbox inbox;
    private final OwnWords words;
    private final Patients patients;
    private final Visits visits;
    private final OwnNotices notices;
    private final Audit audit;
    private final TransactionTemplate transaction;
    private final Clock clock;

    InboxPages(
            ProofPages asking,
            Proofs proofs,
            Transcript transcript,
            ChannelInbox inbox,
            OwnWords words,
            Patients patients,
            Visits visits,
            OwnNotices notices,
            Audit audit,
            TransactionTemplate transaction,
            Clock clock) {
        this.asking = asking;
        this.proofs = proofs;
        this.transcript = transcript;
        this.inbox = inbox;
        this.words = words;
        this.patients = patients;
        this.visits = visits;
        this.notices = notices;
        this.audit = audit;
        this.transaction = transaction;
        this.clock = clock;
    }

    @GetMapping
    ResponseEntity<String> open(HttpServletRequest request) {
        In in = asking.words(request);
        return proofs.known(ProofPages.session(request))
                .map(patient -> AccessScope.system().run(() -> show(patient, in, request, false)))
                .orElseGet(() -> asking.who(request, in, HERE, true, null));
    }

    @PostMapping
    ResponseEntity<String> who(HttpServletRequest request) {
        In in = asking.words(request);
        String contact = ProofPages.parameter(request, "contact");
        return ProofPages.birthDate(request)
                .map(date -> asking.after(request, in, proofs.ofContact(contact, date, request.getRemoteAddr()), HERE))
                .orElseGet(() -> asking.who(request, in, HERE, true, in.say("who.incomplete")));
    }

    @PostMapping("/code")
    ResponseEntity<String> code(HttpServletRequest request) {
        In in = asking.words(request);
        String typed = ProofPages.parameter(request, "code").replaceAll("\\D", "");
        return asking.after(
                request,
                in,
                proofs.withCode(ProofPages.parameter(request, "token"), typed, request.getRemoteAddr()),
                HERE);
    }

    @PostMapping("/messages")
    ResponseEntity<String> say(HttpServletRequest request) {
        In in = asking.words(request);
        String key = ProofPages.parameter(request, "key");
        String written = Optional.ofNullable(request.getParameter("text")).orElse("");
        String text = PlainText.of(written).strip();
        Optional<PatientId> patient = proofs.known(ProofPages.session(request));
        if (patient.isPresent() && !key.isEmpty() && !text.isEmpty()) {
            if (text.length() > LONGEST) {
                return AccessScope.system().run(() -> show(patient.get(), in, request, true));
            }
            AccessScope.system().run(() -> {
                transaction.executeWithoutResult(status -> words.say(patient.get(), key, text, null, null));
                return true;
            });
        }
        return ResponseEntity.status(HttpStatus.SEE_OTHER)
                .location(URI.create(HERE + "?lang=" + in.language() + "#end"))
                .build();
    }

    @PostMapping("/leave")
    ResponseEntity<String> leave(HttpServletRequest request) {
        In in = asking.words(request);
        String session = ProofPages.session(request);
        if (session != null) {
            proofs.leave(session);
        }
        ResponseEntity<String> page =
                new Page(in, in.say("out")).heading(in.say("out.done")).answer();
        return ResponseEntity.status(page.getStatusCode())
                .headers(page.getHeaders())
                .header(HttpHeaders.SET_COOKIE, asking.cookie("", 0))
                .body(page.getBody());
    }

    private ResponseEntity<String> show(PatientId patient, In in, HttpServletRequest request, boolean tooLong) {
        record Read(PatientProfile profile, List<Transcript.Line> lines, String phone) {}
        Read read = Objects.requireNonNull(transaction.execute(status -> {
            PatientProfile profile = patients.find(patient).orElseThrow();
            new Actor(Actor.Kind.PATIENT, patient.toString()).run(() -> {
                audit.record(Audit.Entry.done("page.inbox", "patient", patient, patient.value()));
                return true;
            });
            return new Read(
                    profile,
                    transcript.of(OwnWords.address(patient), SHOWN),
                    Objects.requireNonNullElse(visits.phoneOf(profile.orgUnit()), ""));
        }));
        Page page = new Page(in, in.say("inbox.title")).heading(in.say("inbox.title"));
        if (tooLong) {
            page.says(in.say("inbox.long", Map.of("limit", LONGEST)), "problem");
        }
        page.says(in.say("inbox.auto", Map.of("phone", read.phone())), "quiet")
                .says(in.say("inbox.safety"), "quiet")
                .raw(lines(in, read.profile(), read.lines()));
        ResponseEntity<String> answer = page.form(
                        request,
                        HERE + "/messages",
                        Page.hidden("key", Secrets.token())
                                + """
                        <label for="text">%s</label>
                        <textarea id="text" name="text" maxlength="%d" dir="auto" required></textarea>
                        """.formatted(Page.encoded(in.say("inbox.label")), LONGEST)
                                + Page.button("send", "yes", in.say("inbox.send"), "main"))
                .link(HERE + "?lang=" + in.language() + "#end", in.say("inbox.look"))
                .raw(notices.asked(request, in, read.profile()))
                .form(request, HERE + "/leave", Page.button("leave", "yes", in.say("out"), "quiet"))
                .answer();
        read.lines().forEach(this::read);
        return answer;
    }

    private String lines(In in, PatientProfile profile, List<Transcript.Line> lines) {
        if (lines.isEmpty()) {
            return "<p>" + Page.encoded(in.say("inbox.none")) + "</p>\n";
        }
        var zone = Optional.ofNullable(profile.zone()).orElse(java.time.ZoneId.of("UTC"));
        var list = new StringBuilder("<ol class=\"lines\" id=\"end\">\n");
        for (Transcript.Line line : lines) {
            var at = LocalDateTime.ofInstant(line.at(), profile.zone() == null ? ZoneOffset.UTC : zone);
            list.append("<li class=\"")
                    .append(line.ours() ? "" : "mine")
                    .append("\" dir=\"auto\"><span class=\"by\">")
                    .append(Page.encoded(
                            in.say(line.ours() ? "inbox.us" : "inbox.you") + " · " + in.say("at", Map.of("visit", at))))
                    .append("</span>")
                    .append(Page.encoded(line.text()))
                    .append("</li>\n");
        }
        return list.append("</ol>\n").toString();
    }

    private void read(Transcript.Line line) {
        if (line.attempt() != null && !line.read()) {
            inbox.reported(new DeliveryReport(
                    "pages",
                    line.attempt().toString(),
                    line.attempt(),
                    DeliveryReport.Status.READ,
                    null,
                    clock.instant()));
        }
    }
}
