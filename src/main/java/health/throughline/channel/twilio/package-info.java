/** What text messages and calls through Twilio share: its settings, its connections, its signature. No type of the provider leaves them. */
@NullMarked
package health.throughline.channel.twilio;

import org.jspecify.annotations.NullMarked;
