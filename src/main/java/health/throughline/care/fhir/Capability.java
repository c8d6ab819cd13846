package health.throughline.care.fhir;

import ca.uhn.fhir.context.FhirContext;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Says what this door does, from what it does. */
@Component
class Capability {

    private static final String DATE = "2026-01-01";

    private final FhirJson json;

    Capability(FhirJson json) {
        this.json = json;
    }

    ObjectNode statement() {
        ObjectNode statement = json.object()
                .put("resourceType", "CapabilityStatement")
                .put("status", "active")
                .put("date", DATE)
                .put("kind", "instance")
                .put("fhirVersion", "4.0.1");
        statement.putObject("software").put("name", "Throughline");
        statement
                .putObject("implementation")
                .put("description", "Takes in what the EHR says about patients and their visits");
        statement.putArray("format").add("application/fhir+json").add("json");
        ObjectNode rest = statement.putArray("rest").addObject().put("mode", "server");
        rest.put(
                "documentation",
                "Write only. A record is told by its id (PUT), else by identifier, else by the id it carries; the same again changes"
                        + " nothing, and an older version changes nothing.");
        ObjectNode security = rest.putObject("security");
        security.put("description", "Authorization: Bearer with an API key that has the scope fhir:write");
        var resources = rest.putArray("resource");
        FhirContext.forR4Cached().getResourceTypes().stream()
                .filter(type -> !type.equals("Bundle"))
                .sorted()
                .forEach(type -> {
                    ObjectNode resource = resources.addObject().put("type", type);
                    var interactions = resource.putArray("interaction");
                    interactions.addObject().put("code", "create");
                    interactions.addObject().put("code", "update");
                    if (!type.equals("Patient")) {
                        interactions.addObject().put("code", "delete");
                    }
                    resource.put("versioning", "no-version");
                    resource.put("readHistory", false);
                    resource.put("updateCreate", true);
                    resource.put("conditionalCreate", true);
                    resource.put("conditionalUpdate", true);
                    resource.put("conditionalDelete", "not-supported");
                    resource.put("documentation", documentation(type));
                });
        var interactions = rest.putArray("interaction");
        interactions.addObject().put("code", "transaction");
        interactions.addObject().put("code", "batch");
        return statement;
    }

    private static String documentation(String type) {
        if (type.equals("Patient")) {
            return "Understood and followed. Not deleted: send deceased[x], or a link of type replaced-by.";
        }
        if (FhirFeed.FOLLOWED.contains(type)) {
            return "Understood and followed; deleted means entered in error.";
        }
        return FhirFeed.UNDERSTOOD.contains(type)
                ? "Understood and followed; a deletion is kept and nothing follows from it."
                : "Kept as it came, a deletion too.";
    }
}
