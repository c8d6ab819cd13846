/** Holds one profile for each patient: who they are and how they may be reached. */
@ApplicationModule(
        displayName = "Patient",
        allowedDependencies = {"channel", "organization", "audit", "encryption"})
@NullMarked
package health.throughline.patient;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
