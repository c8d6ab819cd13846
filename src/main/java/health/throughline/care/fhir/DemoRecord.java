package health.throughline.care.fhir;

import health.throughline.care.CareSettings;
import java.io.IOException;
import java.util.List;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Profile;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;

/** Gives a local system a hospital and a dozen made-up patients, the way an EHR would. */
@Component
@Profile("local")
@Order(10)
class DemoRecord implements ApplicationRunner {

    private static final List<String> BUNDLES = List.of("demo/hospital.json", "demo/patients.json");

    private final Bundles bundles;
    private final BundleReader reader;
    private final CareSettings settings;

    DemoRecord(Bundles bundles, BundleReader reader, CareSettings settings) {
        this.bundles = bundles;
        this.reader = reader;
        this.settings = settings;
    }

    @Override
    public void run(ApplicationArguments arguments) throws IOException {
        if (!settings.demo()) {
            return;
        }
        for (String bundle : BUNDLES) {
            bundles.take(reader.read(new ClassPathResource(bundle).getContentAsByteArray()));
        }
    }
}
