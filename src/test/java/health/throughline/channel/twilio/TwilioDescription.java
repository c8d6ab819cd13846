package health.throughline.channel.twilio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Twilio's own OpenAPI description, read from beside the project where it is. */
public final class TwilioDescription {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Path FILE = Path.of("..", "shared", "data", "twilio_api_v2010.json");
    private static final String LIST = "/2010-04-01/Accounts/{AccountSid}/Messages.json";

    private final JsonNode description;

    private TwilioDescription(JsonNode description) {
        this.description = description;
    }

    public static TwilioDescription orSkip() {
        assumeTrue(Files.exists(FILE), () -> "Twilio's description is not at " + FILE);
        return new TwilioDescription(MAPPER.readTree(FILE.toFile()));
    }

    public void allowsRequest(String method, String path, FormParameters body) {
        JsonNode operation = description.path("paths").path(path).path(method.toLowerCase(Locale.ROOT));
        assertThat(operation.isObject()).as("%s %s", method, path).isTrue();
        JsonNode schema = operation
                .path("requestBody")
                .path("content")
                .path("application/x-www-form-urlencoded")
                .path("schema");
        for (FormParameters.Parameter parameter : body.all()) {
            assertThat(schema.path("properties").has(parameter.name()))
                    .as(parameter.name())
                    .isTrue();
        }
        for (JsonNode required : schema.path("required")) {
            assertThat(body.value(required.asString())).as(required.asString()).isNotBlank();
        }
    }

    /** Every property is described and of its type, and none that is described is missing. */
    public void describesMessage(String json) {
        agrees(
                MAPPER.readTree(json),
                description.path("components").path("schemas").path("api.v2010.account.message"));
    }

    public void describesList(String json) {
        JsonNode list = MAPPER.readTree(json);
        agrees(
                list,
                description
                        .path("paths")
                        .path(LIST)
                        .path("get")
                        .path("responses")
                        .path("200")
                        .path("content")
                        .path("application/json")
                        .path("schema"));
        assertThat(list.path("messages")).isNotEmpty();
        list.path("messages").forEach(message -> describesMessage(message.toString()));
    }

    public void describesCall(String json) {
        agrees(
                MAPPER.readTree(json),
                description.path("components").path("schemas").path("api.v2010.account.call"));
    }

    public void describesCalls(String json) {
        JsonNode list = MAPPER.readTree(json);
        agrees(
                list,
                description
                        .path("paths")
                        .path("/2010-04-01/Accounts/{AccountSid}/Calls.json")
                        .path("get")
                        .path("responses")
                        .path("200")
                        .path("content")
                        .path("application/json")
                        .path("schema"));
        assertThat(list.path("calls")).isNotEmpty();
        list.path("calls").forEach(call -> describesCall(call.toString()));
    }

    private void agrees(JsonNode actual, JsonNode schema) {
        JsonNode properties = schema.path("properties");
        assertThat(actual.propertyNames()).containsExactlyInAnyOrderElementsOf(properties.propertyNames());
        for (String name : actual.propertyNames()) {
            JsonNode value = actual.path(name);
            JsonNode property = properties.path(name);
            if (property.has("$ref")) {
                property = description.at(property.path("$ref").asString().substring(1));
            }
            if (value.isNull()) {
                assertThat(property.path("nullable").asBoolean()).as(name).isTrue();
                continue;
            }
            boolean fits = switch (property.path("type").asString()) {
                case "string" -> value.isString();
                case "integer" -> value.isIntegralNumber();
                case "array" -> value.isArray();
                case "object" -> value.isObject();
                default -> false;
            };
            assertThat(fits).as("%s: %s", name, value).isTrue();
            if (property.has("pattern")) {
                assertThat(value.asString())
                        .as(name)
                        .matches(property.path("pattern").asString());
            }
            if (property.has("enum")) {
                assertThat(property.path("enum").valueStream().map(JsonNode::asString))
                        .contains(value.asString());
            }
        }
    }

    public static String sid(String message) {
        return MAPPER.readTree(message).path("sid").asString();
    }

    public static String request(String url, String account, String token, @Nullable String form)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                    .header(
                            "Authorization",
                            "Basic "
                                    + Base64.getEncoder()
                                            .encodeToString((account + ":" + token).getBytes(StandardCharsets.UTF_8)));
            if (form != null) {
                request.header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form));
            }
            HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isBetween(200, 201);
            return answer.body();
        }
    }
}
