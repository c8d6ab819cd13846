/** Plays the carrier, the EHR and the patients' phones on this machine, over HTTP. */
@ApplicationModule(
        displayName = "Simulator",
        allowedDependencies = {})
@NullMarked
package health.throughline.simulator;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
