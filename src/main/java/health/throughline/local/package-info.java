/** Runs the whole product on one machine: its own PostgreSQL, generated credentials, simulated carrier and EHR, a clock that can be moved. */
@ApplicationModule(
        displayName = "Local",
        allowedDependencies = {"access", "organization", "audit"})
@NullMarked
package health.throughline.local;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
