/** Says things to patients and hears their answers, once and in order. */
@ApplicationModule(
        displayName = "Conversation",
        allowedDependencies = {"consent", "patient", "organization", "channel", "audit", "encryption"})
@NullMarked
package health.throughline.conversation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
