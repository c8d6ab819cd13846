package health.throughline.journey;

import org.camunda.bpm.engine.delegate.JavaDelegate;

/** A building block a journey may use as {@code ${name}}: nothing else of the product can be called from a model. */
interface JourneyStep extends JavaDelegate {

    String name();
}
