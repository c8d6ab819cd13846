package health.throughline.care.fhir;

import health.throughline.care.CareSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a Bundle entry by entry, so that a large one never stands in memory as one tree. */
@Component
class BundleReader {

    /** What is asked of a resource that is only kept. */
    private static final Set<String> ASKED = asked();

    private final FhirJson json;
    private final CareSettings settings;

    BundleReader(FhirJson json, CareSettings settings) {
        this.json = json;
        this.settings = settings;
    }

    record Document(String type, List<Entry> entries) {}

    /**
     * @param node the entry; of a resource that is only kept, with no more than it is told by
     * @param content the whole resource
     */
    record Entry(JsonNode node, byte[] content) {}

    Document read(byte[] body) {
        json.refuseNul(body);
        try (JsonParser parser = json.parser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw FhirJson.noObject();
            }
            return document(parser);
        } catch (JacksonException e) {
            throw FhirJson.unreadable(e);
        }
    }

    private Document document(JsonParser parser) {
        ObjectNode bundle = json.object();
        var members = new HashSet<String>();
        var entries = new ArrayList<Entry>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String member = parser.currentName();
            if (!members.add(member)) {
                throw Refusal.malformed(
                        "The document names a member twice, in line "
                                + parser.currentLocation().getLineNr() + ".",
                        null);
            }
            boolean list = parser.nextToken() == JsonToken.START_ARRAY;
            if (list && member.equals("entry")) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    entries.add(entry(parser, entries.size()));
                }
            } else {
                bundle.set(member, json.tree(parser));
            }
        }
        if (parser.nextToken() != null) {
            throw Refusal.malformed("The document goes on after its end.", null);
        }
        if (!FhirJson.text(bundle, "resourceType").equals("Bundle")) {
            throw Refusal.malformed(
                    "Only a Bundle is sent here; a single resource goes to /fhir/{Type}.", "Bundle.resourceType");
        }
        if (bundle.has("entry")) {
            throw Refusal.malformed("Bundle.entry is to be a list.", "Bundle.entry");
        }
        return new Document(FhirJson.text(bundle, "type"), entries);
    }

    private Entry entry(JsonParser parser, int before) {
        if (before == settings.mostEntries()) {
            throw Refusal.of(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "too-costly",
                    "The Bundle has more than " + settings.mostEntries() + " entries; send it in parts.");
        }
        JsonNode entry = json.tree(parser);
        if (!(entry.path("resource") instanceof ObjectNode resource)) {
            return new Entry(entry, new byte[0]);
        }
        byte[] content = json.bytes(resource);
        if (!FhirFeed.UNDERSTOOD.contains(FhirJson.text(resource, "resourceType"))) {
            resource.retain(ASKED);
        }
        return new Entry(entry, content);
    }

    private static Set<String> asked() {
        var asked = new LinkedHashSet<>(List.of("resourceType", "id", "meta"));
        asked.addAll(FhirFeed.SUBJECTS);
        return asked;
    }
}
