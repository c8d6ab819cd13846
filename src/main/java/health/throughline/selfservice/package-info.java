/** Lets patients see and settle their own matters on pages of their own, once it is clear who they are. */
@ApplicationModule(
        displayName = "Self-service",
        allowedDependencies = {
            "conversation",
            "consent",
            "care",
            "patient",
            "organization",
            "access",
            "channel",
            "audit",
            "encryption"
        })
@NullMarked
package health.throughline.selfservice;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
