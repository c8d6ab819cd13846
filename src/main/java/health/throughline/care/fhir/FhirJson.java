package health.throughline.care.fhir;

import health.throughline.care.CareSettings;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads and writes FHIR's JSON as trees, within bounds. */
@Component
class FhirJson {

    private static final byte[] NUL = {'\\', 'u', '0', '0', '0', '0'};

    private final JsonMapper mapper;
    private final ObjectReader trees;

    FhirJson(CareSettings settings) {
        var constraints = StreamReadConstraints.builder()
                .maxNestingDepth(settings.deepest())
                .maxStringLength((int) settings.largestBody().toBytes())
                .maxNumberLength(100)
                .build();
        this.mapper = JsonMapper.builder(
                        JsonFactory.builder().streamReadConstraints(constraints).build())
                .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build();
        this.trees = mapper.readerFor(JsonNode.class).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    ObjectNode read(byte[] body) {
        refuseNul(body);
        JsonNode node;
        try {
            node = mapper.readTree(body);
        } catch (JacksonException e) {
            throw unreadable(e);
        }
        if (!(node instanceof ObjectNode object)) {
            throw noObject();
        }
        return object;
    }

    JsonParser parser(byte[] body) {
        return mapper.createParser(body);
    }

    /** The value the parser stands at. */
    JsonNode tree(JsonParser parser) {
        return trees.readValue(parser);
    }

    String write(JsonNode node) {
        return mapper.writeValueAsString(node);
    }

    byte[] bytes(JsonNode node) {
        return mapper.writeValueAsBytes(node);
    }

    void refuseNul(byte[] body) {
        if (holdsNul(body)) {
            throw Refusal.malformed("The document holds a NUL character, which no FHIR string may.", null);
        }
    }

    static Refusal unreadable(JacksonException e) {
        return Refusal.malformed("The document is not JSON that can be read: " + where(e), null);
    }

    static Refusal noObject() {
        return Refusal.malformed("The document is not a JSON object; a FHIR resource is one.", null);
    }

    ObjectNode object() {
        return mapper.createObjectNode();
    }

    ObjectNode outcome(List<Refusal.Issue> issues) {
        ObjectNode outcome = object().put("resourceType", "OperationOutcome");
        var list = outcome.putArray("issue");
        for (Refusal.Issue issue : issues) {
            ObjectNode one = list.addObject().put("severity", issue.severity()).put("code", issue.code());
            one.putObject("details").put("text", issue.text());
            one.put("diagnostics", issue.text());
            String expression = issue.expression();
            if (expression != null) {
                one.putArray("expression").add(expression);
            }
        }
        return outcome;
    }

    /** Refuses what no FHIR resource may hold anywhere: an empty list, or a list in a list. */
    static void checkShape(JsonNode node, String path) {
        for (var member : node.properties()) {
            String at = path + "." + member.getKey();
            JsonNode value = member.getValue();
            if (value.isArray()) {
                if (value.isEmpty()) {
                    throw Refusal.malformed("The list " + at + " is empty; leave it out.", at);
                }
                for (JsonNode element : value) {
                    if (element.isArray()) {
                        throw Refusal.malformed("The list " + at + " holds a list.", at);
                    }
                    checkShape(element, at);
                }
            } else {
                checkShape(value, at);
            }
        }
    }

    /** The text of a member, or nothing where there is none or it is no text. */
    static String text(JsonNode node, String member) {
        JsonNode value = node.path(member);
        return value.isString() ? value.asString() : "";
    }

    /** Where it broke and why, without the text around it, which may be a patient's. */
    private static String where(JacksonException e) {
        var location = e.getLocation();
        String reason = e.getOriginalMessage() == null ? "" : e.getOriginalMessage();
        String why = Set.of(
                        "nesting depth",
                        "Duplicate",
                        "String value length",
                        "Unexpected end-of-input",
                        "Number value length")
                .stream()
                .filter(reason::contains)
                .findFirst()
                .map(found -> " (" + found + ")")
                .orElse("");
        return location == null
                ? "it ends too soon or is empty" + why
                : "line " + location.getLineNr() + ", column " + location.getColumnNr() + why;
    }

    private static boolean holdsNul(byte[] body) {
        outer:
        for (int start = 0; start <= body.length - NUL.length; start++) {
            if (body[start] != '\\') {
                continue;
            }
            for (int n = 1; n < NUL.length; n++) {
                if (body[start + n] != NUL[n]) {
                    // an escaped backslash is one character; what follows it is text
                    start += n == 1 && body[start + 1] == '\\' ? 1 : 0;
                    continue outer;
                }
            }
            return true;
        }
        return false;
    }
}
