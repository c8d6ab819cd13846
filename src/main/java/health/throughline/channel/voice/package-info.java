/** Calls patients through Twilio, and answers them when they call. No type of the provider leaves this package. */
@NullMarked
package health.throughline.channel.voice;

import org.jspecify.annotations.NullMarked;
