/** Runs journeys drawn in BPMN: the only door to the engine. */
@ApplicationModule(
        displayName = "Journey",
        allowedDependencies = {
            "access",
            "assistant",
            "conversation",
            "consent",
            "care",
            "patient",
            "organization",
            "channel",
            "audit",
            "encryption"
        })
@NullMarked
package health.throughline.journey;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
