package health.throughline.care.fhir;

import health.throughline.care.EhrAnswered.Result;
import health.throughline.care.EhrSettings;
import health.throughline.care.EhrWrites.Write;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a patient's answer to the EHR as a FHIR R4 {@code AppointmentResponse}. A conditional create ({@code If-None-Exist}) by an
 * identifier of ours lets the EHR keep one, however often it is sent: so a lost answer may be asked for again.
 */
@Component
class EhrClient {

    static final String IDENTIFIER = "https://throughline.health/fhir/appointment-response";
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private final EhrSettings settings;
    private final FhirJson json;
    private final HttpClient http;

    EhrClient(EhrSettings settings, FhirJson json) {
        this.settings = settings;
        this.json = json;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.timeout())
                .build();
    }

    /** What one try showed. */
    sealed interface Word {
        record Settled(Result result, String reason) implements Word {}

        record NotYet(Duration again, String reason) implements Word {}
    }

    /** Never throws but when interrupted. */
    Word tell(Write write) throws InterruptedException {
        try {
            HttpResponse<Void> answer = http.send(request(write), HttpResponse.BodyHandlers.discarding());
            return word(answer, write.tries());
        } catch (IOException e) {
            return new Word.NotYet(backOff(write.tries()), e.getClass().getSimpleName());
        }
    }

    private HttpRequest request(Write write) {
        String base = Objects.requireNonNull(settings.url()).toString();
        var request = HttpRequest.newBuilder(URI.create(base.replaceFirst("/+$", "") + "/AppointmentResponse"))
                .timeout(settings.timeout())
                .header("Content-Type", "application/fhir+json")
                .header("Accept", "application/fhir+json")
                .header("If-None-Exist", "identifier=" + IDENTIFIER + "%7C" + write.id())
                .POST(HttpRequest.BodyPublishers.ofString(json.write(response(write))));
        if (settings.token() != null) {
            request.header("Authorization", "Bearer " + settings.token());
        }
        return request.build();
    }

    private ObjectNode response(Write write) {
        ObjectNode response = json.object().put("resourceType", "AppointmentResponse");
        response.putArray("identifier")
                .addObject()
                .put("system", IDENTIFIER)
                .put("value", write.id().toString());
        response.putObject("appointment").put("reference", "Appointment/" + write.appointment());
        if (write.patient() != null) {
            response.putObject("actor").put("reference", "Patient/" + write.patient());
        } else {
            response.putArray("participantType")
                    .addObject()
                    .putArray("coding")
                    .addObject()
                    .put("system", "http://terminology.hl7.org/CodeSystem/v3-ParticipationType")
                    .put("code", "SBJ");
        }
        switch (write.answer()) {
            case CONFIRMED -> response.put("participantStatus", "accepted");
            case CANCEL_REQUESTED ->
                response.put("participantStatus", "declined").put("comment", "The patient asks to cancel the visit.");
            case MOVE_REQUESTED ->
                response.put("participantStatus", "tentative").put("comment", "The patient asks for another time.");
        }
        return response;
    }

    private Word word(HttpResponse<Void> answer, int tries) {
        int status = answer.statusCode();
        String reason = "http-" + status;
        if (status >= 200 && status < 300) {
            return new Word.Settled(Result.ACKNOWLEDGED, reason);
        }
        return switch (status) {
            case 404, 409, 410 -> new Word.Settled(Result.SLOT_LOST, reason);
            case 400, 405, 412, 413, 415, 422 -> new Word.Settled(Result.REJECTED, reason);
            // 401 and 403 may be mended by whoever keeps the credentials; the rest may pass
            default -> new Word.NotYet(wait(answer, tries), reason);
        };
    }

    private static Duration wait(HttpResponse<Void> answer, int tries) {
        Optional<Duration> asked = answer.headers()
                .firstValue("Retry-After")
                .filter(value -> value.matches("\\d{1,5}"))
                .map(value -> Duration.ofSeconds(Long.parseLong(value)));
        Duration ours = backOff(tries);
        return asked.filter(wait -> wait.compareTo(ours) > 0).orElse(ours);
    }

    private static Duration backOff(int tries) {
        Duration doubled = Duration.ofSeconds(1L << Math.min(tries, 10));
        return doubled.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : doubled;
    }
}
