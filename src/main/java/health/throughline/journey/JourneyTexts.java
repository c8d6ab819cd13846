package health.throughline.journey;

import health.throughline.conversation.TextUses;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;

/** Which journeys say a text, as their bundles declare it. */
@Component
class JourneyTexts implements TextUses {

    private static final String MANIFESTS = "classpath:processes/*.bundle.yaml";

    private final List<Bundle> bundles = new ArrayList<>();

    JourneyTexts() throws IOException {
        for (Resource manifest : new PathMatchingResourcePatternResolver().getResources(MANIFESTS)) {
            bundles.add(JourneyBundles.read(manifest));
        }
    }

    @Override
    public List<Use> of(String key) {
        return bundles.stream()
                .filter(bundle -> bundle.texts().contains(key))
                .map(bundle -> new Use("journey", bundle.title()))
                .toList();
    }
}
