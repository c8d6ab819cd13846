package health.throughline.channel.voice;

import health.throughline.channel.Address;
import health.throughline.channel.AttemptId;
import health.throughline.channel.Channel;
import health.throughline.channel.ChannelInbox;
import health.throughline.channel.DeliveryReport;
import health.throughline.channel.Dialogues;
import health.throughline.channel.twilio.FormParameters;
import health.throughline.channel.twilio.TwilioWebhookRequests;
import health.throughline.channel.twilio.TwilioWebhookRequests.Checked;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Conditional;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells Twilio what to say in a call, and hears what became of it. Nothing is believed that the signature does not cover. */
@Hidden
@RestController
@Conditional(VoiceConfigured.class)
class VoiceWebhooks {

    static final String CALLER_PATH = TwilioVoice.CALL_PATH + "inbound";

    private static final String ID = "{attempt:[A-Za-z0-9_-]{1,64}}";
    private static final String TURN = "/{turn:[A-Za-z0-9_-]{1,40}}";
    private static final MediaType XML = new MediaType("text", "xml", StandardCharsets.UTF_8);
    private static final Logger LOG = LoggerFactory.getLogger(VoiceWebhooks.class);

    private final TwilioWebhookRequests requests;
    private final Dialogues dialogues;
    private final CallTurns turns;
    private final ChannelInbox inbox;
    private final Clock clock;

    VoiceWebhooks(
            TwilioWebhookRequests requests, Dialogues dialogues, CallTurns turns, ChannelInbox inbox, Clock clock) {
        this.requests = requests;
        this.dialogues = dialogues;
        this.turns = turns;
        this.inbox = inbox;
        this.clock = clock;
    }

    /** Somebody, or something, answered our call. */
    @PostMapping(TwilioVoice.CALL_PATH + ID)
    ResponseEntity<String> answered(@PathVariable String attempt, HttpServletRequest request) throws IOException {
        return called(
                attempt,
                TwilioVoice.CALL_PATH + attempt,
                request,
                (line, heard) -> turns.begins(line, heard.value("AnsweredBy")));
    }

    /** A key, words, or nothing, in a call of ours. */
    @PostMapping(TwilioVoice.CALL_PATH + ID + TURN)
    ResponseEntity<String> heard(@PathVariable String attempt, @PathVariable String turn, HttpServletRequest request)
            throws IOException {
        Optional<Turn> at = Turn.ofPath(turn);
        if (at.isEmpty()) {
            return ResponseEntity.notFound().build();
        }
        return called(
                attempt,
                TwilioVoice.CALL_PATH + attempt + "/" + turn,
                request,
                (line, heard) -> turns.goesOn(line, at.get(), heard));
    }

    /** Somebody calls us. */
    @PostMapping(CALLER_PATH)
    ResponseEntity<String> calls(HttpServletRequest request) throws IOException {
        return caller(
                CALLER_PATH,
                request,
                VoiceWebhooks::vouchedFor,
                (line, heard) -> turns.called(line, vouchedFor(heard)));
    }

    @PostMapping(CALLER_PATH + TURN)
    ResponseEntity<String> callerSays(@PathVariable String turn, HttpServletRequest request) throws IOException {
        Optional<Turn> at = Turn.ofPath(turn);
        return at.isEmpty()
                ? ResponseEntity.notFound().build()
                : caller(
                        CALLER_PATH + "/" + turn,
                        request,
                        heard -> at.get().known(),
                        (line, heard) -> turns.goesOn(line, at.get(), heard));
    }

    /** What becomes of a call of ours. */
    @PostMapping(TwilioVoice.STATUS_PATH + ID)
    ResponseEntity<Void> status(@PathVariable String attempt, HttpServletRequest request) throws IOException {
        Checked checked = requests.check(request, TwilioVoice.STATUS_PATH + attempt);
        if (checked.refusal() != HttpStatus.OK) {
            return ResponseEntity.status(checked.refusal()).build();
        }
        Optional<AttemptId> id = AttemptId.of(attempt);
        String sid = checked.parameters().value("CallSid");
        if (id.isEmpty() || sid.isBlank()) {
            return ResponseEntity.badRequest().build();
        }
        return TwilioWebhookRequests.durable(() -> {
                    Ending ending = ending(id.get(), checked.parameters());
                    if (ending != null) {
                        inbox.reported(new DeliveryReport(
                                TwilioVoice.PROVIDER, sid, id.get(), ending.status(), ending.code(), clock.instant()));
                    }
                    return true;
                })
                .<ResponseEntity<Void>>map(done -> ResponseEntity.noContent().build())
                .orElseGet(() ->
                        ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE).build());
    }

    private record Ending(
            DeliveryReport.Status status, @Nullable String code) {}

    /** Whether it was heard is known from the requests of the call itself, and reported with them: what is delivered stays so. */
    private @Nullable Ending ending(AttemptId attempt, FormParameters told) {
        String status = told.value("CallStatus");
        return switch (status) {
            case "queued" -> new Ending(DeliveryReport.Status.QUEUED, null);
            case "initiated", "ringing" -> new Ending(DeliveryReport.Status.SENDING, null);
            case "in-progress" -> new Ending(DeliveryReport.Status.SENT, null);
            case "completed" -> new Ending(DeliveryReport.Status.UNDELIVERED, "not-heard");
            case "busy", "no-answer" -> new Ending(DeliveryReport.Status.UNDELIVERED, status);
            case "failed", "canceled" -> new Ending(DeliveryReport.Status.FAILED, "call-" + status);
            default -> {
                LOG.info("A report for attempt {} has a status we do not follow", attempt);
                yield null;
            }
        };
    }

    private interface Answer {
        String to(Line line, FormParameters heard);
    }

    private ResponseEntity<String> called(String attempt, String path, HttpServletRequest request, Answer answer)
            throws IOException {
        Optional<AttemptId> id = AttemptId.of(attempt);
        return answer(
                path,
                request,
                answer,
                told -> id.flatMap(known -> dialogues
                        .of(known)
                        .map(dialogue -> new Line(
                                dialogue,
                                known,
                                TwilioVoice.CALL_PATH + attempt,
                                told.parameters().value("CallSid"),
                                new Address(Channel.VOICE, told.parameters().value("To")),
                                told.parameters().value("From"),
                                told.raw()))));
    }

    private ResponseEntity<String> caller(
            String path, HttpServletRequest request, Predicate<FormParameters> known, Answer answer)
            throws IOException {
        return answer(path, request, answer, told -> {
            var patient = new Address(Channel.VOICE, told.parameters().value("From"));
            return Optional.of(new Line(
                    dialogues.ofCaller(patient, known.test(told.parameters())),
                    null,
                    CALLER_PATH,
                    told.parameters().value("CallSid"),
                    patient,
                    told.parameters().value("To"),
                    told.raw()));
        });
    }

    /**
     * Only where the caller's own carrier knows them and their right to the number (attestation A). Twilio, "Trusted Calling with
     * SHAKEN/STIR": the parameter is there where the call came with such a statement, and tells what became of checking it.
     *
     * @see <a href="https://www.twilio.com/docs/voice/trusted-calling-with-shakenstir">Twilio's page</a>
     */
    private static boolean vouchedFor(FormParameters told) {
        return told.value("StirVerstat").equals("TN-Validation-Passed-A");
    }

    private interface Lines {
        Optional<Line> of(Checked told);
    }

    private ResponseEntity<String> answer(String path, HttpServletRequest request, Answer answer, Lines lines)
            throws IOException {
        Checked checked = requests.check(request, path);
        if (checked.refusal() != HttpStatus.OK) {
            return ResponseEntity.status(checked.refusal()).build();
        }
        FormParameters heard = checked.parameters();
        if (heard.value("CallSid").isBlank() || heard.value("From").isBlank()) {
            return ResponseEntity.badRequest().build();
        }
        return TwilioWebhookRequests.durable(() ->
                        lines.of(checked).map(line -> answer.to(line, heard)).orElseGet(CallScript::hangUp))
                .map(twiml -> ResponseEntity.ok().contentType(XML).body(twiml))
                .orElseGet(() ->
                        ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE).build());
    }
}
