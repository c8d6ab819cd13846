package health.throughline;

import com.fasterxml.jackson.databind.type.TypeFactory;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/** The API's description at {@code /v3/api-docs}: pages' types are generated from it, so it says what may be missing. */
@Configuration(proxyBeanMethods = false)
class ApiDocument {

    private static final String API_KEY = "apiKey";
    private static final String SESSION = "session";

    @Bean
    OpenAPI description() {
        return new OpenAPI()
                .info(new Info()
                        .title("Throughline")
                        .version("v1")
                        .description(
                                "Journeys, tasks and patients. The record comes in through /fhir, which describes itself"
                                        + " at /fhir/metadata. What goes wrong is told as a problem (RFC 9457): `detail` says what"
                                        + " and how to mend it, `field` where one is to blame."))
                .components(new Components()
                        .addSecuritySchemes(
                                API_KEY,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .description("An API key, for programs"))
                        .addSecuritySchemes(
                                SESSION,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.APIKEY)
                                        .in(SecurityScheme.In.COOKIE)
                                        .name("SESSION")
                                        .description("A signed-in person; every write brings the cookie XSRF-TOKEN"
                                                + " back in the header X-XSRF-TOKEN")))
                .addSecurityItem(new SecurityRequirement().addList(API_KEY))
                .addSecurityItem(new SecurityRequirement().addList(SESSION));
    }

    @Bean
    ModelConverter recordsSayWhatMayBeMissing() {
        return new Records();
    }

    /** A record's components are always there, except those marked {@link Nullable}, which may be null or missing. */
    private static final class Records implements ModelConverter {

        private static final String LOCAL = "#/components/schemas/";

        @Override
        public @Nullable Schema<?> resolve(
                AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
            Class<?> raw =
                    TypeFactory.defaultInstance().constructType(type.getType()).getRawClass();
            if (raw == JsonNode.class) {
                return new JsonSchema().typesItem("object").additionalProperties(true);
            }
            if (!chain.hasNext()) {
                return null;
            }
            Schema<?> schema = chain.next().resolve(type, context, chain);
            if (schema != null && raw.isRecord()) {
                String name = schema.get$ref();
                Schema<?> object =
                        name == null ? schema : context.getDefinedModels().get(name.substring(LOCAL.length()));
                if (object != null && object.getProperties() != null) {
                    mark(raw, object);
                }
            }
            return schema;
        }

        @SuppressWarnings("rawtypes")
        private static void mark(Class<?> raw, Schema<?> object) {
            Map<String, Schema> properties = object.getProperties();
            Set<String> required = new TreeSet<>();
            for (RecordComponent component : raw.getRecordComponents()) {
                Schema<?> property = properties.get(component.getName());
                if (property == null) {
                    continue;
                }
                if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                    required.add(component.getName());
                } else {
                    properties.put(component.getName(), orNull(property));
                }
            }
            object.setRequired(required.isEmpty() ? null : new ArrayList<>(required));
        }

        private static Schema<?> orNull(Schema<?> schema) {
            if (schema.get$ref() != null) {
                return new JsonSchema().anyOf(List.of(schema, new JsonSchema().typesItem("null")));
            }
            if (schema.getTypes() != null) {
                schema.addType("null");
            }
            return schema;
        }
    }
}
