package health.throughline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The pages' types are generated from {@code src/main/web/openapi.json}; it is the description the product gives of itself, byte for byte.
 * {@code mvn test -Dtest=OpenApiContractTest -Dopenapi.write=true} writes it anew.
 */
class OpenApiContractTest extends ThroughlineTest {

    private static final Path COMMITTED = Path.of("src", "main", "web", "openapi.json");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build();

    @Test
    void isTheDocumentThePagesAreBuiltFrom() throws Exception {
        var answer = new Browser(product()).get("/v3/api-docs");
        assertThat(answer.statusCode()).isEqualTo(200);
        String said = normalised(answer.body());

        if (Boolean.getBoolean("openapi.write")) {
            Files.writeString(COMMITTED, said);
        }
        assertThat(said)
                .as("The API changed: write its document anew with -Dopenapi.write=true, then mend the pages")
                .isEqualTo(Files.readString(COMMITTED));
    }

    /** Without the address it happens to run on, and in one order. */
    private static String normalised(String document) {
        ObjectNode root = (ObjectNode) JSON.readTree(document);
        root.remove("servers");
        root.remove("tags");
        return JSON.writerWithDefaultPrettyPrinter()
                        .writeValueAsString(JSON.treeToValue(root, TreeMap.class))
                        .replace("\r\n", "\n")
                + "\n";
    }
}
