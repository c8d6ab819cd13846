/** Carries messages through the hospital's own app: signed requests to its server, signed requests back. */
@NullMarked
package health.throughline.channel.app;

import org.jspecify.annotations.NullMarked;
