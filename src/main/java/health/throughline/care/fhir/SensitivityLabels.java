package health.throughline.care.fhir;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Meta;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Which security labels say that something is for the patient alone (K13); the content of {@code rules/sensitivity.json}. */
@Component
class SensitivityLabels {

    private static final String FILE = "rules/sensitivity.json";

    private final Map<String, Set<String>> bySystem = new HashMap<>();
    private final Set<String> all = new HashSet<>();

    SensitivityLabels(JsonMapper json) {
        try (InputStream content = new ClassPathResource(FILE).getInputStream()) {
            for (Labels labels : json.readValue(content, File.class).labels()) {
                labels.systems().forEach(system -> bySystem.put(system, Set.copyOf(labels.codes())));
                all.addAll(labels.codes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The sensitivity labels cannot be read", e);
        }
    }

    private record File(List<Labels> labels) {}

    private record Labels(List<String> systems, List<String> codes) {}

    /** A code without its system counts too: rather one visit spoken of too carefully than one too freely. */
    boolean sensitive(Meta meta) {
        return meta.getSecurity().stream().anyMatch(this::sensitive);
    }

    private boolean sensitive(Coding label) {
        Set<String> codes = label.hasSystem() ? bySystem.getOrDefault(label.getSystem(), Set.of()) : all;
        return label.hasCode() && codes.contains(label.getCode());
    }
}
