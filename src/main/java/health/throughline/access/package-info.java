/** Lets people and systems in, and shows each only the rows of its units. */
@ApplicationModule(
        displayName = "Access",
        allowedDependencies = {"organization", "audit", "encryption"})
@NullMarked
package health.throughline.access;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
