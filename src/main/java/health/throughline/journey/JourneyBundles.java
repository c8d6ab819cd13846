package health.throughline.journey;

import health.throughline.StartRefused;
import health.throughline.TimeOrderedId;
import health.throughline.access.NotFound;
import health.throughline.conversation.Conversations;
import health.throughline.journey.JdbcJourneys.Released;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.repository.DeploymentBuilder;
import org.camunda.bpm.engine.repository.DeploymentWithDefinitions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.json.JsonMapper;

/**
 * Releases the bundles that ship with the product, one deployment each, before the first request is answered. The same content again is
 * not deployed again; a bundle that does not pass {@link ModelCheck} stops start-up with its findings.
 */
@Component
class JourneyBundles implements SmartInitializingSingleton {

    private static final Logger LOG = LoggerFactory.getLogger(JourneyBundles.class);
    private static final String MANIFESTS = "classpath:processes/*.bundle.yaml";
    private static final long RELEASE_LOCK = 7_240_001L;

    private final RepositoryService repository;
    private final JdbcJourneys journeys;
    private final ModelCheck check;
    private final Conversations conversations;
    private final TransactionTemplate transaction;
    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Clock clock;

    JourneyBundles(
            RepositoryService repository,
            JdbcJourneys journeys,
            ModelCheck check,
            Conversations conversations,
            TransactionTemplate transaction,
            JdbcClient jdbc,
            JsonMapper json,
            Clock clock) {
        this.repository = repository;
        this.journeys = journeys;
        this.check = check;
        this.conversations = conversations;
        this.transaction = transaction;
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
    }

    @Override
    public void afterSingletonsInstantiated() {
        try {
            for (Resource manifest : new PathMatchingResourcePatternResolver().getResources(MANIFESTS)) {
                Bundle bundle = read(manifest);
                Map<String, byte[]> files = files(bundle);
                transaction.executeWithoutResult(status -> release(bundle, files));
            }
        } catch (IOException e) {
            throw new IllegalStateException("A journey's files cannot be read", e);
        }
    }

    private void release(Bundle bundle, Map<String, byte[]> files) {
        List<ModelFinding> findings = check.check(bundle, files, conversations::knowsText);
        if (!findings.isEmpty()) {
            throw new StartRefused(
                    "The journey " + bundle.key() + " cannot be released:\n"
                            + findings.stream().map(ModelFinding::toString).collect(Collectors.joining("\n")),
                    "Mend it as each line says.");
        }
        // several nodes start at once
        jdbc.sql("select pg_advisory_xact_lock(?)")
                .param(RELEASE_LOCK)
                .query((row, n) -> 1)
                .list();
        String hash = hash(bundle, files);
        if (journeys.ofContent(bundle.key(), hash).isPresent()) {
            return;
        }
        DeploymentBuilder deployment = repository.createDeployment().name(bundle.key());
        files.forEach((name, content) ->
                deployment.addInputStream(bundle.key() + "/" + name, new java.io.ByteArrayInputStream(content)));
        DeploymentWithDefinitions deployed = deployment.deployWithResult();
        String definition = deployed.getDeployedProcessDefinitions().stream()
                .filter(process -> process.getKey().equals(bundle.process()))
                .findFirst()
                .orElseThrow()
                .getId();
        journeys.release(
                TimeOrderedId.next(),
                bundle,
                hash,
                deployed.getId(),
                definition,
                json.writeValueAsString(bundle.context()),
                json.writeValueAsString(pins(deployed)),
                clock.instant());
        LOG.info("Released journey {}", bundle.key());
    }

    private static Map<String, Integer> pins(DeploymentWithDefinitions deployed) {
        Map<String, Integer> pins = new TreeMap<>();
        deployed.getDeployedProcessDefinitions()
                .forEach(process -> pins.put("process:" + process.getKey(), process.getVersion()));
        if (deployed.getDeployedDecisionDefinitions() != null) {
            deployed.getDeployedDecisionDefinitions()
                    .forEach(decision -> pins.put("decision:" + decision.getKey(), decision.getVersion()));
        }
        return pins;
    }

    Released current(String key) {
        return journeys.released(key).orElseThrow(() -> new UnknownJourney(key));
    }

    @SuppressWarnings("unchecked")
    static Bundle read(Resource manifest) throws IOException {
        try (InputStream content = manifest.getInputStream()) {
            Map<String, Object> document = new Yaml(new SafeConstructor(new LoaderOptions())).load(content);
            return new Bundle(
                    (String) required(document, "key"),
                    (String) required(document, "title"),
                    (String) required(document, "subject"),
                    (String) required(document, "process"),
                    (List<String>) required(document, "models"),
                    (List<String>) required(document, "forms"),
                    (List<String>) required(document, "texts"),
                    (Map<String, Object>) required(document, "context"));
        }
    }

    private static Object required(Map<String, Object> document, String name) {
        Object value = document.get(name);
        if (value == null) {
            throw new IllegalStateException("The bundle must say its " + name);
        }
        return value;
    }

    static Map<String, byte[]> files(Bundle bundle) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        for (String model : bundle.models()) {
            files.put(model, new ClassPathResource("processes/" + model).getContentAsByteArray());
        }
        for (String form : bundle.forms()) {
            files.put(form, new ClassPathResource("forms/" + form).getContentAsByteArray());
        }
        return files;
    }

    private static String hash(Bundle bundle, Map<String, byte[]> files) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bundle.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
            files.forEach((name, content) -> {
                digest.update(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                digest.update(content);
            });
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Nobody released a journey of that key. */
    static final class UnknownJourney extends NotFound {
        UnknownJourney(String key) {
            super("journey", key);
        }

        @Override
        public String getMessage() {
            return "There is no journey \"" + id() + "\". GET /api/v1/journeys lists them.";
        }
    }
}
