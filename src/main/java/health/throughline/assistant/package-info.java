/** Understands what a patient meant, and doubts rather than guesses. */
@ApplicationModule(
        displayName = "Assistant",
        allowedDependencies = {"conversation", "consent", "care", "patient", "channel", "audit"})
@NullMarked
package health.throughline.assistant;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
