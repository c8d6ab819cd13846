/** Lays messages into the patient's own inbox page. */
@NullMarked
package health.throughline.channel.portal;

import org.jspecify.annotations.NullMarked;
