package health.throughline.care.fhir;

import ca.uhn.fhir.context.FhirContext;
import org.springframework.boot.context.event.ApplicationStartingEvent;
import org.springframework.context.ApplicationListener;

/** Reads the description of FHIR's resources beside the rest of the start: it takes seconds, and nothing else waits for it. */
class FhirWarmUp implements ApplicationListener<ApplicationStartingEvent> {

    @Override
    public void onApplicationEvent(ApplicationStartingEvent event) {
        Thread.ofPlatform()
                .daemon()
                .name("fhir-warm-up")
                .start(() -> FhirContext.forR4Cached().getResourceTypes());
    }
}
