package health.throughline.journey;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import health.throughline.access.Invalid;
import health.throughline.access.Invalid.FieldError;
import java.util.List;
import java.util.StringJoiner;
import org.springframework.stereotype.Component;

/** Reads a start strictly: every field that is unknown, missing or of a wrong form is named, its value is not. */
@Component
class StartRules {

    private static final int MOST_ERRORS = 20;

    private static final String DOCUMENT = """
            {
              "type": "object",
              "additionalProperties": false,
              "required": ["patient", "context"],
              "properties": {
                "patient": {
                  "type": "object",
                  "additionalProperties": false,
                  "minProperties": 1,
                  "maxProperties": 1,
                  "properties": {
                    "id": {"type": "string", "format": "uuid"},
                    "identifier": {
                      "type": "object",
                      "additionalProperties": false,
                      "required": ["system", "value"],
                      "properties": {
                        "system": {"type": "string", "minLength": 1, "maxLength": 1000},
                        "value": {"type": "string", "minLength": 1, "maxLength": 1000}
                      }
                    }
                  }
                },
                "context": %s
              }
            }
            """;

    private final SchemaRegistry schemas = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    /** @param contextSchema of the journey's current version */
    void check(String body, String contextSchema) {
        Schema schema = schemas.getSchema(DOCUMENT.formatted(contextSchema));
        List<FieldError> errors = schema
                .validate(
                        body,
                        InputFormat.JSON,
                        run -> run.executionConfig(settings -> settings.formatAssertionsEnabled(true)))
                .stream()
                .map(StartRules::told)
                .distinct()
                .limit(MOST_ERRORS)
                .toList();
        if (!errors.isEmpty()) {
            throw new Invalid(
                    String.join(" ", errors.stream().map(FieldError::message).toList()), errors);
        }
    }

    private static FieldError told(Error error) {
        String field = field(error);
        String message = switch (error.getKeyword()) {
            case "additionalProperties", "unevaluatedProperties" ->
                field + " is not known here; GET /api/v1/journeys/{key} shows the fields of a journey's context.";
            case "required" -> field + " is missing.";
            case "type" -> field + " is not of the wanted type, " + error.getSchemaNode() + ".";
            case "format" -> field + " is not of the wanted form, " + error.getSchemaNode() + ".";
            case "minProperties", "maxProperties" -> field + " takes either an id or an identifier.";
            default ->
                field + " is not as its schema wants it (" + error.getKeyword() + " " + error.getSchemaNode() + ").";
        };
        return new FieldError(field, message);
    }

    private static String field(Error error) {
        StringJoiner path = new StringJoiner(".");
        for (int n = 0; n < error.getInstanceLocation().getNameCount(); n++) {
            path.add(error.getInstanceLocation().getName(n));
        }
        if (error.getProperty() != null) {
            path.add(error.getProperty());
        }
        return path.length() == 0 ? "body" : path.toString();
    }
}
