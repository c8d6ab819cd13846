/** Knows the hospital: its units, their hours, what is on hold and what is live. */
@ApplicationModule(
        displayName = "Organization",
        allowedDependencies = {"audit"})
@NullMarked
package health.throughline.organization;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
