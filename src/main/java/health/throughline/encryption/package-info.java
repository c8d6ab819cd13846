/** Keeps what belongs to a patient unreadable without that patient's key. */
@ApplicationModule(
        displayName = "Encryption",
        allowedDependencies = {})
@NullMarked
package health.throughline.encryption;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
