/** Carries a message to an address and brings back what came of it. */
@ApplicationModule(
        displayName = "Channel",
        allowedDependencies = {"encryption"})
@NullMarked
package health.throughline.channel;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
