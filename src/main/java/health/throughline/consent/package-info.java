/** Decides whether a message may go, now, here, for this purpose, and remembers why. */
@ApplicationModule(
        displayName = "Consent",
        allowedDependencies = {"patient", "organization", "channel", "audit", "encryption"})
@NullMarked
package health.throughline.consent;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
