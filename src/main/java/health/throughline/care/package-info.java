/** Follows visits and the record of care as the EHR tells them. */
@ApplicationModule(
        displayName = "Care",
        allowedDependencies = {"access", "patient", "organization", "channel", "audit", "encryption"})
@NullMarked
package health.throughline.care;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
