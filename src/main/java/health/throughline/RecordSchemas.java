package health.throughline;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Tells the OpenAPI document what our records already say: every component is there, one marked {@code @Nullable} may be null, and one that
 * is left out when it is null (JsonInclude) need not be there.
 */
@Component
class RecordSchemas implements ModelConverter {

    @Override
    public @Nullable Schema<?> resolve(
            AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
        Schema<?> resolved = chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
        Class<?> raw = Json.mapper().constructType(type.getType()).getRawClass();
        if (resolved != null && raw.isRecord() && raw.getPackageName().startsWith("health.throughline")) {
            describe(raw, definition(resolved, context));
        }
        return resolved;
    }

    private static Schema<?> definition(Schema<?> resolved, ModelConverterContext context) {
        String reference = resolved.get$ref();
        return reference == null
                ? resolved
                : context.getDefinedModels()
                        .getOrDefault(reference.substring(reference.lastIndexOf('/') + 1), resolved);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static void describe(Class<?> record, Schema<?> schema) {
        Map<String, Schema> properties = (Map) schema.getProperties();
        if (properties == null) {
            return;
        }
        Set<String> required = new LinkedHashSet<>();
        for (RecordComponent component : record.getRecordComponents()) {
            Schema property = properties.get(component.getName());
            if (property == null) {
                continue;
            }
            if (leftOut(record, component)) {
                continue;
            }
            required.add(component.getName());
            if (component.getAnnotatedType().isAnnotationPresent(Nullable.class) && property.getTypes() != null) {
                property.getTypes().add("null");
            }
        }
        schema.setRequired(required.isEmpty() ? null : java.util.List.copyOf(required));
    }

    private static boolean leftOut(Class<?> record, RecordComponent component) {
        if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
            return false;
        }
        JsonInclude own = component.getAccessor().getAnnotation(JsonInclude.class);
        JsonInclude all = record.getAnnotation(JsonInclude.class);
        JsonInclude effective = own == null ? all : own;
        return effective != null && effective.value() == JsonInclude.Include.NON_NULL;
    }
}
