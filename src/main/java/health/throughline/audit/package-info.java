/** Remembers, append-only and hash-chained, who did or saw what. */
@ApplicationModule(
        displayName = "Audit",
        allowedDependencies = {"encryption"})
@NullMarked
package health.throughline.audit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
