package health.throughline.care.fhir;

import health.throughline.care.CareSettings;
import health.throughline.care.fhir.FhirFeed.Taken;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** The door for the EHR. Whatever goes wrong is told as an OperationOutcome. */
@RestController
@RequestMapping("/fhir")
class FhirController {

    private static final Logger LOG = LoggerFactory.getLogger(FhirController.class);
    private static final String FHIR_JSON = "application/fhir+json";
    private static final Set<String> TAKEN = Set.of(FHIR_JSON, "application/json");

    private final Bundles bundles;
    private final BundleReader reader;
    private final FhirFeed feed;
    private final Capability capability;
    private final FhirJson json;
    private final CareSettings settings;
    private final Semaphore writes;
    private final Semaphore bodies;

    FhirController(
            Bundles bundles,
            BundleReader reader,
            FhirFeed feed,
            Capability capability,
            FhirJson json,
            CareSettings settings) {
        this.bundles = bundles;
        this.reader = reader;
        this.feed = feed;
        this.capability = capability;
        this.json = json;
        this.settings = settings;
        this.writes = new Semaphore(settings.writesAtOnce(), true);
        this.bodies = new Semaphore((int) settings.bodiesAtOnce().toKilobytes(), true);
    }

    @GetMapping("/metadata")
    ResponseEntity<String> metadata() {
        return answer(HttpStatus.OK, capability.statement());
    }

    @PostMapping({"", "/"})
    ResponseEntity<String> bundle(HttpServletRequest request) {
        return atOnce(request, () -> answer(HttpStatus.OK, bundles.take(reader.read(body(request)))));
    }

    @PostMapping("/{type}")
    ResponseEntity<String> create(@PathVariable String type, HttpServletRequest request) {
        String condition = request.getHeader("If-None-Exist");
        return atOnce(
                request,
                () -> single(bundles.submission(
                        new Bundles.Target(0, "", type, ""),
                        condition == null ? "" : condition,
                        true,
                        json.read(body(request)))));
    }

    @PutMapping("/{type}/{id}")
    ResponseEntity<String> update(@PathVariable String type, @PathVariable String id, HttpServletRequest request) {
        refuseUnlikely(id);
        return atOnce(
                request,
                () -> single(
                        bundles.submission(new Bundles.Target(0, "", type, id), "", false, json.read(body(request)))));
    }

    @DeleteMapping("/{type}/{id}")
    ResponseEntity<String> delete(@PathVariable String type, @PathVariable String id, HttpServletRequest request) {
        refuseUnlikely(id);
        return atOnce(request, () -> single(bundles.deletion(new Bundles.Target(0, "", type, id))));
    }

    @PutMapping("/{type}")
    ResponseEntity<String> conditionalUpdate(@PathVariable String type, HttpServletRequest request) {
        String query = request.getQueryString();
        if (query == null || query.isBlank()) {
            throw Refusal.malformed("A PUT goes to /fhir/{Type}/{id} or names an identifier as its condition.", null);
        }
        return atOnce(
                request,
                () -> single(bundles.submission(
                        new Bundles.Target(0, "", type, ""), query, false, json.read(body(request)))));
    }

    @RequestMapping("/**")
    ResponseEntity<String> anythingElse() {
        throw Refusal.of(
                HttpStatus.NOT_FOUND, "not-supported", "This is not offered here; GET /fhir/metadata says what is.");
    }

    private static void refuseUnlikely(String id) {
        if (!id.matches("[A-Za-z0-9.-]{1,64}")) {
            throw Refusal.malformed("The id in the address is not one of R4.", null);
        }
    }

    private ResponseEntity<String> single(Submission submission) {
        Taken taken = one(submission);
        return ResponseEntity.status(taken.created() ? HttpStatus.CREATED : HttpStatus.OK)
                .header(HttpHeaders.LOCATION, "/fhir/" + taken.type() + "/" + taken.id())
                .header(HttpHeaders.ETAG, Bundles.etag(taken))
                .header(HttpHeaders.CONTENT_TYPE, FHIR_JSON)
                .body(json.write(json.outcome(Bundles.issues(taken))));
    }

    private Taken one(Submission submission) {
        try {
            return feed.take(List.of(submission)).getFirst();
        } catch (Refusal refusal) {
            throw refusal.alone();
        }
    }

    /** Bounds what is in memory at one time; the rest waits its turn. */
    private ResponseEntity<String> atOnce(HttpServletRequest request, Supplier<ResponseEntity<String>> work) {
        int size = kilobytes(request);
        writes.acquireUninterruptibly();
        bodies.acquireUninterruptibly(size);
        try {
            return work.get();
        } finally {
            bodies.release(size);
            writes.release();
        }
    }

    /** A body of unknown length may be as long as any. */
    private int kilobytes(HttpServletRequest request) {
        long length = request.getContentLengthLong();
        long most = Math.min(
                settings.largestBody().toBytes(), settings.bodiesAtOnce().toBytes());
        return (int) ((length < 0 ? most : Math.min(length, most)) / 1024);
    }

    private byte[] body(HttpServletRequest request) {
        String type = request.getContentType();
        String plain = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!TAKEN.contains(plain)) {
            throw Refusal.of(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE, "not-supported", "Send JSON, as application/fhir+json.");
        }
        int most = (int) settings.largestBody().toBytes();
        try {
            byte[] body = request.getContentLengthLong() > most
                    ? null
                    : request.getInputStream().readNBytes(most + 1);
            if (body == null || body.length > most) {
                throw Refusal.of(
                        HttpStatus.CONTENT_TOO_LARGE,
                        "too-long",
                        "More than " + settings.largestBody().toMegabytes() + " MB at once; send it in parts.");
            }
            return body;
        } catch (IOException e) {
            throw Refusal.malformed("The document broke off on its way.", null);
        }
    }

    @ExceptionHandler
    ResponseEntity<String> refused(Refusal refusal) {
        return answer(refusal.status(), json.outcome(refusal.issues()));
    }

    @ExceptionHandler
    ResponseEntity<String> failed(Exception failure) {
        LOG.error("FHIR could not be taken: {}", failure.getClass().getName());
        LOG.debug("FHIR could not be taken", failure);
        return answer(
                HttpStatus.INTERNAL_SERVER_ERROR,
                json.outcome(List.of(new Refusal.Issue(
                        "fatal",
                        "exception",
                        "It could not be taken, and nothing of it was kept. Send it again.",
                        null))));
    }

    private ResponseEntity<String> answer(HttpStatus status, ObjectNode content) {
        return ResponseEntity.status(status)
                .header(HttpHeaders.CONTENT_TYPE, FHIR_JSON)
                .body(json.write(content));
    }
}
