/** Brings a coordinator what needs a person, with everything known. */
@ApplicationModule(
        displayName = "Coordination",
        allowedDependencies = {
            "journey",
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
package health.throughline.coordination;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
