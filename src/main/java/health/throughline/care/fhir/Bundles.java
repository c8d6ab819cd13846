package health.throughline.care.fhir;

import health.throughline.care.fhir.BundleReader.Document;
import health.throughline.care.fhir.BundleReader.Entry;
import health.throughline.care.fhir.FhirFeed.Taken;
import health.throughline.care.fhir.Refusal.Issue;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Takes Bundles apart and puts the answers together: a transaction stands or falls as a whole, a batch entry by entry. */
@Component
class Bundles {

    /** Entries of a batch tried in one transaction; where one fails the others of it are taken singly. */
    private static final int BATCH = 200;

    private static final Set<String> METHODS = Set.of("POST", "PUT", "DELETE");

    private static final Pattern TARGET =
            Pattern.compile("/?(?:.*/)?([A-Z][A-Za-z]{2,40})(?:/([A-Za-z0-9.-]{1,64}))?(?:\\?(.*))?");

    private final FhirFeed feed;
    private final FhirParser parser;
    private final FhirJson json;

    Bundles(FhirFeed feed, FhirParser parser, FhirJson json) {
        this.feed = feed;
        this.parser = parser;
        this.json = json;
    }

    ObjectNode take(Document bundle) {
        return switch (bundle.type()) {
            case "transaction" -> transaction(bundle.entries());
            case "batch" -> batch(bundle.entries());
            default ->
                throw Refusal.unprocessable(
                        "not-supported", "Bundle.type is to be transaction or batch.", "Bundle.type");
        };
    }

    private ObjectNode transaction(List<Entry> entries) {
        var submissions = new ArrayList<Submission>();
        for (int n = 0; n < entries.size(); n++) {
            submissions.add(submission(n, entries.get(n)));
        }
        ObjectNode response = response("transaction-response");
        if (!submissions.isEmpty()) {
            feed.take(submissions).forEach(taken -> add(response, taken));
        }
        return response;
    }

    private ObjectNode batch(List<Entry> entries) {
        ObjectNode response = response("batch-response");
        for (int from = 0; from < entries.size(); from += BATCH) {
            int until = Math.min(entries.size(), from + BATCH);
            try {
                var submissions = new ArrayList<Submission>();
                for (int n = from; n < until; n++) {
                    submissions.add(submission(n, entries.get(n)));
                }
                feed.take(submissions).forEach(taken -> add(response, taken));
            } catch (Refusal someOfThem) {
                for (int n = from; n < until; n++) {
                    single(response, n, entries.get(n));
                }
            }
        }
        return response;
    }

    private void single(ObjectNode response, int n, Entry entry) {
        try {
            feed.take(List.of(submission(n, entry))).forEach(taken -> add(response, taken));
        } catch (Refusal refusal) {
            ObjectNode answer = response.withArray("entry").addObject().putObject("response");
            answer.put("status", String.valueOf(refusal.status().value()));
            answer.set("outcome", json.outcome(refusal.issues()));
        }
    }

    private Submission submission(int index, Entry entry) {
        try {
            return read(index, entry);
        } catch (Refusal refusal) {
            throw refusal.within(index);
        }
    }

    private Submission read(int index, Entry given) {
        JsonNode entry = given.node();
        String at = "Bundle.entry[" + index + "]";
        JsonNode request = entry.path("request");
        String method = FhirJson.text(request, "method");
        if (!METHODS.contains(method)) {
            throw Refusal.unprocessable(
                    "not-supported", at + ".request.method is to be POST, PUT or DELETE.", at + ".request.method");
        }
        Matcher target = TARGET.matcher(FhirJson.text(request, "url"));
        if (!target.matches()) {
            throw Refusal.malformed(at + ".request.url is to name a resource type.", at + ".request.url");
        }
        if (method.equals("DELETE")) {
            if (target.group(2) == null || target.group(3) != null) {
                throw Refusal.malformed(at + ".request.url is to be Type/id for a DELETE.", at + ".request.url");
            }
            return deletion(new Target(index, FhirJson.text(entry, "fullUrl"), target.group(1), target.group(2)));
        }
        String query = method.equals("PUT") ? target.group(3) : FhirJson.text(request, "ifNoneExist");
        String id = target.group(2);
        boolean post = method.equals("POST");
        if (post ? id != null : id == null && query == null) {
            throw Refusal.malformed(
                    at + ".request.url is to be Type for a POST and Type/id for a PUT.", at + ".request.url");
        }
        return submission(
                new Target(index, FhirJson.text(entry, "fullUrl"), target.group(1), id == null ? "" : id),
                query == null ? "" : query,
                post,
                entry.path("resource"),
                given.content());
    }

    Submission deletion(Target target) {
        refuseUnknown(target);
        if (target.type().equals("Patient")) {
            throw Refusal.unprocessable(
                    "business-rule",
                    "A Patient is not deleted here. Send the Patient with deceased[x] where the person died, or with a link of type"
                            + " replaced-by where two records are one person.",
                    "Patient");
        }
        ObjectNode tombstone = json.object().put("resourceType", target.type()).put("id", target.id());
        return new Submission(
                target.index(),
                target.fullUrl(),
                target.type(),
                target.id(),
                "",
                false,
                true,
                tombstone,
                json.bytes(tombstone));
    }

    private void refuseUnknown(Target target) {
        if (!parser.isType(target.type()) || target.type().equals("Bundle")) {
            throw Refusal.of(HttpStatus.NOT_FOUND, "not-supported", target.type() + " is no resource of R4 kept here.");
        }
    }

    /** @param id empty for a POST */
    record Target(int index, String fullUrl, String type, String id) {}

    Submission submission(Target target, String query, boolean post, ObjectNode resource) {
        return submission(target, query, post, resource, json.bytes(resource));
    }

    private Submission submission(Target target, String query, boolean post, JsonNode resource, byte[] whole) {
        refuseUnknown(target);
        if (!(resource instanceof ObjectNode content)) {
            throw Refusal.malformed("There is no resource.", null);
        }
        if (!FhirJson.text(content, "resourceType").equals(target.type())) {
            throw Refusal.malformed(
                    "resourceType is not the " + target.type() + " that the address names.", target.type());
        }
        if (FhirFeed.UNDERSTOOD.contains(target.type())) {
            FhirJson.checkShape(content, target.type());
        }
        JsonNode id = content.path("id");
        boolean matches =
                id.isMissingNode() || (id.isString() && (post || id.asString().equals(target.id())));
        if (!target.id().isEmpty() && (!matches || id.isMissingNode())) {
            throw Refusal.malformed(target.type() + ".id is not the id that the address names.", target.type() + ".id");
        }
        if (!matches) {
            throw Refusal.malformed(target.type() + ".id is to be a string.", target.type() + ".id");
        }
        return new Submission(
                target.index(),
                target.fullUrl(),
                target.type(),
                post ? "" : target.id(),
                condition(query),
                post && !query.isEmpty(),
                false,
                content,
                whole);
    }

    private static String condition(String query) {
        if (query.isEmpty()) {
            return "";
        }
        int question = query.indexOf('?');
        String plain = question < 0 ? query : query.substring(question + 1);
        if (!plain.startsWith("identifier=")
                || plain.indexOf('&') >= 0
                || plain.indexOf('|') < 0 && !plain.contains("%7C")) {
            throw Refusal.of(
                    HttpStatus.PRECONDITION_FAILED,
                    "not-supported",
                    "Only identifier=system|value is understood as a condition.");
        }
        try {
            return URLDecoder.decode(
                    plain.substring("identifier=".length()).replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Refusal.malformed("The condition is not encoded as a URL is.", null);
        }
    }

    private ObjectNode response(String type) {
        ObjectNode response = json.object().put("resourceType", "Bundle").put("type", type);
        response.putArray("entry");
        return response;
    }

    private void add(ObjectNode bundle, Taken taken) {
        ObjectNode answer = bundle.withArray("entry").addObject().putObject("response");
        answer.put("status", taken.created() ? "201 Created" : "200 OK");
        answer.put("location", taken.type() + "/" + taken.id());
        answer.put("etag", etag(taken));
        if (!taken.differences().isEmpty()) {
            answer.set("outcome", json.outcome(issues(taken)));
        }
    }

    static String etag(Taken taken) {
        return "W/\"" + taken.version() + "\"";
    }

    static List<Issue> issues(Taken taken) {
        if (taken.differences().isEmpty()) {
            return List.of(new Issue(
                    "information", "informational", "Taken as " + taken.type() + "/" + taken.id() + ".", null));
        }
        return taken.differences().stream()
                .map(sentence -> new Issue("warning", "business-rule", sentence, null))
                .toList();
    }
}
