/** Carries text messages through Twilio. No type of the provider leaves this package. */
@NullMarked
package health.throughline.channel.sms;

import org.jspecify.annotations.NullMarked;
