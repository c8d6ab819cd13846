/** Carries messages as e-mail over SMTP and reads what comes back over IMAP. No type of Jakarta Mail leaves this package. */
@NullMarked
package health.throughline.channel.email;

import org.jspecify.annotations.NullMarked;
