package health.throughline.journey;

import health.throughline.journey.JdbcJourneys.Released;
import health.throughline.journey.JourneyResources.Journey;
import health.throughline.journey.JourneyResources.JourneyDetail;
import health.throughline.journey.JourneyResources.JourneyPage;
import health.throughline.journey.JourneyResources.JourneyVersion;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Lists what was released. */
@Service
class JourneyCatalogue implements ReleasedJourneys {

    private static final TypeReference<Map<String, Object>> SCHEMA = new TypeReference<>() {};

    private final JourneyBundles bundles;
    private final JdbcJourneys journeys;
    private final JsonMapper json;

    JourneyCatalogue(JourneyBundles bundles, JdbcJourneys journeys, JsonMapper json) {
        this.bundles = bundles;
        this.journeys = journeys;
        this.json = json;
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<String> title(String key) {
        return journeys.released(key).map(Released::title);
    }

    @Transactional(readOnly = true)
    public JourneyPage list() {
        return new JourneyPage(
                journeys.released().stream()
                        .map(released -> new Journey(
                                released.key(),
                                released.title(),
                                released.version(),
                                EngineJourneys.APPOINTMENT,
                                schema(released)))
                        .toList(),
                null);
    }

    @Transactional(readOnly = true)
    public JourneyDetail detail(String key) {
        Released current = bundles.current(key);
        return new JourneyDetail(
                key,
                current.title(),
                schema(current),
                journeys.versions(key).stream()
                        .map(version -> new JourneyVersion(
                                version.version(),
                                version.releasedAt(),
                                version.releasedBy(),
                                journeys.active(version.id())))
                        .toList());
    }

    private Map<String, Object> schema(Released released) {
        return json.readValue(released.contextSchema(), SCHEMA);
    }
}
